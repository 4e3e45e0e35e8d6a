/**
 * How much of the device's memory a program takes, and in which buffers: values of the plan that never live at once share
 * one. Pure arithmetic. Nothing of a program is allocated before it is known to fit.
 */
import { megabytes } from '../memory';
import type { Plan } from '../plan/plan';
import { JOB_BYTES, QUEUED } from './jobs';
import type { Program } from './program';

/** Bytes of a loss and whether the example is right. */
const RESULT_BYTES = 8;

export interface SharedBuffers {
  /** The buffer that each value of the plan lies in, at its start. */
  readonly of: readonly number[];
  /** Bytes of each buffer. */
  readonly bytes: readonly number[];
}

/** Shares buffers out, the largest values first; each gets the first buffer that is free while it lives. */
export function shareBuffers({ buffers, batch }: Plan): SharedBuffers {
  const of = new Array<number>(buffers.length).fill(0);
  const bytes: number[] = [];
  const lives: { readonly from: number; readonly until: number }[][] = [];
  const sized = buffers.map(({ size, shared, from, until }, id) => {
    return { id, from, until, bytes: 4 * size * (shared ? 1 : batch) };
  });
  for (const value of sized.sort((a, b) => b.bytes - a.bytes || a.id - b.id)) {
    const free = lives.findIndex((life) =>
      life.every(({ from, until }) => until < value.from || value.until < from),
    );
    const place = free < 0 ? bytes.push(value.bytes) - 1 : free;
    of[value.id] = place;
    (lives[place] ??= []).push(value);
  }
  return { of, bytes };
}

export interface Memory {
  readonly shared: SharedBuffers;
  /** Bytes of what a machine has besides, by name. */
  readonly own: Readonly<
    Record<'gradients' | 'scratch' | 'labels' | 'results' | 'parameters' | 'pages', number>
  >;
  /** Bytes of the weights and of each of the optimizer's slots. */
  readonly weights: number;
  readonly slot: number;
  /** Bytes of everything. */
  readonly sum: number;
}

export function memoryOf({ plan, gradientSize, scratchSize, pages }: Program): Memory {
  const shared = shareBuffers(plan);
  const own = {
    gradients: 4 * gradientSize,
    scratch: 4 * scratchSize,
    labels: 4 * plan.batch,
    results: RESULT_BYTES * QUEUED * plan.batch,
    parameters: QUEUED * (JOB_BYTES + 4 * plan.batch),
    pages: pages.byteLength,
  };
  const weights = 4 * plan.weightSize;
  const slot = 4 * plan.trainableSize;
  const all = [...shared.bytes, ...Object.values(own), weights, ...plan.blocks.slots.map(() => slot)];
  return { shared, own, weights, slot, sum: all.reduce((sum, bytes) => sum + bytes, 0) };
}

/** How much a network takes, in words. */
export const memoryText = ({ sum }: Memory, { batch }: Plan): string =>
  `This network takes ${megabytes(sum)} of the graphics processor's memory with a batch of ${batch}`;

/** What the device allows. */
export type Limits = Pick<GPUSupportedLimits, 'maxBufferSize' | 'maxStorageBufferBindingSize'>;

/**
 * What does not fit, as a sentence for the person; undefined where everything does.
 * @param limits the device's.
 */
export function findExcess(program: Program, memory: Memory, limits: Limits): string | undefined {
  const most = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
  const bound = Object.values(program.kernels)
    .flat()
    .flatMap(({ bindings }) => Object.values(bindings))
    .map(({ resource }) => ('size' in resource ? 4 * resource.size : 0));
  const whole = [memory.weights, memory.slot, memory.own.gradients];
  const pieces = [...memory.shared.bytes, memory.own.scratch, memory.own.results, ...bound];
  const tooLarge = [
    ...whole.map((bytes) => ({ bytes, limit: limits.maxBufferSize })),
    ...pieces.map((bytes) => ({ bytes, limit: most })),
  ].filter(({ bytes, limit }) => bytes > limit);
  if (tooLarge.length === 0) return undefined;
  const { bytes, limit } = tooLarge.reduce((worst, one) => (one.bytes > worst.bytes ? one : worst));
  return (
    `${memoryText(memory, program.plan)}, ${megabytes(bytes)} of it in one piece; this one gives at most ` +
    `${megabytes(limit)} in one piece. Make the batch or the network smaller.`
  );
}
