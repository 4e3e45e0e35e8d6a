/**
 * Makes the plan of a network: operations forward, the loss, operations backward, and a place in memory for every value,
 * shared by those that are never needed together.
 */
import { sizeOf } from '../../core/shape';
import type { CompiledNetwork } from '../../network/compiled';
import type { Loss } from '../engine';
import { layOutWeights, type BufferDraft, type Lowered } from './builder';
import { lower } from './lower';
import { aligned, place } from './memory';
import type { BackwardOperation, BufferId, ForwardOperation, LossOperation, Plan } from './plan';

export interface PlanOptions {
  readonly network: CompiledNetwork;
  readonly loss: Loss;
  /** The largest batch. */
  readonly batch: number;
  /** Flat blocks that the optimizer keeps besides weights and gradients. */
  readonly slots: number;
  /** Bytes at the start of the memory that the engine keeps for itself. */
  readonly reserved: number;
}

/** Plans one training step. The same network and options give the same plan. */
export function makePlan({ network, loss, batch, slots, reserved }: PlanOptions): Plan {
  const { layers } = network;
  const block = layOutWeights(layers);
  const places = new Map(block.weights.map(({ key, start }) => [key, start]));
  const endsInSoftmax = layers.at(-1)!.params['activation'] === 'softmax';
  const drafts: BufferDraft[] = [];
  const buffer = (name: string, size: number, shared = false): BufferId =>
    drafts.push({ name, size, shared }) - 1;

  const lowered: Lowered[] = [];
  layers.forEach((layer, index) =>
    lowered.push(
      lower({
        layer,
        index,
        withoutActivation: endsInSoftmax && index === layers.length - 1,
        inputs: layer.inputs.map((i) => lowered[i]!.output),
        output: () => buffer(layer.name, sizeOf(layer.outputShape)),
        buffer: (name, size, shared) => buffer(`${name} of ${layer.name}`, size, shared),
        weight: (name) => places.get(`${layer.name}/${name}`),
      }),
    ),
  );

  const forward = lowered.flatMap((layer) => layer.forward);
  const outputs = lowered.at(-1)!.output;
  const { backward, gradientOf } = planBackward(network, lowered, outputs, buffer);
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
  const lives = livesOf(operations, drafts.length, input);
  const weightBytes = aligned(block.weightSize * 4);
  const slotBytes = aligned(block.trainableSize * 4);
  const weights = aligned(reserved);
  const gradients = weights + weightBytes;
  const firstSlot = gradients + slotBytes;
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
      gradients,
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

/** The way back through all layers that have something to learn, or have it before them. */
function planBackward(
  { layers }: CompiledNetwork,
  lowered: readonly Lowered[],
  outputs: BufferId,
  buffer: (name: string, size: number) => BufferId,
) {
  const learning: boolean[] = [];
  for (const layer of layers)
    learning.push(layer.weights.some((spec) => spec.trainable) || layer.inputs.some((i) => learning[i]!));
  const gradients = new Map<BufferId, BufferId>();
  const gradientOf = (value: BufferId, name: string, size: number): BufferId => {
    const made = gradients.get(value) ?? buffer(`gradient of ${name}`, size);
    gradients.set(value, made);
    return made;
  };
  const last = layers.at(-1)!;
  const written = new Set<BufferId>([outputs]);
  const backward: BackwardOperation[] = [];
  for (const [index, layer] of [...layers.entries()].reverse()) {
    if (!learning[index]) continue;
    const { output } = lowered[index]!;
    const outputGradient = gradientOf(output, layer.name, sizeOf(layer.outputShape));
    layer.inputs.forEach((source, i) => {
      const value = lowered[source]!.output;
      // A layer that hands its input on has the same value, and the same gradient.
      if (value === output) return;
      const learns = learning[source]!;
      if (!learns && !layer.weights.some((spec) => spec.trainable)) return;
      const target = {
        inputGradient: learns
          ? gradientOf(value, layers[source]!.name, sizeOf(layers[source]!.outputShape))
          : undefined,
        accumulate: learns && written.has(value),
      };
      if (learns) written.add(value);
      backward.push(...lowered[index]!.backward(outputGradient, target, i));
    });
  }
  return {
    backward,
    gradientOf: (value: BufferId) => gradientOf(value, last.name, sizeOf(last.outputShape)),
  };
}

type Operation = ForwardOperation | LossOperation | BackwardOperation;

/** All buffers that an operation names. */
export function buffersOf(operation: Operation): readonly BufferId[] {
  const named: Readonly<Record<string, unknown>> = { ...operation };
  const single = [
    'input',
    'output',
    'outputs',
    'gradient',
    'outputGradient',
    'inputGradient',
    'patches',
    'patchGradients',
    'positions',
    'mask',
    'statistics',
  ].map((key) => named[key]);
  const several = (named['inputs'] ?? []) as readonly BufferId[];
  return [...single.filter((id): id is BufferId => typeof id === 'number'), ...several];
}

/** First and last operation of each buffer. The input is there before the first. */
function livesOf(operations: readonly Operation[], count: number, input: BufferId) {
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
