/** What the device may change when it trains: each number with its default and what it may be set to. */
import { adjustableOf } from '../../formats/coreml/allowed';
import type { CoreMLSettings } from '../../project/coremlSettings';
import { trainingSchema } from '../../training/settings';
import { Disclosure } from '../common/Disclosure';
import { BooleanField } from '../form/BooleanField';
import { useEditor } from '../stores';
import { AllowedRow } from './AllowedRow';

export function DeviceChanges({ choices }: { choices: CoreMLSettings }) {
  const settings = useEditor((editor) => editor.project.settings);
  const setSettings = useEditor((editor) => editor.setSettings);
  const setCoreML = useEditor((editor) => editor.setCoreML);
  return (
    <Disclosure label="What the device may change" className="border-b border-line">
      <p className="mb-2 text-xs text-mute">
        The defaults are the training settings here. An app may set each number within its range or set.
      </p>
      <div className="grid grid-cols-[minmax(92px,1fr)_repeat(3,minmax(0,88px))] gap-x-1.5 gap-y-1.5">
        <span />
        {['Default', 'From', 'To'].map((head) => (
          <span key={head} aria-hidden className="text-center text-2xs text-faint">
            {head}
          </span>
        ))}
        {adjustableOf(settings).map((name) => (
          <AllowedRow key={name} name={name} settings={settings} choices={choices} />
        ))}
      </div>
      <BooleanField
        spec={trainingSchema.shuffle}
        value={settings.shuffle}
        onChange={(shuffle) => setSettings({ shuffle })}
      />
      {Object.keys(choices.allowed).length > 0 && (
        <button
          type="button"
          className="flex h-11 items-center text-sm font-medium text-accent"
          onClick={() => setCoreML({ allowed: {} })}
        >
          Use the usual ranges
        </button>
      )}
    </Disclosure>
  );
}
