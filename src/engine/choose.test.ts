/** Which engine is taken: what is tried, what is timed, what is asked for. What makes one fail is in check.test.ts. */
import { describe, expect, test } from 'vitest';
import { chooseEngine, NoEngineError } from './choose';
import { DeviceLostError } from './engine';
import type { LayerKind } from '../layers';
import { causes, chosen, runOf } from './testing/choosing';
import { absent, createDevices, hardware, software, weights, type Change } from './testing/devices';
import { cpu } from './tfjs/cpu';

const zeroGradient = weights((key, after, before) => (key === 'conv2d/kernel' ? before : after));
const failing: Change = () => ({
  step: () => {
    throw new Error('The shader does not compile.');
  },
});

describe('the fastest', () => {
  test('of our own is taken, whichever it is, and the other is named with its speed', async () => {
    for (const [gpuMs, wasmMs, fastest] of [
      [2, 20, 'webgpu'],
      [20, 2, 'wasm'],
    ] as const) {
      const { device, now } = createDevices();
      const drivers = [
        device('webgpu', hardware, { stepMs: gpuMs }),
        device('wasm', hardware, { stepMs: wasmMs }),
        cpu,
      ];
      const { id, measured, rejected } = await chosen(drivers, { now });
      expect(id).toBe(fastest);
      expect(measured).toBeCloseTo(1000);
      expect(rejected).toEqual([
        {
          label: fastest === 'wasm' ? 'WebGPU' : 'WebAssembly',
          cause: 'slower',
          reason: 'It trained 100 images a second when it was timed.',
        },
        { label: 'TensorFlow.js CPU', cause: 'untried', reason: 'Engines that are faster work here.' },
      ]);
      expect(drivers[0]).toHaveProperty('seen', expect.objectContaining({ open: 0, trainers: 0 }));
      expect(drivers[1]).toHaveProperty('seen', expect.objectContaining({ open: 0, trainers: 0 }));
    }
  });

  test('is the one on the GPU where both are as fast, or nearly', async () => {
    for (const [wasmMs, taken] of [
      [10, 'webgpu'],
      [9.5, 'webgpu'],
      [8, 'wasm'],
    ] as const) {
      const { device, now } = createDevices();
      const drivers = [device('webgpu', hardware), device('wasm', hardware, { stepMs: wasmMs }), cpu];
      expect((await chosen(drivers, { now })).id).toBe(taken);
    }
  });

  test('is not asked for where only one can be used, nor of TensorFlow.js where ours runs on the GPU', async () => {
    const { device, now } = createDevices();
    const stages: string[] = [];
    const rivals = [device('tfjs-webgpu', hardware), device('tfjs-webgl', hardware)];
    const choice = await chosen([device('webgpu', hardware), device('wasm', absent), ...rivals, cpu], {
      now,
      onStage: (stage, label) => stages.push(`${stage} ${label}`),
    });
    expect(choice).toMatchObject({ id: 'webgpu', measured: undefined });
    expect(causes(choice)).toEqual({
      WebAssembly: 'absent',
      'TensorFlow.js WebGPU': 'untried',
      'TensorFlow.js WebGL': 'untried',
      'TensorFlow.js CPU': 'untried',
    });
    expect(stages).toEqual(['checking WebGPU']);
    expect(rivals.map(({ seen }) => seen.probes)).toEqual([0, 0]);
  });

  test('is told as it is looked for: each checked, then each timed', async () => {
    const { device, now } = createDevices();
    const stages: string[] = [];
    await chosen([device('webgpu', hardware), device('wasm', hardware), cpu], {
      now,
      onStage: (stage, label) => stages.push(`${stage} ${label}`),
    });
    expect(stages).toEqual([
      'checking WebGPU',
      'checking WebAssembly',
      'measuring WebGPU',
      'measuring WebAssembly',
    ]);
  });

  test('is found with the run’s own network, weights and batches', async () => {
    const { device, now } = createDevices();
    const run = runOf(undefined, 50);
    const sizes = new Set<number>();
    const made: unknown[] = [];
    const wasm = device('wasm', hardware, {
      change: (trainer) => ({
        step: (data, indices) => {
          sizes.add(indices.length);
          trainer.step(data, indices);
        },
      }),
      onCreate: (options) => made.push(options),
    });
    await chosen([device('webgpu', hardware), wasm, cpu], { now, run });
    // The check of 45 examples, the run that is timed at 50; a loser needs no third trainer.
    expect([...sizes]).toEqual([45, 50]);
    expect(made[0]).toBe(run);
  });

  test('may be TensorFlow.js on a GPU, where ours does not run on one and takes more than 4 ms a step', async () => {
    for (const [wasmMs, rivalMs, taken] of [
      [20, 5, 'tfjs-webgl'],
      [20, 30, 'wasm'],
      [3, 1, 'wasm'],
    ] as const) {
      const { device, now } = createDevices();
      const rival = device('tfjs-webgl', hardware, { stepMs: rivalMs });
      const broken = device('webgpu', hardware, { change: zeroGradient });
      const drivers = [broken, device('wasm', hardware, { stepMs: wasmMs }), rival, cpu];
      expect((await chosen(drivers, { now })).id).toBe(taken);
      expect(rival.seen.opens).toBe(wasmMs > 4 ? 1 : 0);
    }
  });

  test('is not looked for on an emulated GPU while WebAssembly works', async () => {
    const { device } = createDevices();
    const emulated = [
      device('webgpu', software),
      device('tfjs-webgpu', software),
      device('tfjs-webgl', software),
    ];
    const choice = await chosen([...emulated, device('wasm', hardware), cpu]);
    expect(choice).toMatchObject({ id: 'wasm', measured: undefined });
    expect(emulated.map(({ seen }) => seen.opens)).toEqual([0, 0, 0]);
  });

  test('is the other one where an engine fails while it is timed', async () => {
    const { device, now } = createDevices();
    let steps = 0;
    const lost: Change = (trainer) => ({
      step: (data, indices) => {
        if (++steps > 3) throw new DeviceLostError('The graphics processor was lost.');
        trainer.step(data, indices);
      },
    });
    const choice = await chosen(
      [device('webgpu', hardware, { change: lost, stepMs: 1 }), device('wasm', hardware), cpu],
      { now },
    );
    expect(choice.id).toBe('wasm');
    expect(choice.rejected[0]).toEqual({
      label: 'WebGPU',
      cause: 'failed',
      reason: 'The graphics processor was lost.',
    });
  });

  test('is the other one where an engine has no memory for the run after it was timed', async () => {
    const { device, now } = createDevices();
    let trainers = 0;
    const onCreate = (): void => {
      // One to be timed, one for the check, one for the run.
      if (++trainers === 3) throw new Error('It has no room left.');
    };
    const choice = await chosen(
      [device('webgpu', hardware, { onCreate, stepMs: 1 }), device('wasm', hardware), cpu],
      { now },
    );
    expect(choice.id).toBe('wasm');
    expect(choice.rejected[0]).toMatchObject({ label: 'WebGPU', reason: 'It has no room left.' });
  });
});

describe('where ours do not work', () => {
  test('a real GPU comes first, then an emulated WebGL, an emulated WebGPU of ours, and the CPU', async () => {
    const { device } = createDevices();
    const wasm = device('wasm', absent);
    expect(
      (await chosen([wasm, device('tfjs-webgpu', hardware), device('tfjs-webgl', hardware), cpu])).id,
    ).toBe('tfjs-webgpu');
    const emulated = [device('tfjs-webgpu', software), device('webgpu', software)];
    expect((await chosen([wasm, ...emulated, device('tfjs-webgl', software), cpu])).id).toBe('tfjs-webgl');
    expect((await chosen([wasm, ...emulated, cpu])).id).toBe('webgpu');
    const choice = await chosen([wasm, device('tfjs-webgpu', software), cpu]);
    expect(choice.id).toBe('tfjs-cpu');
    expect(causes(choice)).toEqual({ WebAssembly: 'absent', 'TensorFlow.js WebGPU': 'untried' });
  });

  test('the CPU is not checked against itself', async () => {
    const { device } = createDevices();
    const stages: string[] = [];
    const broken = device('tfjs-webgl', hardware, { change: failing });
    const onStage = (_: string, label: string): void => void stages.push(label);
    expect((await chosen([broken, cpu], { onStage })).id).toBe('tfjs-cpu');
    expect(stages).toEqual(['TensorFlow.js WebGL']);
  });

  test('because a layer has no kernel yet, TensorFlow.js trains the whole network, and the layer is named', async () => {
    const { device } = createDevices();
    const kinds = new Set<LayerKind>(['input', 'conv2d', 'flatten', 'dense']);
    const wasm = device('wasm', hardware, { kinds });
    const choice = await chosen([wasm, device('tfjs-webgl', software), cpu]);
    expect(choice.id).toBe('tfjs-webgl');
    expect(choice.rejected[0]).toEqual({
      label: 'WebAssembly',
      cause: 'gap',
      reason: 'It has no kernel for BatchNormalization yet.',
    });
    expect(wasm.seen.opens).toBe(0);
  });
});

describe('the engine that is asked for', () => {
  test('is taken without being timed, whatever its speed', async () => {
    const { device } = createDevices();
    const wasm = device('wasm', hardware);
    const choice = await chosen([wasm, device('tfjs-webgpu', software), cpu], { pinned: 'tfjs-webgpu' });
    expect(choice).toEqual({ id: 'tfjs-webgpu', measured: undefined, rejected: [] });
    expect(wasm.seen.opens).toBe(0);
    expect((await chosen([wasm, cpu], { pinned: 'tfjs-cpu' })).id).toBe('tfjs-cpu');
  });

  test.each([
    ['is not on this device', 'webgl', absent, undefined, 'absent', 'It is not there.'],
    ['fails its check', 'webgl', hardware, failing, 'failed', 'The shader does not compile.'],
    [
      'is not part of the app',
      'none',
      absent,
      undefined,
      'absent',
      'This version of the app does not have it.',
    ],
  ] as const)('is named where it %s, and the fastest that works is taken', async (...row) => {
    const [, which, probe, change, cause, reason] = row;
    const { device } = createDevices();
    const asked = which === 'webgl' ? [device('tfjs-webgl', probe, { change })] : [];
    const choice = await chosen([device('wasm', hardware), ...asked, cpu], { pinned: 'tfjs-webgl' });
    expect(choice.id).toBe('wasm');
    expect(choice.rejected).toContainEqual({ label: 'TensorFlow.js WebGL', cause, reason, pinned: true });
  });
});

test('an engine that is excluded is named with the reason, and not opened', async () => {
  const { device } = createDevices();
  const webgpu = device('webgpu', hardware);
  const without = new Map([['webgpu', 'It was lost twice.']] as const);
  const choice = await chosen([webgpu, device('wasm', hardware), cpu], { without });
  expect(choice).toMatchObject({
    id: 'wasm',
    rejected: [{ label: 'WebGPU', reason: 'It was lost twice.' }, {}],
  });
  expect(webgpu.seen.probes).toBe(0);
});

test('the choice ends between two engines when it is to stop, and closes what is open', async () => {
  const { device } = createDevices();
  const [webgpu, wasm] = [device('webgpu', hardware), device('wasm', hardware)];
  const control = new AbortController();
  const onStage = (): void => control.abort();
  const choice = chooseEngine({ run: runOf(), onStage, signal: control.signal }, [webgpu, wasm, cpu], cpu);
  await expect(choice).rejects.toThrow(/abort/);
  expect([webgpu.seen.opens, webgpu.seen.open, webgpu.seen.trainers]).toEqual([1, 0, 0]);
  expect(wasm.seen.opens).toBe(0);
});

test('says what is wrong with each engine where none works', async () => {
  const { device } = createDevices();
  const drivers = [device('tfjs-webgpu', absent), device('tfjs-webgl', hardware, { change: failing })];
  const choice = chooseEngine({ run: runOf() }, drivers, cpu);
  await expect(choice).rejects.toThrow(NoEngineError);
  await expect(choice).rejects.toThrow(
    'No engine can train on this device. TensorFlow.js WebGPU: It is not there. ' +
      'TensorFlow.js WebGL: The shader does not compile.',
  );
});
