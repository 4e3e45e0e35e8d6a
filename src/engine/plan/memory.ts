/** Places for buffers in one flat memory: two buffers share bytes only when no operation needs both. */

export interface Demand {
  readonly bytes: number;
  /** First and last operation that touches it. */
  readonly from: number;
  readonly until: number;
}

/** Bytes that every place is a multiple of: a vector. */
const ALIGNMENT = 16;

export const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/**
 * Gives each demand the lowest place that is free while it lives, the largest first ("greedy by size", Pisarchyk and
 * Lee, 2020).
 * @returns the offsets in the order of the demands, and the end of the last.
 */
export function place(
  demands: readonly Demand[],
  start: number,
): { readonly offsets: readonly number[]; readonly end: number } {
  interface Placed extends Demand {
    readonly offset: number;
  }
  const placed: Placed[] = [];
  const offsets = new Array<number>(demands.length).fill(start);
  let end = aligned(start);
  const bySize = demands.map((demand, i) => ({ demand, i })).sort((a, b) => b.demand.bytes - a.demand.bytes);
  for (const { demand, i } of bySize) {
    let offset = aligned(start);
    for (const other of placed) {
      const together = other.from <= demand.until && demand.from <= other.until;
      if (together && offset + demand.bytes > other.offset) {
        if (offset < other.offset + other.bytes) offset = aligned(other.offset + other.bytes);
      }
    }
    offsets[i] = offset;
    placed.push({ ...demand, offset });
    placed.sort((a, b) => a.offset - b.offset);
    end = Math.max(end, offset + demand.bytes);
  }
  return { offsets, end: aligned(end) };
}
