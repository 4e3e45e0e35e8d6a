/** The parts that a step is made of, each of which several threads can share without its result depending on who did what. */
import type { Kernel } from '../emit';
import type { Machine, Pass } from './machine';

/** Work on examples that do not need each other: done for a chunk of the batch at a time. */
export interface ExamplesPart {
  readonly kind: 'examples';
  /** For the examples `from`..`to`, which are chunk number `chunk`. */
  readonly run: (machine: Machine, pass: Pass, from: number, to: number, chunk: number) => void;
}

/** Work on the whole batch that is cut another way: by columns, or by weights. */
export interface UnitsPart {
  readonly kind: 'units';
  readonly units: number;
  readonly run: (machine: Machine, pass: Pass, unit: number) => void;
}

export type Part = ExamplesPart | UnitsPart;

/** What an operation of the plan becomes. */
export interface Lowered {
  readonly kernels: readonly Kernel[];
  readonly parts: readonly Part[];
  /** Done at the end of the step: weights that are moved once everything has been summed. */
  readonly late?: UnitsPart;
  /** Makes copies of weights that lie another way, after weights came in from outside. */
  readonly refresh?: UnitsPart;
  /** Bytes of a thread's own memory that it needs, by the size of the batch. */
  readonly scratch?: (batch: number) => number;
}

/** What an operation may ask of the program that it is in. */
export interface Context {
  /** Its number in the plan: names its kernels. */
  readonly index: number;
  /** Room for `bytes` bytes, outside the plan, for as long as the program is. @returns the address. */
  readonly reserve: (bytes: number) => number;
  /** Chunks that a batch is cut into at most. */
  readonly chunks: number;
}

export const examples = (run: ExamplesPart['run']): ExamplesPart => ({ kind: 'examples', run });
export const units = (count: number, run: UnitsPart['run']): UnitsPart => ({
  kind: 'units',
  units: count,
  run,
});
