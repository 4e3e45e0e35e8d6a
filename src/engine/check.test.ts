/** What the check of one gradient step finds, on the CPU engine made faulty, and what it passes over. */
import { describe, expect, test } from 'vitest';
import { referenceStep } from './check';
import { referenceFor } from './reference';
import { chosen, runOf, smallConvolution } from './testing/choosing';
import { createDevices, hardware, weights, type Change } from './testing/devices';
import { compiledChain } from './testing/examples';
import { cpu } from './tfjs/cpu';

const zeroGradient = weights((key, after, before) => (key === 'conv2d/kernel' ? before : after));

const choiceWith = (change: Change, run = runOf()) => {
  const webgpu = createDevices().device('webgpu', hardware, { change });
  return chosen([webgpu, cpu], { run }).then((choice) => ({ ...choice, seen: webgpu.seen }));
};

describe('an engine is not used', () => {
  const reasonOf = async (change: Change): Promise<string> => {
    const { id, rejected, seen } = await choiceWith(change);
    expect(id).toBe('tfjs-cpu');
    expect(seen).toMatchObject({ opens: 1, open: 0, trainers: 0 });
    expect(rejected[0]).toMatchObject({ label: 'WebGPU', cause: 'failed' });
    return rejected[0]!.reason;
  };

  test('when a gradient is zero, with the layer and the numbers', async () => {
    expect(await reasonOf(zeroGradient)).toMatch(
      /^Its gradient of conv2d\/kernel is off by [\d.]+; the CPU's largest is [\d.]+ and [\d.]+ would be allowed\.$/,
    );
  });

  test('when a gradient has the wrong sign or is a tenth too large', async () => {
    const scaled = (factor: number): Change =>
      weights((key, after, before) =>
        key === 'dense/bias' ? after.map((w, i) => before[i]! + (w - before[i]!) * factor) : after,
      );
    expect(await reasonOf(scaled(-1))).toContain('dense/bias');
    expect(await reasonOf(scaled(1.1))).toContain('dense/bias');
  });

  test('when a weight is no number', async () => {
    expect(await reasonOf(weights((_, after) => after.map(() => NaN)))).toContain('NaN');
  });

  test('when it keeps weights in half precision', async () => {
    const half = weights((_, after) => {
      const bits = Uint32Array.from(new Uint32Array(after.buffer), (word) => (word + 0x1000) & ~0x1fff);
      return new Float32Array(bits.buffer);
    });
    expect(await reasonOf(half)).toContain('half precision');
  });

  test('when its loss differs', async () => {
    const doubled: Change = (trainer) => ({
      metrics: async () => (await trainer.metrics()).map((step) => ({ ...step, loss: step.loss * 2 })),
    });
    expect(await reasonOf(doubled)).toMatch(/^Its loss for three test images is/);
  });

  test('when it leaves out the end of a large batch, as drivers with a limit on loops do', async () => {
    const short: Change = (trainer) => ({
      step: (data, indices) => trainer.step(data, indices.length > 34 ? indices.subarray(0, 34) : indices),
    });
    expect((await choiceWith(short, runOf(undefined, 32))).id).toBe('webgpu');
    expect((await choiceWith(short, runOf(undefined, 64))).id).toBe('tfjs-cpu');
  });

  test('when it throws', async () => {
    const throwing: Change = () => ({
      step: () => {
        throw new Error('The shader does not compile.');
      },
    });
    expect(await reasonOf(throwing)).toBe('The shader does not compile.');
  });

  test('but is, when its sums are rounded otherwise', async () => {
    let n = 0;
    const rounded = weights((_, after) => after.map((w) => w * (1 + (n++ % 2 ? 1e-7 : -1e-7))));
    expect((await choiceWith(rounded)).id).toBe('webgpu');
  });
});

test('a large batch is checked against three images, whatever the network draws at random', async () => {
  const random = compiledChain([6, 6, 1], 3, [
    ['conv2d', { filters: 3, kernelSize: [3, 3] }],
    ['batchNormalization'],
    ['dropout', { rate: 0.5 }],
    ['flatten'],
    ['dense', { units: 3, activation: 'softmax' }],
  ]);
  expect((await choiceWith(() => ({}), runOf(random, 129))).id).toBe('webgpu');
});

test('a network whose first weights give no gradient is checked with others', async () => {
  // One relu before everything else: for half of the draws it is dead, and no gradient is what there should be.
  const narrow = compiledChain([2, 2, 1], 2, [
    ['activation', { activation: 'linear' }],
    ['activation', { activation: 'linear' }],
    ['flatten'],
    ['dense', { units: 1, activation: 'relu', useBias: false }],
    ['dense', { units: 2, activation: 'softmax', useBias: false }],
  ]);
  const engine = await cpu.open({ available: true, device: '', software: false });
  const { seed } = await referenceStep(engine, narrow, 'categoricalCrossentropy');
  engine.dispose();
  expect(seed).toBeGreaterThan(1);
  const frozen = weights((_, __, before) => before);
  expect((await choiceWith(frozen, runOf(narrow))).id).toBe('tfjs-cpu');
});

test('the CPU computes its step once for a network and loss, however many engines are checked', async () => {
  const network = { ...smallConvolution };
  const reference = createDevices().device('tfjs-cpu', hardware);
  const first = await referenceFor(network, 'categoricalCrossentropy', reference);
  expect(await referenceFor(network, 'categoricalCrossentropy', reference)).toBe(first);
  expect(reference.seen).toMatchObject({ opens: 1, open: 0 });
  await referenceFor(network, 'meanSquaredError', reference);
  expect(reference.seen.opens).toBe(2);
});

test('a network too large for the CPU is stood in for by LeNet', async () => {
  const network = { ...smallConvolution, multiplyAdds: 1e9 };
  const reference = await referenceFor(network, 'categoricalCrossentropy', cpu);
  expect(reference.network.parameters).toBe(585_958);
});
