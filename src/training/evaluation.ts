/** Loss and accuracy on all test images, a chunk at a time, so that pause and stop are heard in between. Tells how far it is. */
import type { Trainer } from '../engine/engine';
import type { LabelledImages } from '../datasets/defineDataset';
import type { Clock } from './clock';
import type { RunEvent } from './protocol';
import type { TestResult } from './record';

/** Multiply-adds a chunk: 250 images of LeNet, 0.03 seconds of WebAssembly on one thread. */
const CHUNK_WORK = 0.34e9;
const FEWEST = 20;
const MOST = 2000;

/**
 * Images a chunk: few enough to stop soon on a slow engine, enough to keep a fast one busy. It depends on the network
 * alone, not on time, so that sums are added in the same order in every run.
 */
function chunkOf(multiplyAdds: number): number {
  const images = CHUNK_WORK / Math.max(1, multiplyAdds);
  return Math.max(FEWEST, Math.min(MOST, Math.round(images / 10) * 10));
}

/** Milliseconds between two events that say how far it is. */
const PROGRESS_MS = 100;

export interface EvaluationOptions {
  readonly trainer: Trainer;
  readonly data: LabelledImages;
  /** Of the network, for one image. */
  readonly multiplyAdds: number;
  readonly clock: Clock;
  readonly emit: (event: RunEvent) => void;
  /** Is called after every chunk; false ends it. */
  readonly between: () => Promise<boolean>;
}

/** @returns the means over all images and the seconds spent on them, or undefined where `between` ended it. */
export async function evaluateAll(options: EvaluationOptions): Promise<TestResult | undefined> {
  const { trainer, data, clock, between } = options;
  const chunk = chunkOf(options.multiplyAdds);
  let toldAt = clock.now();
  const tell = (loaded: number): void =>
    options.emit({ type: 'evaluating', progress: { loaded, total: data.count } });
  tell(0);
  let lossSum = 0;
  let correct = 0;
  let milliseconds = 0;
  for (let first = 0; first < data.count; first += chunk) {
    const size = Math.min(chunk, data.count - first);
    const indices = Uint32Array.from({ length: size }, (_, i) => first + i);
    const begun = clock.now();
    const metrics = await trainer.evaluate(data, indices);
    milliseconds += clock.now() - begun;
    lossSum += metrics.loss * metrics.examples;
    correct += metrics.correct;
    if (first + size === data.count || clock.now() - toldAt >= PROGRESS_MS) {
      tell(first + size);
      toldAt = clock.now();
    }
    if (!(await between())) return undefined;
  }
  return { loss: lossSum / data.count, accuracy: correct / data.count, seconds: milliseconds / 1000 };
}
