/** What the person chooses about the Core ML model. Kept in the project, for every format that holds one. */
import type { ParamSchema } from '../../core/params';
import { defaultCoreMLSettings, type CoreMLSettings } from '../../project/coremlSettings';
import { ParamForm } from '../form/ParamForm';
import { useEditor } from '../stores';
import { DeviceChanges } from './DeviceChanges';
import { MetadataFields } from './MetadataFields';
import { WhatTrains } from './WhatTrains';

const schema = {
  input: {
    type: 'choice',
    label: 'Input',
    help: 'An array of values that are scaled already, or an image whose pixels the model scales itself.',
    options: ['array', 'image'],
    default: defaultCoreMLSettings.input,
  },
  modelType: {
    type: 'choice',
    label: 'Model type',
    help: 'A network gives the values of its last layer; a classifier gives the class and its label.',
    options: ['network', 'classifier'],
    default: defaultCoreMLSettings.modelType,
  },
} as const satisfies ParamSchema;

export function CoreMLChoices({ choices }: { choices: CoreMLSettings }) {
  const setCoreML = useEditor((editor) => editor.setCoreML);
  const { input, modelType } = choices;
  return (
    <>
      <ParamForm
        schema={schema}
        values={{ input, modelType }}
        onChange={(key, value) => setCoreML({ [key]: value })}
      />
      <WhatTrains />
      <DeviceChanges choices={choices} />
      <MetadataFields choices={choices} />
    </>
  );
}
