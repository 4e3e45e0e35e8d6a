/**
 * Trains a model as its file states: its loss, its optimizer, its mini-batch size, its epochs, its updatable layers and no
 * others. Written to be right by reading, from the public description of Core ML's update task alone. The order of the
 * examples is the caller's, for Core ML does not say how it shuffles.
 */
import type { Model } from '../types';
import { gradientsOf, type Example } from './gradients';
import { moverOf } from './optimizers';

export interface TrainingData {
  count: number;
  example(at: number): Example;
}

export interface Trained {
  /** A copy of the model with other weights. */
  model: Model;
  /** Of each epoch the mean loss of each batch, before the step that it led to. */
  losses: number[][];
}

/**
 * @param order the examples of an epoch, which count from 0; when it is left out they come as they are, every time
 * @throws Error in a sentence for a file that cannot be trained, or an example that does not fit
 */
export function trainModel(
  model: Model,
  data: TrainingData,
  order: (epoch: number) => ArrayLike<number> = () => Array.from({ length: data.count }, (_, at) => at),
): Trained {
  const copy = structuredClone(model);
  const { epochs, optimizer } = copy.network.update ?? {};
  const size = optimizer?.miniBatchSize?.value ?? 0;
  if (!epochs || epochs.value < 1 || size < 1) {
    throw new Error('The file should state epochs and a mini-batch size of at least 1.');
  }
  const move = moverOf(copy);
  const losses: number[][] = [];
  let step = 0;
  for (let epoch = 0; epoch < epochs.value; epoch++) {
    const indices = Array.from(order(epoch));
    const ofEpoch: number[] = [];
    for (let start = 0; start < indices.length; start += size) {
      const batch = indices.slice(start, start + size).map((at) => data.example(at));
      const { loss, gradients } = gradientsOf(copy, batch);
      move(gradients, ++step);
      ofEpoch.push(loss);
    }
    losses.push(ofEpoch);
  }
  return { model: copy, losses };
}
