/** The format Core ML as JSON: the same model as the `.mlmodel` file, as text that people and scripts read and change. */
import { coreml, modelOf } from './coreml';
import { defineFormat } from './defineFormat';

export const coremlJson = defineFormat({
  id: 'coremlJson',
  label: 'Core ML as JSON (.json)',
  extension: '.json',
  mimeType: 'application/json',
  documentation: 'The messages of the Core ML file as readable text. It opens here again.',
  options: {
    weights: {
      type: 'choice',
      label: 'Weights',
      help: 'Left out, the file is short, and whoever opens it draws new ones.',
      options: ['inline', 'left out'],
      default: 'inline',
    },
  },
  inspect: (source) => coreml.inspect(source, {}),
  async write(source, { weights }) {
    return new TextEncoder().encode(await textOf(modelOf(source), weights === 'inline'));
  },
  view: (source) => textOf(modelOf(source), false),
});

async function textOf(model: ReturnType<typeof modelOf>, weights: boolean): Promise<string> {
  const { modelToJson } = await import('../coreml/json');
  return modelToJson(model, weights);
}
