/**
 * The mean loss over a batch, and its gradient by the weights of every updatable layer, by walking the layers of the file
 * back from the loss. Only where an updatable layer lies behind does the gradient go on; it must not meet a layer there
 * through which Core ML passes none. Moves no weights.
 */
import { runLayers } from '../compute';
import type { InputValues } from '../inputs';
import { addWeightGradient, runLayerBack } from '../layer';
import type { Tensor } from '../tensor';
import type { Layer, Loss, Model, Weights } from '../types';
import { crossEntropy, meanSquaredError, type LossOfExample, type Target } from './loss';

/** One example to learn from. */
export interface Example {
  input: InputValues;
  target: Target;
}

/** Numbers for the weights and the bias of a layer; the bias is empty where the layer has none. */
export interface Parts {
  weights: Float64Array;
  bias: Float64Array;
}

export interface BatchGradients {
  /** Mean over the batch. */
  loss: number;
  /** By the names of the updatable layers. */
  gradients: Map<string, Parts>;
}

/** The weights and the bias of an updatable layer. @throws Error for a layer that has none */
export function weightsOfUpdatable({ name, body }: Layer): { weights: Weights; bias: Weights | undefined } {
  if ((body.kind !== 'convolution' && body.kind !== 'innerProduct') || !body.weights) {
    throw new Error(`Layer '${name}' (${body.kind}) is updatable, but Core ML does not train it.`);
  }
  return { weights: body.weights, bias: body.hasBias ? body.bias : undefined };
}

/** Zeros for all that an updatable layer learns. */
export function zerosFor(layer: Layer): Parts {
  const { weights, bias } = weightsOfUpdatable(layer);
  return {
    weights: new Float64Array(weights.floats.length),
    bias: new Float64Array(bias?.floats.length ?? 0),
  };
}

/** The layer of a file whose softmax its cross-entropy reads. */
interface Start {
  loss: Loss;
  softmax: Layer | undefined;
}

function startOf(model: Model): Start {
  const loss = model.network.update?.losses[0];
  if (!loss) throw new Error('The file states no loss.');
  if (loss.kind === 'meanSquaredError') return { loss, softmax: undefined };
  const softmax = model.network.layers.find(({ outputs }) => outputs.includes(loss.input));
  if (loss.kind !== 'categoricalCrossEntropy' || softmax?.body.kind !== 'softmax') {
    throw new Error(`The loss '${loss.name}' is no cross-entropy of a softmax and no mean squared error.`);
  }
  return { loss, softmax };
}

/** The blobs that an updatable layer has a part in: gradients by any other are of no use. */
function learningBlobs(layers: readonly Layer[]): Set<string> {
  const blobs = new Set<string>();
  for (const { isUpdatable, inputs, outputs } of layers) {
    if (isUpdatable || inputs.some((blob) => blobs.has(blob))) for (const blob of outputs) blobs.add(blob);
  }
  return blobs;
}

/**
 * Loss and gradients of the present weights of a model.
 * @throws Error in a sentence for a file that cannot be trained, or an example that does not fit
 */
export function gradientsOf(model: Model, batch: readonly Example[]): BatchGradients {
  const { layers } = model.network;
  const start = startOf(model);
  const learning = learningBlobs(layers);
  const updatable = layers.filter(({ isUpdatable }) => isUpdatable);
  const gradients = new Map(updatable.map((layer) => [layer.name, zerosFor(layer)]));
  let sum = 0;
  for (const example of batch) {
    const blobs = runLayers(model, example.input);
    const { loss, gradient } = lossOf(start, blobs, example.target);
    sum += loss;
    const first = start.softmax?.inputs[0] ?? start.loss.input;
    walkBack(layers, blobs, { blob: first, gradient }, learning, gradients);
  }
  for (const parts of gradients.values()) {
    for (const part of [parts.weights, parts.bias])
      part.forEach((value, at) => (part[at] = value / batch.length));
  }
  return { loss: sum / batch.length, gradients };
}

function lossOf({ loss, softmax }: Start, blobs: Map<string, Tensor>, target: Target): LossOfExample {
  const output = blobs.get(loss.input);
  if (!output) throw new Error(`The loss '${loss.name}' reads '${loss.input}', which no layer produces.`);
  return softmax ? crossEntropy(output, target) : meanSquaredError(output, target);
}

/**
 * From the blob that the loss reads to the first layer that learns. It is a single chain: no layer of several inputs
 * passes gradients.
 */
function walkBack(
  layers: readonly Layer[],
  blobs: ReadonlyMap<string, Tensor>,
  from: { blob: string; gradient: Tensor },
  learning: ReadonlySet<string>,
  gradients: ReadonlyMap<string, Parts>,
): void {
  let { blob, gradient } = from;
  for (const layer of layers.toReversed()) {
    if (!learning.has(blob)) return;
    if (!layer.outputs.includes(blob)) continue;
    const [source = ''] = layer.inputs;
    const input = blobs.get(source)!;
    const sums = gradients.get(layer.name);
    if (sums) addWeightGradient(layer, input, gradient, sums);
    if (!layer.inputs.some((name) => learning.has(name))) return;
    gradient = runLayerBack(layer, input, blobs.get(blob)!, gradient);
    blob = source;
  }
}
