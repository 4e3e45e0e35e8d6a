import { afterAll, beforeAll, expect, test } from 'vitest';
import { layers } from '../../layers';
import type { Engine, Trainer } from '../engine';
import { cpu } from '../tfjs/cpu';
import { compare } from './agreement';
import { networks } from './agreementNetworks';

let reference: Engine;
beforeAll(async () => {
  reference = await cpu.open({ available: true, device: '', software: false });
});
afterAll(() => reference.dispose());

test('every kind of layer is among the networks, and each network has a name of its own', () => {
  const covered = networks.map(({ kind }) => kind);
  expect(layers.map(({ kind }) => kind).filter((kind) => !covered.includes(kind))).toEqual(['input']);
  expect(new Set(networks.map(({ name }) => name)).size).toBe(networks.length);
});

const { network } = networks.find(({ name }) => name === 'batch normalization')!;

test('an engine agrees with itself', async () => {
  expect(await compare(reference, reference, network)).toEqual([]);
});

test('what an engine computes differently is named', async () => {
  const faulty: Engine = {
    info: reference.info,
    dispose: () => undefined,
    async createTrainer(options) {
      const trainer = await reference.createTrainer(options);
      const wrong: Trainer = {
        step: (data, indices) => trainer.step(data, indices),
        metrics: () => trainer.metrics(),
        evaluate: (data, indices) => trainer.evaluate(data, indices),
        predict: async (inputs, count) => (await trainer.predict(inputs, count)).fill(Number.NaN, 0, 1),
        async state() {
          const state = await trainer.state();
          state.slots['m:dense/kernel']![3]! += 0.01;
          return state;
        },
        allocations: () => trainer.allocations(),
        dispose: () => trainer.dispose(),
      };
      return wrong;
    },
  };
  const differences = await compare(reference, faulty, network);
  expect(differences.map((difference) => difference.replace(/ by .*/, ''))).toEqual([
    'gradient m:dense/kernel differs',
    'predictions differs',
  ]);
});
