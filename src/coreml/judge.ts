/**
 * The walk back from the loss that says of every written layer whether it trains on the device, by the table in
 * `rules.ts`. Knows written layers and their blobs only, not the app's layers; asks for no values of weights.
 */
import type { NeuralNetworkLayer } from './messages';
import { layerTypeOf, rules, type Rule } from './rules';

export interface LossInput {
  readonly type: 'categoricalCrossEntropy' | 'meanSquaredError';
  /** The blob that it reads. */
  readonly input: string;
}

/** A layer that stops gradients, or the layer itself where its own type is the reason. */
export interface Blocked {
  /** Name of the written layer that is at fault. */
  readonly by: string;
  readonly reason: string;
}

export type Verdict =
  | { readonly layer: string; readonly fate: 'trains' }
  /**
   * Has weights, but they stay as they are. `because` names every layer that is at fault, of all branches to the loss,
   * the one nearest to the layer first.
   */
  | { readonly layer: string; readonly fate: 'frozen'; readonly because: readonly Blocked[] }
  /** Would train, but its output leads to no loss yet. */
  | { readonly layer: string; readonly fate: 'open' }
  /** Has no weights; `passes` says whether a gradient may go through it. */
  | { readonly layer: string; readonly fate: 'weightless'; readonly passes: boolean };

export interface Judgement {
  /** Why Core ML refuses the loss as it stands, or undefined. Nothing trains then. */
  readonly lossRefused: string | undefined;
  /** One per layer, in their order. */
  readonly verdicts: readonly Verdict[];
}

/** What arrives at a layer's output from the loss: a gradient, nothing, or what stops it on at least one branch. */
type Arrival = 'gradient' | 'nothing' | readonly Blocked[];

export const YOU_FROZE_IT = 'You froze it: it runs on the device with the weights that it has.';

/**
 * Judges every layer. A layer trains where its type can be trained, the person did not freeze it, and every path from
 * it to the loss holds only layers that pass gradients. This also satisfies Apple's validator, which refuses any
 * updatable layer that it meets after the first layer without gradients: paths part only at layers with several
 * inputs, and none of those passes.
 * @param layers in topological order; every blob is produced once, before it is read.
 * @param loss undefined where the network does not reach one yet: what nothing stops so far is `open` then.
 * @param frozen names of the layers that the person froze. Gradients pass through them all the same.
 */
export function judge(
  layers: readonly NeuralNetworkLayer[],
  loss: LossInput | undefined,
  frozen: ReadonlySet<string> = new Set(),
): Judgement {
  const lossRefused = loss && lossRefusal(layers, loss);
  const consumers = consumersOf(layers);
  /** By layer: what it hands on to its inputs. */
  const handsOn: Arrival[] = layers.map(() => 'nothing');
  const verdicts: Verdict[] = [];
  for (let i = layers.length - 1; i >= 0; i--) {
    const layer = layers[i]!;
    const type = layerTypeOf(layer);
    const rule = rules[type];
    const readByLoss = loss !== undefined && layer.output.includes(loss.input);
    const arrivals = layer.output.flatMap((blob) => (consumers.get(blob) ?? []).map((c) => handsOn[c]!));
    const arrival: Arrival = lossRefused
      ? [{ by: layer.name, reason: lossRefused }]
      : join(arrivals, readByLoss);
    // The last layer so far may still become the softmax that a loss reads.
    const passes =
      rule.passesGradients === true ||
      (type === 'softmax' && (readByLoss || (!loss && arrivals.length === 0)));
    // Where the loss is known, what leads nowhere stops nothing.
    const stops = !passes && !lossRefused && !(loss && arrival === 'nothing');
    const own = { by: layer.name, reason: String(rule.passesGradients) };
    handsOn[i] = stops ? [own, ...(typeof arrival === 'object' ? arrival : [])] : arrival;
    verdicts[i] = verdictOf(layer, rule, arrival, passes, loss === undefined, frozen);
  }
  return { lossRefused, verdicts };
}

function consumersOf(layers: readonly NeuralNetworkLayer[]): ReadonlyMap<string, readonly number[]> {
  const consumers = new Map<string, number[]>();
  layers.forEach((layer, i) => {
    for (const blob of layer.input) {
      const known = consumers.get(blob);
      if (known) known.push(i);
      else consumers.set(blob, [i]);
    }
  });
  return consumers;
}

/** What comes of several branches: one that is stopped is enough to stop all; each layer that stops is named once. */
function join(arrivals: readonly Arrival[], readByLoss: boolean): Arrival {
  const stops = arrivals.filter((arrival) => typeof arrival === 'object');
  if (stops.length === 1) return stops[0]!;
  if (stops.length > 1) return [...new Map(stops.flat().map((blocked) => [blocked.by, blocked])).values()];
  return readByLoss || arrivals.includes('gradient') ? 'gradient' : 'nothing';
}

function verdictOf(
  { name }: NeuralNetworkLayer,
  rule: Rule,
  arrival: Arrival,
  passes: boolean,
  open: boolean,
  frozen: ReadonlySet<string>,
): Verdict {
  if (rule.updatable === undefined) return { layer: name, fate: 'weightless', passes };
  const stays = (...because: Blocked[]): Verdict => ({ layer: name, fate: 'frozen', because });
  if (rule.updatable !== true) return stays({ by: name, reason: rule.updatable });
  if (frozen.has(name)) return stays({ by: name, reason: YOU_FROZE_IT });
  if (arrival === 'gradient') return { layer: name, fate: 'trains' };
  if (arrival !== 'nothing') return stays(...arrival);
  return open
    ? { layer: name, fate: 'open' }
    : stays({ by: name, reason: 'Its output does not reach the loss.' });
}

/** Why the validator would refuse this loss, or undefined. Source: validateLossLayer of UpdatableNeuralNetworkValidator.cpp. */
export function lossRefusal(layers: readonly NeuralNetworkLayer[], loss: LossInput): string | undefined {
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
