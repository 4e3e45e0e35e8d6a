/**
 * The last state of a run that is known to be good, in memory: what it goes back to when its device is lost, and what
 * is kept when it runs off. A state is good once the batch after it had a finite loss.
 */
import type { TrainerState } from '../engine/engine';
import type { RunPosition } from './protocol';

/** Bytes of a state up to which copies stay in memory, two at a time; larger ones are only stored. */
export const SNAPSHOT_BYTES = 64 * 2 ** 20;

/** A state, and where the run stood in it. */
export interface Snapshot {
  readonly position: RunPosition;
  readonly state: TrainerState;
}

export class LastGood {
  #good: Snapshot | undefined;
  #latest: Snapshot | undefined;

  /** @param start is good: nothing has been learned from it yet, or it was good when it was stored. */
  constructor(
    start: Snapshot,
    private readonly mostBytes: number,
  ) {
    this.offer(start);
    this.confirm();
  }

  /** Undefined where the states are too large to stay in memory. */
  get good(): Snapshot | undefined {
    return this.#good;
  }

  /** The snapshot of this very moment of the run, where there is one. */
  at({ step, epochs }: Pick<RunPosition, 'step' | 'epochs'>): Snapshot | undefined {
    const latest = this.#latest;
    return latest?.position.step === step && latest.position.epochs.length === epochs.length
      ? latest
      : undefined;
  }

  /** Takes a new snapshot, of which nothing is known yet. */
  offer(snapshot: Snapshot): void {
    this.#latest = bytesOf(snapshot.state) <= this.mostBytes ? snapshot : undefined;
  }

  /** The batch after the latest snapshot had a finite loss. */
  confirm(): void {
    this.#good = this.#latest ?? this.#good;
  }
}

function bytesOf({ weights, slots }: TrainerState): number {
  const blocks = [...Object.values(weights), ...Object.values(slots)];
  return blocks.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** Whether every number of a state is finite. */
export function isFiniteState({ weights, slots }: TrainerState): boolean {
  return [...Object.values(weights), ...Object.values(slots)].every(isFiniteBlock);
}

/** A plain loop: on millions of numbers a callback for each takes several times as long. */
function isFiniteBlock(values: Float32Array): boolean {
  for (const value of values) if (!Number.isFinite(value)) return false;
  return true;
}
