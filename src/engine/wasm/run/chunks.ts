/** How a batch is cut into chunks: by its size alone, so that sums over chunks are the same on any number of threads. */

/** Examples that are worth a chunk. */
const EXAMPLES = 8;

/** Chunks of a batch; at most `most`. */
export function chunksOf(count: number, most: number): number {
  return Math.max(1, Math.min(most, Math.ceil(count / EXAMPLES)));
}

/** First example of a chunk; that of the next is its end. */
export function chunkStart(count: number, chunks: number, chunk: number): number {
  return Math.floor((chunk * count) / chunks);
}
