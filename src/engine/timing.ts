/**
 * How fast an engine trains a network: a few steps on noise, fed as the loop of a run feeds it. For the choice between
 * engines, not for the record; the Lab shows the speed of the run itself.
 */
import { noise } from './check';
import type { Trainer, TrainerOptions } from './engine';
import { queueLength } from './queue';

/** Milliseconds that are measured, and one step more on an engine that takes longer for one. */
const MEASURED_MS = 300;

/**
 * Trains for a moment; the trainer's weights are of no use afterwards.
 * @param options those that the trainer was made with.
 * @param now milliseconds since some fixed moment.
 * @returns images a second.
 * @throws whatever the trainer throws.
 */
export async function measureSpeed(
  trainer: Trainer,
  { network, batchSize }: TrainerOptions & { readonly batchSize: number },
  now: () => number,
): Promise<number> {
  const data = noise(network, batchSize);
  const indices = Uint32Array.from({ length: batchSize }, (_, i) => i);
  const take = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) trainer.step(data, indices);
    await trainer.metrics();
  };
  // The first step compiles what is compiled late.
  await take(1);
  const begun = now();
  let steps = 0;
  let elapsed = 0;
  for (let queued = 1; elapsed < MEASURED_MS; queued = queueLength(steps, elapsed)) {
    await take(queued);
    steps += queued;
    elapsed = now() - begun;
  }
  return (steps * batchSize * 1000) / elapsed;
}
