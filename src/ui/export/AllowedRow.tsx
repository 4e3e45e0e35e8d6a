/** One number of the training: its default, and the range or set that the device may set it to. */
import { ChevronDown } from 'lucide-react';
import { useId } from 'react';
import { checkParam } from '../../core/params';
import { allowedOf, allowedRefusal } from '../../formats/coreml/allowed';
import { countable, type Adjustable, type Allowed, type CoreMLSettings } from '../../project/coremlSettings';
import { trainingSchema, type TrainingSettings } from '../../training/settings';
import { NumberInput } from '../form/NumberInput';
import { useDraft } from '../form/useDraft';
import { useEditor } from '../stores';
import { SetInput } from './SetInput';

interface AllowedRowProps {
  name: Adjustable;
  settings: TrainingSettings;
  choices: CoreMLSettings;
}

const box =
  'flex h-11 min-w-0 items-center justify-center rounded-[10px] border border-line bg-card text-sm focus-within:border-accent *:w-full! *:min-w-0';

export function AllowedRow({ name, settings, choices }: AllowedRowProps) {
  const id = useId();
  const setSettings = useEditor((editor) => editor.setSettings);
  const setCoreML = useEditor((editor) => editor.setCoreML);
  const { label } = trainingSchema[name];
  const value = settings[name];
  const allowed = allowedOf(name, settings, choices);
  const allow = (next: Allowed) => setCoreML({ allowed: { ...choices.allowed, [name]: next } });
  const range = allowed?.type === 'range' ? allowed : { type: 'range' as const, min: value, max: value };
  const check = (next: Allowed) => allowedRefusal(name, value, next);

  const fallback = useDraft(
    value,
    (next) => checkParam(trainingSchema[name], next) ?? allowedRefusal(name, next, choices.allowed[name]),
    (next) => setSettings({ [name]: next }),
  );
  const min = useDraft(
    range.min,
    (next) => check({ ...range, min: next }),
    (next) => allow({ ...range, min: next }),
  );
  const max = useDraft(
    range.max,
    (next) => check({ ...range, max: next }),
    (next) => allow({ ...range, max: next }),
  );
  const error = fallback.error ?? min.error ?? max.error;
  const inputs = { default: fallback, ...(allowed?.type === 'range' ? { from: min, to: max } : {}) };
  return (
    <div role="group" aria-label={label} className="contents">
      {countable.includes(name) ? (
        <KindSelect name={name} label={label} allowed={allowed} value={value} choices={choices} />
      ) : (
        <span className="flex min-h-11 items-center text-sm">{label}</span>
      )}
      {Object.entries(inputs).map(([part, draft]) => (
        <span key={part} className={box}>
          <NumberInput
            draft={draft}
            errorId={`${id}-error`}
            room={{ least: 3, more: 1 }}
            aria-label={`${label} ${part}`}
            inputMode={countable.includes(name) ? 'numeric' : 'decimal'}
          />
        </span>
      ))}
      {allowed?.type === 'set' && (
        <SetInput
          label={`${label} set`}
          values={allowed.values}
          className={`${box} col-span-2`}
          check={(values) => check({ type: 'set', values })}
          onChange={(values) => allow({ type: 'set', values })}
        />
      )}
      {!allowed && (
        <span className="col-span-2 flex items-center justify-center text-xs text-mute">any value</span>
      )}
      {error && (
        <p id={`${id}-error`} role="alert" className="col-span-4 -mt-1 pb-1 text-xs text-bad">
          {error}
        </p>
      )}
    </div>
  );
}

interface KindSelectProps {
  name: Adjustable;
  label: string;
  allowed: Allowed | undefined;
  value: number;
  choices: CoreMLSettings;
}

/** Whether a whole number has a range, a set, or, the seed only, neither. The whole cell takes the tap. */
function KindSelect({ name, label, allowed, value, choices }: KindSelectProps) {
  const setCoreML = useEditor((editor) => editor.setCoreML);
  const kinds = name === 'seed' ? ['any', 'range', 'set'] : ['range', 'set'];
  const kind = allowed?.type ?? 'any';
  const choose = (next: string) => {
    const { [name]: before, ...others } = choices.allowed;
    const values = before?.type === 'set' ? before.values : [value];
    const range = { type: 'range', min: name === 'seed' ? 0 : 1, max: Math.max(value, 100) } as const;
    setCoreML({
      allowed:
        next === 'any' ? others : { ...others, [name]: next === 'set' ? { type: 'set', values } : range },
    });
  };
  return (
    <span className="relative flex min-h-11 flex-col justify-center">
      <span className="text-sm leading-tight">{label}</span>
      <span aria-hidden className="flex items-center gap-0.5 text-2xs text-accent">
        {kind} <ChevronDown size={11} />
      </span>
      <select
        aria-label={`${label}: what the device may set`}
        className="absolute inset-0 w-full cursor-pointer opacity-0 focus-visible:opacity-100"
        value={kind}
        onChange={(event) => choose(event.target.value)}
      >
        {kinds.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </span>
  );
}
