/**
 * The program of a network: the kernels that are emitted for its shapes, and the parts that they run in, forward and
 * backward. It is made from the plan alone, so every thread makes the same one; addresses are looked up when it runs.
 */
import type { OptimizerSettings } from '../engine';
import { slotNames } from '../optimizer';
import type { Span } from '../plan/makePlan';
import { aligned } from '../plan/memory';
import type { BackwardOperation, ForwardOperation, Plan } from '../plan/plan';
import type { Kernel } from './emit';
import { elementKernels } from './kernels/elements';
import { kindOf, updateKernel, type OptimizerKind } from './kernels/optimizers';
import { targetOf, type Target } from './kernels/tile';
import { channelCurve, channelCurveGradient } from './run/channelCurve';
import { convolution, convolutionGradient, sumsOf } from './run/convolution';
import { dense, denseGradient } from './run/dense';
import * as elements from './run/elements';
import { embedding, embeddingGradient } from './run/embedding';
import { interpolation, interpolationGradient } from './run/interpolation';
import { lossPart } from './run/losses';
import { address } from './run/machine';
import { normalization, normalizationGradient } from './run/normalization';
import { examples, type Context, type ExamplesPart, type Lowered, type UnitsPart } from './run/part';
import { rearrangement, rearrangementGradient } from './run/rearrangement';
import { control } from './threads/sync';
import * as poolings from './run/pooling';
import { transposedConvolution, transposedConvolutionGradient, transposedSums } from './run/transposed';

type Operation = ForwardOperation | BackwardOperation;
type Of<T> = Extract<Operation, { type: T }>;
type Table = {
  readonly [T in Operation['type']]: (
    operation: Of<T>,
    context: Context,
    target: Target,
    optimizer: OptimizerKind,
  ) => Lowered;
};

const table: Table = {
  dense,
  denseGradient,
  convolution,
  convolutionGradient,
  transposedConvolution,
  transposedConvolutionGradient,
  maxPooling: poolings.maxPooling,
  maxPoolingGradient: poolings.maxPoolingGradient,
  averagePooling: poolings.averagePooling,
  averagePoolingGradient: poolings.averagePoolingGradient,
  l2Pooling: poolings.l2Pooling,
  l2PoolingGradient: poolings.l2PoolingGradient,
  normalization,
  normalizationGradient,
  activation: elements.activation,
  activationGradient: elements.activationGradient,
  channelCurve,
  channelCurveGradient,
  dropout: elements.dropout,
  dropoutGradient: elements.dropoutGradient,
  rearrangement,
  rearrangementGradient,
  interpolation,
  interpolationGradient,
  embedding,
  embeddingGradient,
  add: elements.add,
  addGradient: elements.addGradient,
  multiply: elements.multiply,
  multiplyGradient: elements.multiplyGradient,
  concatenation: elements.concatenation,
  concatenationGradient: elements.concatenationGradient,
};

/** Parts between which all threads wait for each other. */
export type Stage =
  | { readonly kind: 'examples'; readonly parts: readonly ExamplesPart[] }
  | { readonly kind: 'units'; readonly parts: readonly UnitsPart[]; readonly units: number };

/** What a pass is for; or that a helping thread is to leave. Threads name them by their numbers. */
export const purposes = ['train', 'evaluate', 'predict', 'refresh', 'leave'] as const;
export type Purpose = Exclude<(typeof purposes)[number], 'leave'>;

export interface Program {
  readonly kernels: readonly Kernel[];
  readonly stages: Readonly<Record<Purpose, readonly Stage[]>>;
  /** Chunks that a batch is cut into at most. */
  readonly chunks: number;
  /** The optimizer's slots, in the order of the plan's blocks. */
  readonly slots: readonly string[];
  /** The stages of each operation, over forward, loss and backward, as plans take them. */
  readonly spans: readonly Span[];
  /** Where its own memory ends and that of the threads begins; and the bytes of each thread's, by the size of the batch. */
  readonly end: number;
  readonly scratch: (batch: number) => number;
}

export interface ProgramOptions {
  /** The plan of one example: what is computed, whatever the size of the batch. */
  readonly shape: Plan;
  readonly optimizer: OptimizerSettings;
  /** Whether the processor's fused multiply-add is used. */
  readonly relaxed: boolean;
}

/** Stages that an operation has at most. */
const STAGES = 3;
const CHUNKS = 16;
/** What the sums of all chunks may take. */
const SUM_BYTES = 96 * 2 ** 20;

export function makeProgram({ shape, optimizer, relaxed }: ProgramOptions): Program {
  const kind = kindOf(optimizer);
  const slots = slotNames(optimizer);
  const target = targetOf(relaxed);
  const chunks = chunksFor(shape);
  // At the start of the memory lies what threads agree by, with a number for each stage.
  const operations = shape.forward.length + shape.backward.length;
  let end = aligned(4 * (control.claims + STAGES * operations + 4));
  const lower = (operation: Operation, index: number): Lowered => {
    const reserve = (bytes: number): number => {
      const start = end;
      end = aligned(end + bytes);
      return start;
    };
    const make = table[operation.type] as (...parameters: unknown[]) => Lowered;
    return make(operation, { index, reserve, chunks } satisfies Context, target, kind);
  };
  const forward = shape.forward.map(lower);
  const backward = shape.backward.map((operation, i) => lower(operation, forward.length + i));
  const all = [...forward, ...backward];
  const late = backward.flatMap((lowered) => (lowered.late ? [lowered.late] : []));
  const images: Lowered = { kernels: [], parts: [scaleImages(shape)] };
  const judging: Lowered = { kernels: [], parts: [lossPart(shape.loss)] };
  const judged = [images, ...forward, judging];
  const training = stagesOf([...judged, ...backward]);
  const stages = {
    train: [...training.stages, ...together(late)],
    evaluate: stagesOf(judged).stages,
    predict: stagesOf(forward).stages,
    refresh: together(all.flatMap(({ refresh }) => (refresh ? [refresh] : []))),
  };
  // Without the images, which are no operation of the plan.
  const spans = training.spans.slice(1);
  return {
    kernels: [...elementKernels, updateKernel('update', kind), ...all.flatMap(({ kernels }) => kernels)],
    stages,
    chunks,
    slots,
    spans,
    end,
    scratch: (batch) => aligned(Math.max(16, ...all.map(({ scratch }) => scratch?.(batch) ?? 0))),
  };
}

/** Fewer chunks where the sums of each take much memory; the number hangs on the network alone. */
function chunksFor(plan: Plan): number {
  const floats = plan.backward.reduce(
    (sum, operation) =>
      sum +
      (operation.type === 'convolutionGradient' ? sumsOf(operation) : 0) +
      (operation.type === 'transposedConvolutionGradient' ? transposedSums(operation) : 0),
    0,
  );
  return Math.max(1, Math.min(CHUNKS, Math.floor(SUM_BYTES / Math.max(1, 4 * floats))));
}

/** Turns the bytes of the batch's images into the values of the plan's input. */
function scaleImages({ input, inputSize }: Plan): ExamplesPart {
  return examples((machine, { scale }, from, to) => {
    const bytes = machine.images + from * inputSize;
    machine.kernels['scaleBytes']!((to - from) * inputSize, bytes, address(machine, input, from), scale);
  });
}

/** Parts in their order; those on examples need no waiting between them. `spans` are each operation's stages. */
function stagesOf(operations: readonly Lowered[]): {
  readonly stages: readonly Stage[];
  readonly spans: readonly Span[];
} {
  const stages: Stage[] = [];
  const spans = operations.map(({ parts }): Span => {
    const places = parts.map((part) => {
      const last = stages.at(-1);
      if (part.kind === 'units') stages.push(...together([part]));
      else if (last?.kind === 'examples')
        stages[stages.length - 1] = { ...last, parts: [...last.parts, part] };
      else stages.push({ kind: 'examples', parts: [part] });
      return stages.length - 1;
    });
    const present = stages.length - 1;
    return [places[0] ?? present, places.at(-1) ?? present];
  });
  return { stages, spans };
}

/** One stage of parts that do not need each other. */
function together(parts: readonly UnitsPart[]): readonly Stage[] {
  return parts.length === 0
    ? []
    : [{ kind: 'units', parts, units: parts.reduce((sum, { units }) => sum + units, 0) }];
}
