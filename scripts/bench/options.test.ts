/** What the benchmark understands of its command line. */
import { describe, expect, test } from 'vitest';
import { isChosen, networks, parseOptions, threadCounts } from './options.mjs';

describe('the options of the benchmark', () => {
  test('without any, every network is measured on one to all cores in three rounds', () => {
    expect(parseOptions([], 2)).toMatchObject({ networks, threads: [1, 2], rounds: 3, engines: undefined });
  });

  test('lists are split and threads sorted', () => {
    const options = parseOptions(['--networks', 'mlp,lenet', '--threads', '4,1,4', '--engines=wasm,jax'], 2);
    expect(options).toMatchObject({
      networks: ['mlp', 'lenet'],
      threads: [1, 4],
      engines: ['wasm', 'jax'],
    });
  });

  test('seconds may be fractions, rounds may not', () => {
    expect(parseOptions(['--seconds', '0.5'], 2).seconds).toBe(0.5);
    expect(() => parseOptions(['--rounds', '0.5'], 2)).toThrow(
      '--rounds takes whole numbers above 0; 0.5 came.',
    );
  });

  test.each([
    [['--threads', 'many'], 'many came'],
    [['--seconds', '0'], '0 came'],
    [['--networks', 'vgg'], 'There is no network vgg'],
    [['--speed'], '--speed'],
    [['fast'], 'fast'],
  ])('%j is refused', (args, message) => {
    expect(() => parseOptions(args, 2)).toThrow(message);
  });

  test('the numbers of threads double up to all cores', () => {
    expect([1, 2, 6, 8].map(threadCounts)).toEqual([[1], [1, 2], [1, 2, 4, 6], [1, 2, 4, 8]]);
  });

  test('engines are chosen by their names or beginnings of them, at a hyphen', () => {
    expect(isChosen('wasm-relaxed-1', ['wasm'])).toBe(true);
    expect(isChosen('wasm-relaxed-1', ['wasm-relaxed-1'])).toBe(true);
    expect(isChosen('webgpu', ['web'])).toBe(false);
    expect(isChosen('pytorch-1', undefined)).toBe(true);
  });
});
