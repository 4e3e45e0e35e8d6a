/** The curve of a run, kept short: when it has grown too long, neighbours are merged, and it is half as long. */
import type { BatchPoint } from './protocol';

/** Points that a curve holds at most; more than a screen has columns, and small in a checkpoint. */
export const MAX_POINTS = 4096;

/**
 * Adds points to a curve. Depends on the sequence of points only, not on how it is cut into calls.
 * @returns a new list of at most `MAX_POINTS`; the earlier part of a long run is coarser than the later.
 */
export function appendPoints(
  points: readonly BatchPoint[],
  added: readonly BatchPoint[],
): readonly BatchPoint[] {
  let all = points.slice();
  for (const point of added) {
    if (all.length >= MAX_POINTS) all = mergePairs(all);
    all.push(point);
  }
  return all;
}

/** Each pair becomes its mean, at the step of its second point, so that the curve still ends where it ended. */
function mergePairs(points: readonly BatchPoint[]): BatchPoint[] {
  const merged: BatchPoint[] = [];
  for (let i = 0; i + 1 < points.length; i += 2) {
    const [a, b] = [points[i]!, points[i + 1]!];
    merged.push({ step: b.step, loss: (a.loss + b.loss) / 2, accuracy: (a.accuracy + b.accuracy) / 2 });
  }
  if (points.length % 2 === 1) merged.push(points.at(-1)!);
  return merged;
}
