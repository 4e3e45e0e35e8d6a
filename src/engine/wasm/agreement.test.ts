import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { layers } from '../../layers';
import type { Engine } from '../engine';
import { compare, lenetLosses } from '../testing/agreement';
import { networks } from '../testing/agreementNetworks';
import { cpu } from '../tfjs/cpu';
import { wasm } from './driver';

let reference: Engine;
let engine: Engine;
beforeAll(async () => {
  reference = await cpu.open({ available: true, device: '', software: false });
  engine = await wasm.open({ available: true, device: '', software: false });
});
afterAll(() => {
  reference.dispose();
  engine.dispose();
});

describe('gradients, statistics and outputs are those of the CPU', () => {
  for (const { name, network, loss } of networks)
    test(name, async () => expect(await compare(reference, engine, network, loss)).toEqual([]));
});

test('every kind of layer is among them', () => {
  const covered = networks.map(({ kind }) => kind);
  expect(layers.map(({ kind }) => kind).filter((kind) => !covered.includes(kind))).toEqual(['input']);
});

test('every kind with weights is among them frozen', () => {
  const names = networks.map(({ name }) => name);
  const weighted = layers.filter(({ weights }) => weights).map(({ kind }) => kind);
  expect(weighted.length).toBeGreaterThan(0);
  expect(weighted.filter((kind) => !names.includes(`frozen ${kind}`))).toEqual([]);
});

test('twenty steps of LeNet, partial batches among them, take the CPU’s way', async () => {
  const expected = await lenetLosses(reference);
  const actual = await lenetLosses(engine);
  actual.forEach((loss, i) => expect(Math.abs(loss - expected[i]!)).toBeLessThan(1e-3 * expected[i]! + 1e-5));
}, 60_000);
