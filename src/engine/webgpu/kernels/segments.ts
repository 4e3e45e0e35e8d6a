/**
 * Sums over all rows of a batch, taken in two steps: segments of the rows first, a thread for each segment and channel,
 * then the segments one after the other. The order is always the same.
 */
import type { KernelContext } from './context';

/** Rows that a segment has at least, and segments that there are at most. */
const SEGMENT = 128;
const MOST_SEGMENTS = 128;

/** Rows of channels in one example. */
interface Rows {
  readonly rows: number;
}

/** How many segments, from the largest batch. */
export const segmentsOf = ({ rows }: Rows, { plan, model }: KernelContext): number =>
  Math.max(1, Math.min(MOST_SEGMENTS, 16 * model.workgroups, Math.floor((rows * plan.batch) / SEGMENT)));

/** `rows`, and the rows `begin` to `end` of the segment with this number; later segments may be empty. */
export const segmentText = ({ rows }: Rows, segments: number, segment: string): string =>
  `let rows = step.count * ${rows}u;
  let length = (rows + ${segments - 1}u) / ${segments}u;
  let begin = min(${segment} * length, rows);
  let end = min(begin + length, rows);`;
