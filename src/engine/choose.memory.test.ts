/** The choice of an engine where memory does not suffice. */
import { describe, expect, test } from 'vitest';
import { chooseEngine } from './choose';
import { chosen, runOf } from './testing/choosing';
import { createDevices, hardware } from './testing/devices';
import { cpu } from './tfjs/cpu';

describe('memory', () => {
  const tooSmall = (limit: string) => () => {
    throw new Error(`This network takes 5,200 MB of memory; ${limit}.`);
  };

  test('that one engine lacks and another has is a reason for the other', async () => {
    const { device } = createDevices();
    const webgpu = device('webgpu', hardware, { onCreate: tooSmall('WebGPU has at most 4,096 MB') });
    const rival = device('tfjs-webgpu', hardware);
    const choice = await chosen([webgpu, device('wasm', hardware), rival, cpu]);
    expect(choice.id).toBe('wasm');
    expect(choice.rejected[0]!.reason).toContain('5,200 MB');
    expect(rival.seen.opens).toBe(0);
  });

  test('that none of ours has is asked of nothing else: the refusal says the sum, once for each reason', async () => {
    const { device } = createDevices();
    const onCreate = tooSmall('there are 4,096 MB');
    const rival = device('tfjs-webgl', hardware);
    const drivers = [
      device('webgpu', hardware, { onCreate }),
      device('wasm', hardware, { onCreate }),
      rival,
      cpu,
    ];
    await expect(chooseEngine({ run: runOf() }, drivers, cpu)).rejects.toThrow(
      'This network is too large for the memory of this device. ' +
        'WebGPU, WebAssembly: This network takes 5,200 MB of memory; there are 4,096 MB.',
    );
    expect(rival.seen.opens).toBe(0);
  });

  test('is looked for at the run’s batch size before the run', async () => {
    const { device } = createDevices();
    const sizes: unknown[] = [];
    const wasm = device('wasm', hardware, { onCreate: ({ batchSize }) => sizes.push(batchSize) });
    await chosen([wasm, cpu], { run: runOf(undefined, 4096) });
    expect(sizes).toEqual([4096, 255]);
  });
});
