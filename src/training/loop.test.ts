/** The run on a small engine that really learns: order, tests, speed, checkpoints, running off. */
import { describe, expect, it } from 'vitest';
import { initialWeights } from '../network/weights';
import { DivergedError } from './failure';
import { run } from './loop.testing';
import { freshStart } from './position';
import type { TrainingSettings } from './settings';
import { smallNetwork, smallSettings } from './softmax.testing';

describe('a run', () => {
  it('trains every epoch, the last and smaller batch included, and tests after each', async () => {
    const sizes: number[] = [];
    const { reason, points, of } = await run({
      trouble: { onStep: (_, indices) => sizes.push(indices.length) },
    });
    expect(reason).toBe('finished');
    expect(sizes).toEqual([16, 16, 16, 16, 16, 10, 16, 16, 16, 16, 16, 10, 16, 16, 16, 16, 16, 10]);
    expect(points.map((p) => p.step)).toEqual(Array.from({ length: 18 }, (_, i) => i + 1));
    expect(of('epoch').map(({ result }) => [result.epoch, result.step])).toEqual([
      [1, 6],
      [2, 12],
      [3, 18],
    ]);
  });

  it('learns: the loss falls and the test accuracy rises', async () => {
    const { of } = await run({ settings: { ...smallSettings, epochs: 20 } });
    const [first, last] = [of('epoch')[0]!.result, of('epoch').at(-1)!.result];
    expect(last.loss).toBeLessThan(first.loss * 0.7);
    expect(last.testAccuracy).toBeGreaterThan(0.85);
    expect(last.testAccuracy).toBeGreaterThan(first.testAccuracy);
  });

  it('sees each of the first images once an epoch, in a new order each time', async () => {
    const seen: number[] = [];
    await run({ trouble: { onStep: (_, indices) => seen.push(...indices) } });
    const epochs = [seen.slice(0, 90), seen.slice(90, 180), seen.slice(180)];
    const all = Array.from({ length: 90 }, (_, i) => i);
    for (const epoch of epochs) expect([...epoch].sort((a, b) => a - b)).toEqual(all);
    expect(epochs[0]).not.toEqual(epochs[1]);
    expect(epochs[0]).not.toEqual(all);
  });

  it('keeps the order of the set where it is not to shuffle', async () => {
    const seen: number[] = [];
    await run({
      settings: { ...smallSettings, epochs: 1, shuffle: false },
      trouble: { onStep: (_, i) => seen.push(...i) },
    });
    expect(seen).toEqual(Array.from({ length: 90 }, (_, i) => i));
  });

  it('gives the same run for the same seed, however fast the engine is, and another for another seed', async () => {
    const [slow, fast] = [await run({ tick: 40 }), await run({ tick: 0.1 })];
    expect(fast.points).toEqual(slow.points);
    expect(fast.final).toEqual(slow.final);
    const other = await run({ settings: { ...smallSettings, seed: 7 } });
    expect(other.points).not.toEqual(slow.points);
  });

  it('queues steps only where several fit in 30 ms', async () => {
    const perTurn = async (tick: number): Promise<number[]> => {
      const counts: number[] = [];
      let steps = 0;
      await run({
        tick,
        settings: { ...smallSettings, epochs: 1 },
        trouble: { onStep: () => (steps += 1) },
        between: () => {
          counts.push(steps);
          steps = 0;
        },
      });
      return counts.filter((n) => n > 0);
    };
    expect(await perTurn(20)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(await perTurn(10)).toEqual([1, 3, 2]);
  });

  it('tells the test images as they are seen, to the last', async () => {
    const { of } = await run({ settings: { ...smallSettings, epochs: 1 } });
    const seen = of('evaluating').map(({ progress }) => progress.loaded);
    expect(seen[0]).toBe(0);
    expect(seen.at(-1)).toBe(600);
    expect(of('evaluating').every(({ progress }) => progress.total === 600)).toBe(true);
  });

  it('measures the speed and the time left', async () => {
    const { of } = await run();
    const { progress } = of('progress').at(-1)!;
    // Every batch of 16 takes one look at the clock before and one after: 40 ms.
    expect(progress.imagesPerSecond).toBeGreaterThan(300);
    expect(progress.imagesPerSecond).toBeLessThanOrEqual(400);
    const first = of('progress').find((event) => event.progress.secondsLeft !== undefined)!.progress;
    expect(first.secondsLeft).toBeGreaterThan(0.5);
    expect(first.secondsLeft).toBeLessThan(5);
  });
});

describe('checkpoints of a run', () => {
  it('are written after every epoch, its test included, and say when all is done', async () => {
    const { saved } = await run();
    expect(saved.map(({ position, outcome }) => [position.step, position.epochs.length, outcome])).toEqual([
      [6, 1, 'paused'],
      [12, 2, 'paused'],
      [18, 3, 'finished'],
    ]);
  });

  it('are written about every ten seconds', async () => {
    const { saved } = await run({ tick: 2500, settings: { ...smallSettings, epochs: 1 } });
    expect(saved.length).toBeGreaterThanOrEqual(4);
  });

  it('are written when asked for, and not twice for the same step', async () => {
    const { saved } = await run({
      settings: { ...smallSettings, epochs: 1 },
      between: (control, turn) => (turn === 2 || turn === 8) && control.save(),
    });
    expect(saved.map(({ position }) => [position.step, position.epochs.length])).toEqual([
      [2, 0],
      [6, 0],
      [6, 1],
    ]);
  });

  it('are not written before anything was learned', async () => {
    const { saved } = await run({ between: (control, turn) => turn === 0 && control.stop() });
    expect(saved).toEqual([]);
  });

  it('do not hold the run up while they are stored, and come one after the other', async () => {
    const log: string[] = [];
    let steps = 0;
    let writing = 0;
    const { reason, saved } = await run({
      trouble: { onStep: () => (steps += 1) },
      storage: async () => {
        log.push(`begun at ${steps}, ${writing} others`);
        writing += 1;
        await new Promise((resolve) => setTimeout(resolve, 5));
        log.push(`done at ${steps}`);
        writing -= 1;
      },
    });
    expect(reason).toBe('finished');
    // Training went on while the first was written; the last was waited for.
    expect(log[0]).toBe('begun at 6, 0 others');
    expect(log[1]).toBe('done at 12');
    expect(log.filter((line) => line.startsWith('begun')).every((line) => line.endsWith('0 others'))).toBe(
      true,
    );
    expect(saved.at(-1)).toMatchObject({ outcome: 'finished', position: { step: 18 } });
  });

  it('do not stop the run where they cannot be stored', async () => {
    const { reason, of } = await run({ saveWorks: false });
    expect(reason).toBe('finished');
    expect(of('epoch')).toHaveLength(3);
  });
});

describe('running off', () => {
  it('names the batch, and does not keep what came of it', async () => {
    const { reason, saved, points } = await run({ trouble: { divergeAt: 9 } });
    expect(reason).toBeInstanceOf(DivergedError);
    expect(reason).toMatchObject({ epoch: 2, batch: 3 });
    expect(saved.map(({ position }) => position.step)).toEqual([6]);
    expect(points.at(-1)!.step).toBe(8);
  });

  it('is noticed in the weights before they are stored', async () => {
    const weights = { ...initialWeights(smallNetwork, 1), 'dense/bias': Float32Array.of(0, 0, 0) };
    const start = freshStart(weights);
    const settings: TrainingSettings = { ...smallSettings, optimizer: 'sgd', learningRate: Infinity };
    const { reason, saved } = await run({
      start,
      settings,
      between: (control, turn) => turn === 1 && control.pause(),
    });
    expect(reason).toBeInstanceOf(DivergedError);
    expect(saved).toEqual([]);
  });
});
