/**
 * The format SwiftCoreMLTools code (.swift): the network in the notation of that public Swift package, which writes Core
 * ML files from it. What the notation lacks is a stated gap; see `swift/notation.ts`.
 */
import type { ParamSchema } from '../core/params';
import type { Model } from '../coreml/model';
import { coreml, modelOf } from './coreml';
import { planOf } from './coreml/plan';
import { defineFormat, type ExportNote, type ExportSource } from './defineFormat';
import { notationOf } from './swift/notation';
import { modelGaps, modelNotation, modelNotes } from './swift/notationModel';
import { swiftComment } from './swift/text';

/** A list of more numbers takes Swift's compiler minutes, if it gets through at all. */
const MOST_WEIGHTS = 100_000;

const options = {
  weights: {
    type: 'boolean',
    label: 'Weights in the code',
    help: 'Writes every weight as a number; for small networks. Without them, fresh ones are drawn.',
    default: false,
  },
} as const satisfies ParamSchema;

export const swiftCoreMLTools = defineFormat({
  id: 'swiftCoreMLTools',
  label: 'SwiftCoreMLTools code (.swift)',
  extension: '-model.swift',
  mimeType: 'text/x-swift',
  documentation:
    'The network in the notation of the package SwiftCoreMLTools, which makes Core ML files in Swift.',
  options,
  inspect(source, { weights }) {
    const notes = coreml.inspect(source, {});
    if (notes.some(({ severity }) => severity === 'gap')) return notes;
    const model = modelOf(source);
    const left = modelNotes(model, weights).map((message): ExportNote => ({ severity: 'note', message }));
    return [...notes, ...gapsOf(source, model, weights), ...left];
  },
  write(source, { weights }) {
    const model = modelOf(source);
    const [gap] = gapsOf(source, model, weights);
    if (gap) return Promise.reject(new Error(gap.layer ? `${gap.layer}: ${gap.message}` : gap.message));
    const head = swiftComment(
      `The network of the project "${source.name}". \`network.coreMLData\` is its model file.`,
    );
    const code = `import SwiftCoreMLTools\n\n${head}\nlet network = ${modelNotation(model, weights)}\n`;
    return Promise.resolve(new TextEncoder().encode(code));
  },
});

function gapsOf(source: ExportSource, model: Model, withWeights: boolean): readonly ExportNote[] {
  const { origin } = planOf(source).graph;
  const { layers } = (model.neuralNetwork ?? model.neuralNetworkClassifier)!;
  const tooLarge = withWeights && source.network.parameters > MOST_WEIGHTS;
  const gaps: ExportNote[] = modelGaps(model).map((message) => ({ severity: 'gap', message }));
  for (const layer of layers) {
    const call = notationOf(layer, withWeights && !tooLarge);
    if (typeof call === 'string')
      gaps.push({ severity: 'gap', layer: origin.get(layer.name)!.name, message: call });
  }
  if (tooLarge)
    gaps.push({
      severity: 'gap',
      message:
        `The network has ${source.network.parameters.toLocaleString('en-US')} weights; Swift compiles lists of up to ` +
        `${MOST_WEIGHTS.toLocaleString('en-US')} in reasonable time. Leave the weights out of the code.`,
    });
  return gaps;
}
