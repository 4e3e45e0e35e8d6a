import * as core from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { compiledChain } from './testing/examples';
import { referenceStep } from './check';
import { chooseEngine, NoEngineError, type ChoiceOptions } from './choose';
import type { EngineDriver, Probe } from './driver';
import type { Engine, EngineId, Trainer, TrainerOptions, TrainerState } from './engine';
import { cpu } from './tfjs/cpu';
import { wasm } from './wasm/driver';

const network = compiledChain([6, 6, 1], 3, [
  ['conv2d', { filters: 3, kernelSize: [3, 3] }],
  ['batchNormalization'],
  ['flatten'],
  ['dense', { units: 3, activation: 'softmax' }],
]);
const options: ChoiceOptions = { network, loss: 'categoricalCrossentropy' };

type Change = (trainer: Trainer, options: TrainerOptions) => Partial<Trainer>;

/** A device made of the CPU engine, with what a faulty one would do differently. */
function device(
  id: EngineId,
  probe: Probe,
  change: Change = () => ({}),
): EngineDriver & { disposed: () => number } {
  const label = id.slice(5).toUpperCase();
  let disposed = 0;
  return {
    id,
    label,
    probe: () => Promise.resolve(probe),
    disposed: () => disposed,
    async open() {
      const engine = await cpu.open({ available: true, device: '', software: false });
      const wrapped: Engine = {
        info: { id, label, device: '', software: false },
        async createTrainer(settings) {
          const trainer = await engine.createTrainer(settings);
          const plain: Trainer = {
            step: (data, indices) => trainer.step(data, indices),
            metrics: () => trainer.metrics(),
            evaluate: (data, indices) => trainer.evaluate(data, indices),
            predict: (inputs, count) => trainer.predict(inputs, count),
            state: () => trainer.state(),
            allocations: () => trainer.allocations(),
            dispose: () => trainer.dispose(),
          };
          return { ...plain, ...change(trainer, settings) };
        },
        dispose() {
          disposed++;
          engine.dispose();
        },
      };
      return wrapped;
    },
  };
}

const hardware: Probe = { available: true, device: 'gpu', software: false };
const software: Probe = { available: true, device: 'SwiftShader', software: true };
const absent: Probe = { available: false, reason: 'It is not there.' };

/** Reports weights after a step as `edit` makes them of those before and after. */
const weights =
  (edit: (key: string, after: Float32Array, before: Float32Array) => Float32Array): Change =>
  (trainer, { state }) => ({
    async state(): Promise<TrainerState> {
      const after = await trainer.state();
      const edited = Object.entries(after.weights).map(([key, values]) => [
        key,
        edit(key, values, state.weights[key]!),
      ]);
      return { ...after, weights: Object.fromEntries(edited) as TrainerState['weights'] };
    },
  });

const zeroGradient = weights((key, after, before) => (key === 'conv2d/kernel' ? before : after));

async function chosen(drivers: readonly EngineDriver[], more: Partial<ChoiceOptions> = {}) {
  const before = core.engine().state.numTensors;
  const { engine, rejected } = await chooseEngine({ ...options, ...more }, drivers, cpu);
  if (engine.info.id !== 'wasm') expect(core.getBackend()).toBe('cpu');
  engine.dispose();
  expect(core.engine().state.numTensors).toBe(before);
  return { id: engine.info.id, rejected };
}

describe('the order', () => {
  test('takes WebGPU on hardware before all else', async () => {
    const drivers = [cpu, device('tfjs-webgl', hardware), device('tfjs-webgpu', hardware)];
    expect(await chosen(drivers)).toEqual({ id: 'tfjs-webgpu', rejected: [] });
  });

  test('takes WebGL on hardware before an emulated WebGPU', async () => {
    const drivers = [device('tfjs-webgpu', software), cpu, device('tfjs-webgl', hardware)];
    expect((await chosen(drivers)).id).toBe('tfjs-webgl');
  });

  test('takes an emulated WebGL before the CPU, and the CPU before an emulated WebGPU', async () => {
    const webgpu = device('tfjs-webgpu', software);
    expect((await chosen([webgpu, cpu, device('tfjs-webgl', software)])).id).toBe('tfjs-webgl');
    expect(await chosen([webgpu, cpu, device('tfjs-webgl', absent)])).toEqual({
      id: 'tfjs-cpu',
      rejected: [{ label: 'WEBGL', reason: 'It is not there.' }],
    });
  });

  test('takes WebAssembly after a GPU and before all that is emulated, also for a network with dropout', async () => {
    const emulated = [device('tfjs-webgpu', software), device('tfjs-webgl', software), cpu];
    const withDropout = compiledChain([6, 6, 1], 3, [
      ['conv2d', { filters: 3, kernelSize: [3, 3] }],
      ['dropout', { rate: 0.5 }],
      ['flatten'],
      ['dense', { units: 3, activation: 'softmax' }],
    ]);
    for (const checked of [network, withDropout])
      expect(await chosen([...emulated, wasm], { network: checked })).toEqual({ id: 'wasm', rejected: [] });
    expect((await chosen([device('tfjs-webgl', hardware), wasm, cpu])).id).toBe('tfjs-webgl');
  });

  test('takes the engine that is asked for, and goes on without it where it fails', async () => {
    const drivers = [device('tfjs-webgpu', hardware), cpu];
    expect(await chosen(drivers, { engine: 'tfjs-cpu' })).toEqual({ id: 'tfjs-cpu', rejected: [] });
    const { id, rejected } = await chosen([device('tfjs-webgl', hardware, zeroGradient), ...drivers], {
      engine: 'tfjs-webgl',
    });
    expect(id).toBe('tfjs-webgpu');
    expect(rejected.map(({ label }) => label)).toEqual(['WEBGL']);
  });

  test('says which engine is being checked, and does not check the CPU against itself', async () => {
    const checked: string[] = [];
    const onChecking = (label: string): void => void checked.push(label);
    await chosen([device('tfjs-webgpu', absent), device('tfjs-webgl', hardware, zeroGradient), cpu], {
      onChecking,
    });
    expect(checked).toEqual(['WEBGL']);
  });
});

describe('an engine is not used', () => {
  const reasonOf = async (change: Change): Promise<string> => {
    const webgpu = device('tfjs-webgpu', hardware, change);
    const { id, rejected } = await chosen([webgpu, cpu]);
    expect(id).toBe('tfjs-cpu');
    expect(webgpu.disposed()).toBe(1);
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
    const drivers = () => [device('tfjs-webgpu', hardware, short), cpu];
    expect((await chosen(drivers(), { batchSize: 32 })).id).toBe('tfjs-webgpu');
    expect((await chosen(drivers(), { batchSize: 64 })).id).toBe('tfjs-cpu');
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
    const drivers = [device('tfjs-webgpu', hardware, rounded), cpu];
    expect(await chosen(drivers)).toEqual({ id: 'tfjs-webgpu', rejected: [] });
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
  const { id } = await chosen([device('tfjs-webgpu', hardware), cpu], { network: random, batchSize: 129 });
  expect(id).toBe('tfjs-webgpu');
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
  const { rejected } = await chosen([device('tfjs-webgpu', hardware, frozen), cpu], { network: narrow });
  expect(rejected).toHaveLength(1);
});

test('says what is wrong with each engine where none works', async () => {
  const drivers = [device('tfjs-webgpu', absent), device('tfjs-webgl', absent)];
  const choice = chooseEngine(options, drivers, cpu);
  await expect(choice).rejects.toThrow(NoEngineError);
  await expect(choice).rejects.toThrow('WEBGPU: It is not there. WEBGL: It is not there.');
});
