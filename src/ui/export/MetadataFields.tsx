/** The texts that a file carries: description, author, licence, and pairs of the person's own. */
import { useId } from 'react';
import type { CoreMLSettings, ModelTexts } from '../../project/coremlSettings';
import { Disclosure } from '../common/Disclosure';
import { useEditor } from '../stores';
import { PairFields } from './PairFields';

const labels: Readonly<Record<keyof ModelTexts, string>> = {
  description: 'Description',
  version: 'Version',
  author: 'Author',
  license: 'License',
};
const keys = Object.keys(labels) as (keyof ModelTexts)[];

export function MetadataFields({ choices: { texts, userDefined } }: { choices: CoreMLSettings }) {
  const id = useId();
  const setCoreML = useEditor((editor) => editor.setCoreML);
  return (
    <Disclosure label="About the model">
      {keys.map((key) => (
        <div key={key} className="mb-2">
          <label htmlFor={`${id}${key}`} className="mb-1 block text-xs text-mute">
            {labels[key]}
          </label>
          <input
            id={`${id}${key}`}
            className="h-11 w-full rounded-[10px] border border-line bg-card px-3 text-sm focus:border-accent"
            value={texts[key]}
            maxLength={1000}
            onChange={(event) => setCoreML({ texts: { ...texts, [key]: event.target.value } })}
          />
        </div>
      ))}
      <PairFields pairs={userDefined} />
    </Disclosure>
  );
}
