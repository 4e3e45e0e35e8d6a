import { describe, expect, test } from 'vitest';
import type { DatasetDefinition, LoadedDataset } from '../datasets/defineDataset';
import { compiledChain, examples } from '../engine/testing/examples';
import type { CompiledNetwork } from '../network/compiled';
import { createClock } from './clock';
import { loadData } from './loadData';
import type { RunEvent, StartCommand } from './protocol';

const loaded: LoadedDataset = { train: examples(4, [2, 3, 1], 2), test: examples(2, [2, 3, 1], 2) };
const dataset: DatasetDefinition = {
  id: 'small',
  label: 'Small',
  documentation: '',
  shape: [2, 3, 1],
  scale: 1 / 255,
  classLabels: ['a', 'b'],
  trainCount: 4,
  testCount: 2,
  licence: '',
  downloadBytes: 0,
  load: () => Promise.resolve(loaded),
};

async function load(network: CompiledNetwork): Promise<LoadedDataset> {
  const clock = createClock();
  const events: RunEvent[] = [];
  const environment = {
    emit: (event: RunEvent) => void events.push(event),
    datasetOf: () => dataset,
    fetchAsset: () => Promise.reject(new Error('Nothing is fetched.')),
    clock,
  };
  try {
    const command = { datasetId: 'small', network } as StartCommand;
    return await loadData(command, environment, new AbortController().signal);
  } finally {
    clock.close();
  }
}

const output = ['dense', { units: 2, activation: 'softmax' }] as const;
const vectors = (size: number): CompiledNetwork =>
  compiledChain([size], 2, [output], { form: 'vector', size });

describe('images are loaded for a network', () => {
  test('that takes them as they are', async () => {
    expect(await load(compiledChain([2, 3, 1], 2, [['flatten'], output]))).toBe(loaded);
  });

  test('that takes them as vectors of as many values', async () => {
    expect(await load(vectors(6))).toBe(loaded);
  });
});

test('a network that takes others is refused in words', async () => {
  const words = 'Small needs a network with 2×3×1 in and 2 classes out; this one has 5 in and 2 out.';
  await expect(load(vectors(5))).rejects.toThrow(words);
});
