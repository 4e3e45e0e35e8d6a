/**
 * What Core ML trains on the device: one table of layer types, and the walk back from the loss that judges a network
 * by it. Knows written layers and their blobs only, not the app's layers.
 * Source: the validator of Apple's coremltools, mlmodel/src/Validation/NeuralNetwork/, as far as devices follow it.
 */
import type { ActivationParams, NeuralNetworkLayer } from './messages';

type PlainType = Exclude<
  keyof NeuralNetworkLayer,
  'name' | 'input' | 'output' | 'isUpdatable' | 'activation'
>;

/** A layer's type; of an activation layer, the function's. */
export type LayerType = PlainType | keyof ActivationParams;

export interface Rule {
  /** What the type is called in a sentence. */
  readonly noun: string;
  /** Whether its weights can be trained; a sentence says why not where it has some. */
  readonly updatable: true | string | undefined;
  /** Whether gradients pass from its output to its inputs; else the reason in one sentence. */
  readonly passesGradients: true | string;
}

const passing = (noun: string): Rule => ({ noun, updatable: undefined, passesGradients: true });
const trained = (noun: string): Rule => ({ noun, updatable: true, passesGradients: true });
const blocking = (noun: string): Rule => ({
  noun,
  updatable: undefined,
  passesGradients: `Core ML passes no gradients through ${noun}.`,
});

export const rules: Readonly<Record<LayerType, Rule>> = {
  convolution: trained('convolution'),
  innerProduct: trained('inner product'),
  flatten: passing('flatten'),
  pooling: passing('pooling'),
  batchnorm: {
    noun: 'batch normalization',
    updatable:
      'Core ML never trains batch normalization: its statistics, gamma and beta stay on the device as they are in the file.',
    passesGradients: true,
  },
  ReLU: passing('relu'),
  sigmoid: passing('sigmoid'),
  tanh: passing('tanh'),
  softmax: {
    noun: 'softmax',
    updatable: undefined,
    passesGradients:
      'Core ML passes gradients through softmax only where the cross-entropy loss reads it directly.',
  },
  embedding: {
    noun: 'embedding',
    updatable: 'Core ML never trains an embedding: its vectors stay on the device as they are in the file.',
    passesGradients: 'Core ML passes no gradients through embedding.',
  },
  padding: blocking('padding'),
  upsample: blocking('upsampling'),
  add: blocking('add'),
  multiply: blocking('multiply'),
  concat: blocking('concatenation'),
  reshape: blocking('reshape'),
  permute: blocking('permute'),
  linear: blocking('a linear activation'),
  leakyReLU: blocking('leaky relu'),
  thresholdedReLU: blocking('thresholded relu'),
  PReLU: {
    noun: 'prelu',
    updatable: 'Core ML never trains the slopes of prelu: they stay on the device as they are in the file.',
    passesGradients: 'Core ML passes no gradients through prelu.',
  },
  scaledTanh: blocking('scaled tanh'),
  sigmoidHard: blocking('hard sigmoid'),
  ELU: blocking('elu'),
  softsign: blocking('softsign'),
  softplus: blocking('softplus'),
  parametricSoftplus: {
    noun: 'parametric softplus',
    updatable:
      'Core ML never trains parametric softplus: its values stay on the device as they are in the file.',
    passesGradients: 'Core ML passes no gradients through parametric softplus.',
  },
};

/** The one type that a written layer has. */
export function layerTypeOf(layer: NeuralNetworkLayer): LayerType {
  const { activation, ...rest } = layer;
  const parts: object = activation ?? rest;
  const type = (Object.keys(rules) as LayerType[]).find((key) => key in parts);
  if (!type) throw new Error(`The layer "${layer.name}" states no type that the rules know.`);
  return type;
}

export interface LossInput {
  readonly type: 'categoricalCrossEntropy' | 'meanSquaredError';
  /** The blob that it reads. */
  readonly input: string;
}

/** Why a layer's gradient never comes: the layer that stops it, or no way to the loss at all. */
export interface Blocked {
  /** Name of the written layer that is at fault; the layer itself where its own type is. */
  readonly by: string;
  readonly reason: string;
}

export type Verdict =
  | { readonly layer: string; readonly fate: 'trains' }
  /** Has weights, but they stay as they are. */
  | { readonly layer: string; readonly fate: 'frozen'; readonly because: Blocked }
  /** Has no weights; `passes` says whether a gradient goes through it. */
  | { readonly layer: string; readonly fate: 'weightless'; readonly passes: boolean };

export interface Judgement {
  /** Why Core ML refuses the loss as it stands, or undefined. Nothing trains then. */
  readonly lossRefused: string | undefined;
  /** One per layer, in their order. */
  readonly verdicts: readonly Verdict[];
}

/** What arrives at a layer's output from the loss. */
type Arrival = 'gradient' | 'nothing' | Blocked;

/**
 * Judges every layer. A layer trains where its type can be trained and every path from it to the loss holds only layers
 * that pass gradients. This also satisfies Apple's validator, which refuses any updatable layer that it meets after
 * the first layer without gradients: paths part only at layers with several inputs, and none of those passes.
 * @param layers in topological order; every blob is produced once, before it is read.
 */
export function judge(layers: readonly NeuralNetworkLayer[], loss: LossInput): Judgement {
  const lossRefused = refusalOf(layers, loss);
  const consumers = new Map<string, number[]>();
  layers.forEach((layer, i) => {
    for (const blob of layer.input) consumers.set(blob, [...(consumers.get(blob) ?? []), i]);
  });
  /** By layer: what it hands on to its inputs. */
  const handsOn: Arrival[] = layers.map(() => 'nothing');
  const verdicts: Verdict[] = [];
  for (let i = layers.length - 1; i >= 0; i--) {
    const layer = layers[i]!;
    const type = layerTypeOf(layer);
    const rule = rules[type];
    const readByLoss = layer.output.includes(loss.input);
    const arrivals = layer.output.flatMap((blob) => (consumers.get(blob) ?? []).map((c) => handsOn[c]!));
    const arrival: Arrival = lossRefused
      ? { by: layer.name, reason: lossRefused }
      : (arrivals.find((a) => typeof a === 'object') ??
        (readByLoss || arrivals.includes('gradient') ? 'gradient' : 'nothing'));
    const passes = rule.passesGradients === true || (type === 'softmax' && readByLoss);
    handsOn[i] =
      arrival !== 'gradient' || passes ? arrival : { by: layer.name, reason: rule.passesGradients };
    verdicts[i] = verdictOf(layer, rule, arrival, arrival === 'gradient' && passes);
  }
  return { lossRefused, verdicts };
}

function verdictOf(layer: NeuralNetworkLayer, rule: Rule, arrival: Arrival, passes: boolean): Verdict {
  if (rule.updatable === undefined) return { layer: layer.name, fate: 'weightless', passes };
  const frozen = (because: Blocked): Verdict => ({ layer: layer.name, fate: 'frozen', because });
  if (rule.updatable !== true) return frozen({ by: layer.name, reason: rule.updatable });
  if (arrival === 'gradient') return { layer: layer.name, fate: 'trains' };
  return frozen(
    arrival === 'nothing' ? { by: layer.name, reason: 'Its output does not reach the loss.' } : arrival,
  );
}

/** Why the validator would refuse this loss, or undefined. */
function refusalOf(layers: readonly NeuralNetworkLayer[], loss: LossInput): string | undefined {
  const source = layers.find((layer) => layer.output.includes(loss.input));
  if (!source) return 'The loss must read what a layer of the network makes.';
  const type = layerTypeOf(source);
  if (loss.type === 'categoricalCrossEntropy')
    return type === 'softmax'
      ? undefined
      : `On the device, cross-entropy must read a softmax layer directly; it gets ${rules[type].noun}. ` +
          `End the network with softmax.`;
  return type === 'softmax'
    ? 'On the device, mean squared error must not read a softmax layer. Choose categorical cross-entropy, or end the ' +
        'network with sigmoid.'
    : undefined;
}
