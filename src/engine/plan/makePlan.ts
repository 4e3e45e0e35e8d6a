/**
 * Makes the plan of a network: operations forward, the loss, operations backward, and a place in memory for every value,
 * shared by those that are never needed together.
 */
import { sizeOf } from '../../core/shape';
import { isFrozen, type CompiledNetwork } from '../../network/compiled';
import type { Loss } from '../engine';
import { layOutWeights, type BufferDraft, type Lowered, type WeightLayout } from './builder';
import { groupLayers, type LayerGroup } from './fuse';
import { lower } from './lower';
import { aligned, place } from './memory';
import type { BackwardOperation, BufferId, LossOperation, Plan, PlannedOperation } from './plan';

export interface PlanOptions {
  readonly network: CompiledNetwork;
  readonly loss: Loss;
  /** The largest batch. */
  readonly batch: number;
  /** Flat blocks that the optimizer keeps besides the weights. */
  readonly slots: number;
  /** Bytes at the start of the memory that the engine keeps for itself. */
  readonly reserved: number;
  /** Floats that every weight's place in its block is a multiple of. Missing: 4, a vector. */
  readonly weightAlignment?: number;
  /** Floats that the engine stores of a weight. Missing: as many as it has. */
  readonly storedSize?: WeightLayout['storedSize'];
  /**
   * For each operation, over forward, loss and backward, the first and the last of the engine's steps in which it runs;
   * neither ever falls. Operations that share a step may run at once, so their buffers share no memory. Missing: one by one.
   */
  readonly spans?: readonly Span[];
}

export type Span = readonly [first: number, last: number];

/** Plans one training step. The same network and options give the same plan. */
export function makePlan(options: PlanOptions): Plan {
  const { network, loss, batch, slots, reserved } = options;
  const { weightAlignment = 4, storedSize = (_, spec) => sizeOf(spec.shape) } = options;
  const { layers } = network;
  const groups = groupLayers(layers);
  const block = layOutWeights(layers, { alignment: weightAlignment, storedSize });
  const places = new Map(block.weights.map(({ key, start }) => [key, start]));
  const endsInSoftmax = layers.at(-1)!.params['activation'] === 'softmax';
  const drafts: BufferDraft[] = [];
  const buffer = (name: string, size: number, shared = false): BufferId =>
    drafts.push({ name, size, shared }) - 1;

  const lowered: Lowered[] = [];
  groups.forEach((group, index) =>
    lowered.push(
      lower({
        group,
        withoutActivation: endsInSoftmax && index === groups.length - 1,
        inputs: group.inputs.map((i) => lowered[i]!.output),
        output: () => buffer(group.last.name, sizeOf(group.last.outputShape)),
        buffer: (name, size, shared) => buffer(`${name} of ${group.last.name}`, size, shared),
        weight: (name) => places.get(`${group.layer.name}/${name}`),
      }),
    ),
  );

  const forward = lowered.flatMap((layer) => layer.forward);
  const outputs = lowered.at(-1)!.output;
  const { backward, gradientOf } = planBackward(groups, lowered, outputs, buffer);
  const lossOperation: LossOperation = {
    type: 'loss',
    loss,
    fromLogits: endsInSoftmax,
    classes: layers.at(-1)!.outputShape.at(-1)!,
    outputs,
    gradient: backward.length > 0 ? gradientOf(outputs) : undefined,
  };

  const input = lowered[0]!.output;
  const operations = [...forward, lossOperation, ...backward];
  const spans = options.spans ?? operations.map((_, i) => [i, i] as const);
  const lives = livesOf(operations, drafts.length, input).map((life) => extended(life, spans));
  const weightBytes = aligned(block.weightSize * 4);
  const slotBytes = aligned(block.trainableSize * 4);
  const weights = aligned(reserved);
  const firstSlot = weights + weightBytes;
  const demands = drafts.map(({ size, shared }, i) => ({
    bytes: aligned(4 * size * (shared ? 1 : batch)),
    ...lives[i]!,
  }));
  const { offsets, end } = place(demands, firstSlot + slots * slotBytes);
  return {
    batch,
    ...block,
    blocks: {
      weights,
      slots: Array.from({ length: slots }, (_, i) => firstSlot + i * slotBytes),
    },
    buffers: drafts.map((draft, i) => ({ ...draft, offset: offsets[i]!, ...lives[i]! })),
    input,
    inputSize: sizeOf(network.inputShape),
    forward,
    loss: lossOperation,
    backward,
    bytes: end,
  };
}

/** The way back through all groups that have something to learn, or have it before them. */
function planBackward(
  groups: readonly LayerGroup[],
  lowered: readonly Lowered[],
  outputs: BufferId,
  buffer: (name: string, size: number) => BufferId,
) {
  const trains = ({ layer }: LayerGroup): boolean => layer.weights.some((spec) => spec.trainable);
  const learning: boolean[] = [];
  groups.forEach((group, index) => {
    const behind = !lowered[index]!.stopsGradients && group.inputs.some((i) => learning[i]!);
    learning.push(trains(group) || behind);
  });
  const gradients = new Map<BufferId, BufferId>();
  const gradientOf = (value: BufferId, { last }: LayerGroup): BufferId => {
    const made = gradients.get(value) ?? buffer(`gradient of ${last.name}`, sizeOf(last.outputShape));
    gradients.set(value, made);
    return made;
  };
  const written = new Set<BufferId>([outputs]);
  const backward: BackwardOperation[] = [];
  for (const [index, group] of [...groups.entries()].reverse()) {
    const { output, stopsGradients } = lowered[index]!;
    if (!learning[index] || !written.has(output)) continue;
    const outputGradient = gradientOf(output, group);
    group.inputs.forEach((source, i) => {
      const value = lowered[source]!.output;
      // A layer that hands its input on has the same value, and the same gradient.
      if (value === output) return;
      const learns = learning[source]! && !stopsGradients;
      if (!learns && !trains(group)) return;
      const target = {
        inputGradient: learns ? gradientOf(value, groups[source]!) : undefined,
        accumulate: learns && written.has(value),
        ...(isFrozen(group.layer) && { frozen: true }),
      };
      if (learns) written.add(value);
      backward.push(...lowered[index]!.backward(outputGradient, target, i));
    });
  }
  return { backward, gradientOf: (value: BufferId) => gradientOf(value, groups.at(-1)!) };
}

/** All buffers that an operation names. */
export function buffersOf(operation: PlannedOperation): readonly BufferId[] {
  const named: Readonly<Record<string, unknown>> = {
    ...operation,
    ...('pooling' in operation && operation.pooling),
  };
  const single = [
    'input',
    'output',
    'outputs',
    'gradient',
    'outputGradient',
    'inputGradient',
    'positions',
    'mask',
    'statistics',
  ].map((key) => named[key]);
  const several = (named['inputs'] ?? []) as readonly BufferId[];
  return [...single.filter((id): id is BufferId => typeof id === 'number'), ...several];
}

interface Life {
  readonly from: number;
  readonly until: number;
}

/** A life that lasts as long as operations that run at the same time as its first and its last. */
function extended({ from, until }: Life, spans: readonly Span[]): Life {
  const [begin, end] = [spans[from]![0], spans[until]![1]];
  return {
    from: spans.findIndex(([, last]) => last >= begin),
    until: spans.findLastIndex(([first]) => first <= end),
  };
}

/** First and last operation of each buffer. The input is there before the first. */
function livesOf(operations: readonly PlannedOperation[], count: number, input: BufferId) {
  const lives = Array.from({ length: count }, () => ({ from: operations.length, until: 0 }));
  operations.forEach((operation, at) => {
    for (const id of buffersOf(operation)) {
      const life = lives[id]!;
      lives[id] = { from: Math.min(life.from, at), until: Math.max(life.until, at) };
    }
  });
  lives[input] = { from: 0, until: lives[input]!.until };
  return lives;
}
