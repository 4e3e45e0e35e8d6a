/**
 * What Core ML will do with every layer, in one sentence each, with the ways out that there are. From the plan that the
 * file is written by, so that the card, the inspector, the dialog and the file cannot disagree.
 */
import { YOU_FROZE_IT, type Blocked, type Verdict } from '../../coreml/judge';
import type { NeuralNetworkLayer } from '../../coreml/messages';
import { layerTypeOf, rules } from '../../coreml/rules';
import { layerOf } from '../../layers';
import type { CompiledLayer } from '../../network/compiled';
import type { Plan } from './plan';
import { passGradients, type WayOut } from './wayOut';

export type Fate =
  /** The device trains its weights. */
  | 'trains'
  /** It runs on the device with the weights that it has. */
  | 'frozen'
  /** It has no weights and runs on the device. */
  | 'runs'
  /** Core ML cannot express it: no file can be written. */
  | 'gap'
  /** It cannot be told yet. */
  | 'open';

export interface LayerFate {
  readonly fate: Fate;
  /** Whether it keeps gradients from layers above it that would train else. */
  readonly stops: boolean;
  /** A whole sentence, or two. */
  readonly reason: string;
  readonly waysOut: readonly WayOut[];
}

/** Why the file as a whole does not train, with its ways out. */
export interface Refusal {
  readonly message: string;
  readonly waysOut: readonly WayOut[];
}

type Judged = Pick<Plan, 'graph' | 'judgement'>;

/**
 * @param layers all layers of the plan.
 * @param refusal where nothing of the file trains whatever its layers are.
 * @returns by the layers' ids.
 */
export function fatesOf(
  plan: Judged,
  layers: readonly CompiledLayer[],
  refusal?: Refusal,
): ReadonlyMap<string, LayerFate> {
  const { graph, judgement } = plan;
  const parts = new Map<string, { written: NeuralNetworkLayer; verdict: Verdict }[]>();
  graph.layers.forEach((written, i) => {
    const { id } = graph.origin.get(written.name)!;
    const part = { written, verdict: judgement.verdicts[i]! };
    parts.set(id, [...(parts.get(id) ?? []), part]);
  });
  const stopping = stoppingLayers(judgement.verdicts);
  return new Map(
    layers.map((layer) => {
      const mine = parts.get(layer.id) ?? [];
      const stopper = mine.find(({ written }) => stopping.has(written.name))?.written;
      const weighted = mine.find(({ verdict }) => verdict.fate !== 'weightless')?.verdict;
      const fate = weighted
        ? weightedFate(layer, weighted, plan, refusal)
        : weightlessFate(
            layer,
            mine.map(({ written }) => written),
            stopper,
            plan,
          );
      return [layer.id, { ...fate, stops: stopper !== undefined }];
    }),
  );
}

/** Names of written layers that keep a gradient from another one. */
function stoppingLayers(verdicts: readonly Verdict[]): ReadonlySet<string> {
  return new Set(
    verdicts.flatMap((verdict) =>
      verdict.fate === 'frozen'
        ? verdict.because.map(({ by }) => by).filter((by) => by !== verdict.layer)
        : [],
    ),
  );
}

type Told = Omit<LayerFate, 'stops'>;

function weightedFate(layer: CompiledLayer, verdict: Verdict, plan: Judged, refusal?: Refusal): Told {
  if (verdict.fate === 'open') {
    const reason = 'Not judged yet: the network does not lead from here to its loss so far.';
    return { fate: 'open', reason, waysOut: [] };
  }
  if (verdict.fate !== 'frozen')
    return refusal
      ? { fate: 'frozen', reason: refusal.message, waysOut: refusal.waysOut }
      : { fate: 'trains', reason: 'The device trains its weights.', waysOut: [] };
  const [first] = verdict.because;
  if (first!.by !== verdict.layer)
    return {
      fate: 'frozen',
      reason: blockedWords(layer, verdict.because, plan),
      waysOut: waysAround(layer, verdict.because, plan),
    };
  if (refusal?.message === first!.reason)
    return { fate: 'frozen', reason: refusal.message, waysOut: refusal.waysOut };
  const free: WayOut = { type: 'trainable', ids: [layer.id], trainable: true, label: 'Let it train' };
  return { fate: 'frozen', reason: first!.reason, waysOut: first!.reason === YOU_FROZE_IT ? [free] : [] };
}

/** Names every layer that stops the gradient, on every branch. */
function blockedWords(layer: CompiledLayer, because: readonly Blocked[], { graph }: Judged): string {
  const [first, ...others] = because;
  const own = graph.origin.get(first!.by) === layer;
  if (others.length === 0)
    return own
      ? `Its own activation stops the gradient. ${first!.reason}`
      : `"${graph.origin.get(first!.by)!.name}" stops its gradient. ${first!.reason}`;
  const named = because.map(({ by }) => {
    const { noun } = rules[layerTypeOf(graph.layers.find(({ name }) => name === by)!)];
    const origin = graph.origin.get(by)!;
    return origin === layer ? `its own activation (${noun})` : `"${origin.name}" (${noun})`;
  });
  return `Its gradient is stopped by ${new Intl.ListFormat('en').format(named)}.`;
}

function waysAround(layer: CompiledLayer, because: readonly Blocked[], { graph }: Judged): readonly WayOut[] {
  return because.flatMap(({ by }): readonly WayOut[] => {
    const origin = graph.origin.get(by)!;
    const way = passGradients(
      graph.layers.find(({ name }) => name === by)!,
      origin,
    );
    if (!way) return [];
    return [origin === layer ? way : { ...way, label: `${way.label} in ${origin.name}` }];
  });
}

function weightlessFate(
  layer: CompiledLayer,
  written: readonly NeuralNetworkLayer[],
  stopper: NeuralNetworkLayer | undefined,
  { judgement }: Judged,
): Told {
  const runs = (reason: string, waysOut: readonly WayOut[] = []): Told => ({ fate: 'runs', reason, waysOut });
  if (layer.inputs.length === 0) return runs("The model's input on the device.");
  if (written.length === 0)
    return runs(`This ${layerOf(layer.kind).label} changes nothing in a prediction: the file leaves it out.`);
  if (stopper) {
    const { noun } = rules[layerTypeOf(stopper)];
    const way = passGradients(stopper, layer);
    return runs(
      `Core ML passes no gradients through ${noun}: what has weights above it is frozen on the device.`,
      way && [way],
    );
  }
  const passes = written.every(({ name }) =>
    judgement.verdicts.some((verdict) => verdict.layer === name && 'passes' in verdict && verdict.passes),
  );
  return runs(
    passes
      ? 'Runs on the device, and gradients pass through it.'
      : 'Runs on the device. It passes no gradients there, but nothing above it would train anyway.',
  );
}
