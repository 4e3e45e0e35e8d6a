/** Loss and accuracy on all test images, a chunk at a time, so that pause and stop are heard in between. */
import type { Trainer } from '../engine/engine';
import type { LabelledImages } from '../datasets/defineDataset';
import type { Clock } from './clock';
import type { TestResult } from './record';

/** Images a chunk: small enough to stop soon on a slow engine, large enough to keep a fast one busy. */
const CHUNK = 250;

/**
 * @param between is called after every chunk with the images seen so far; false ends it.
 * @returns the means over all images and the seconds spent on them, or undefined where `between` ended it.
 */
export async function evaluateAll(
  trainer: Trainer,
  data: LabelledImages,
  clock: Clock,
  between: (seen: number) => Promise<boolean>,
): Promise<TestResult | undefined> {
  let lossSum = 0;
  let correct = 0;
  let milliseconds = 0;
  for (let first = 0; first < data.count; first += CHUNK) {
    const size = Math.min(CHUNK, data.count - first);
    const indices = Uint32Array.from({ length: size }, (_, i) => first + i);
    const begun = clock.now();
    const metrics = await trainer.evaluate(data, indices);
    milliseconds += clock.now() - begun;
    lossSum += metrics.loss * metrics.examples;
    correct += metrics.correct;
    if (!(await between(first + size))) return undefined;
  }
  return { loss: lossSum / data.count, accuracy: correct / data.count, seconds: milliseconds / 1000 };
}
