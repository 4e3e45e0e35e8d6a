/** How many steps an engine is given at once: more hide the time between two of them, fewer hear commands sooner. */

/** Milliseconds of work that may be queued on the device before its metrics are waited for. */
const QUEUE_MS = 30;
const MAX_QUEUED = 32;

/** Steps to queue, after so many took so many milliseconds. At least one. */
export function queueLength(steps: number, milliseconds: number): number {
  return Math.max(1, Math.min(MAX_QUEUED, Math.floor((QUEUE_MS * steps) / milliseconds)));
}
