/** What the benchmark makes of what it measured. */
import { describe, expect, test } from 'vitest';
import { callTable, compare, lossDifference, median, rounded, speedTable, summarize } from './table.mjs';

const row = (id: string, threads?: number) => ({ id, engine: id, threads });
const answer = (imagesPerSecond: number, more: object = {}) => ({
  imagesPerSecond,
  steps: 8,
  device: 'here',
  parameters: 7,
  losses: [2, 1],
  ...more,
});
const measured = (id: string, imagesPerSecond: number, threads?: number) =>
  summarize('lenet', row(id, threads), [answer(imagesPerSecond)]);

describe('a row of the benchmark', () => {
  test('counts with the median of its rounds', () => {
    expect(median([3, 1, 100])).toBe(3);
    expect(median([4, 1, 100, 2])).toBe(3);
    const rounds = [answer(10), answer(1000), answer(30)];
    expect(summarize('lenet', row('wasm', 1), rounds)).toMatchObject({
      network: 'lenet',
      id: 'wasm',
      imagesPerSecond: 30,
      rounds: [10, 1000, 30],
      stepsTimed: 24,
    });
  });

  test('counts without a round that failed, and shows the failure where all did', () => {
    const failed = { error: 'no kernel' };
    expect(summarize('lenet', row('wasm'), [failed, answer(5)])).toMatchObject({ imagesPerSecond: 5 });
    const result = summarize('lenet', row('wasm'), [failed]);
    expect(result).toMatchObject({ error: 'no kernel' });
    expect(speedTable(compare([result]))).toContain('no kernel');
  });

  test('adds the examples to the memory of the engine, and takes the largest process', () => {
    const rounds = [
      answer(1, { memory: 60e6, dataBytes: 50e6, processBytes: 300e6 }),
      answer(1, { memory: 60e6, dataBytes: 50e6, processBytes: 310e6 }),
    ];
    expect(summarize('lenet', row('wasm'), rounds)).toMatchObject({
      engineMB: 60,
      memoryMB: 110,
      processMB: 310,
    });
    const unknown = summarize('lenet', row('webgl'), [answer(1, { dataBytes: 50e6 })]);
    expect([unknown.memoryMB, unknown.processMB]).toEqual([undefined, undefined]);
  });
});

describe('the comparison', () => {
  const results = compare([
    measured('wasm-relaxed-1', 300, 1),
    measured('wasm-relaxed-2', 600, 2),
    measured('webgpu', 800),
    measured('tfjs-wasm', 20, 1),
    measured('tfjs-webgl', 30),
    measured('tfjs-cpu', 90, 1),
    measured('pytorch-1', 100, 1),
    measured('pytorch-2', 150, 2),
    measured('pytorch-avx2-1', 50, 1),
    measured('pytorch-avx2-2', 75, 2),
  ]);
  const of = (id: string) => results.find((result) => result.id === id);

  test('takes PyTorch with as many threads', () => {
    expect(of('wasm-relaxed-1')).toMatchObject({ againstPytorch: 3, againstPytorchAvx2: 6 });
    expect(of('wasm-relaxed-2')).toMatchObject({ againstPytorch: 4, againstPytorchAvx2: 8 });
  });

  test('takes PyTorch with all threads for a device that has none of its own', () => {
    expect(of('webgpu')?.againstPytorch).toBeCloseTo(800 / 150);
  });

  test('takes the faster of TensorFlow.js wasm and webgl, not its cpu backend', () => {
    expect(of('wasm-relaxed-1')?.againstTfjs).toBe(10);
  });

  test('has no ratio to what was not measured', () => {
    const [alone] = compare([measured('wasm-relaxed-1', 300, 1)]);
    expect([alone?.againstPytorch, alone?.againstTfjs]).toEqual([undefined, undefined]);
  });

  test('takes losses relative to the exact ones, as far as both go', () => {
    expect(lossDifference([2, 1.5, 9], [2, 1])).toBe(0.5);
    expect(lossDifference([], [2, 1])).toBeUndefined();
    expect(compare([measured('wasm', 1)], [2, 1.25])[0]?.lossDifference).toBeCloseTo(0.2);
    expect(compare([measured('wasm', 1)])[0]?.lossDifference).toBe(0);
  });
});

describe('the table', () => {
  test('has the fastest row first and leaves out columns without a value', () => {
    const table = speedTable(compare([measured('tfjs-wasm', 1234.5, 1), measured('wasm', 9876.5, 2)]));
    const [head, , first, second] = table.split('\n');
    expect(head).toMatch(/^\| engine +\| threads +\| images\/s +\| tfjs/);
    expect(head).not.toContain('PyTorch');
    expect(first).toMatch(/^\| wasm +\| 2 +\| 9,877 +\| 8× +\| 1\.000000 \(2\) +\| 0\.0e\+0 +\| here +\|$/);
    expect(second).toContain('| 1,235 ');
    expect(new Set(table.split('\n').map((line) => line.length)).size).toBe(1);
  });

  test('shows the beginning of a failure, and keeps its lines apart from the table', () => {
    const failed = summarize('lenet', row('webgpu'), [{ error: `Too large. ${'x'.repeat(200)}\nmore` }]);
    const table = speedTable([failed]);
    expect(table).toContain('Too large. xxx');
    expect(table).not.toContain('more');
    expect(table.split('\n')).toHaveLength(3);
  });

  test('says where only the first step was timed', () => {
    const slow = summarize('lenet', row('tfjs-cpu', 1), [answer(4.26, { cold: true })]);
    expect(speedTable(compare([slow]))).toContain('4.26 (first step)');
  });

  test('shows what a step asks of WebGPU, for engines that use it', () => {
    const calls = { dispatches: 11, submits: 0.125, passes: 1, buffers: 0, bindGroups: 0, queueWrites: 0 };
    const light = summarize('lenet', row('webgpu'), [answer(1, { calls })]);
    expect(callTable([light, measured('wasm', 1)]).split('\n')[2]).toMatch(
      /^\| webgpu +\| 11 +\| 0\.125 +\| 1 +\| 0 +\| 0 +\| 0 +\|$/,
    );
    expect(callTable([measured('wasm', 1)])).toBe('');
  });

  test('rounds to three digits, and whole numbers from a hundred on', () => {
    expect([0.01234, 1.2345, 99.94, 1234.5].map(rounded)).toEqual(['0.0123', '1.23', '99.9', '1,235']);
  });
});
