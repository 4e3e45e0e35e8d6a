import { expect, test } from 'vitest';
import { THREADS } from './kernel';
import { chooseSplits, chooseTile, DEPTH, emulated, hardware, tileColumns, tileRows, tiles } from './tile';

test('every cut uses all threads', () => {
  for (const { across, down, deep } of tiles) expect(across * down * deep).toBe(THREADS);
});

test('narrow products get narrow tiles, and large ones large tiles', () => {
  expect(tileColumns(chooseTile({ rows: 18432, columns: 32, spread: false }, hardware))).toBe(32);
  expect(tileRows(chooseTile({ rows: 9, columns: 32, spread: true }, hardware))).toBeLessThanOrEqual(16);
  const large = chooseTile({ rows: 4096, columns: 4096, spread: false }, hardware);
  expect(large.rows * large.columns).toBe(64);
});

test('few rows are shared out so that more than a few workgroups run', () => {
  const tile = chooseTile({ rows: 128, columns: 500, spread: false }, hardware);
  const workgroups = Math.ceil(128 / tileRows(tile)) * Math.ceil(500 / tileColumns(tile));
  expect(workgroups).toBeGreaterThan(20);
});

test('a thread holds no more sums than the device has registers for', () => {
  for (const rows of [1, 10, 100, 1000, 100_000])
    for (const columns of [1, 10, 100, 1000])
      for (const model of [hardware, emulated]) {
        const tile = chooseTile({ rows, columns, spread: rows > columns }, model);
        expect(tile.rows * tile.columns).toBeLessThanOrEqual(model.sums);
      }
});

test('the depth is cut for busy cores, but not into parts that are hardly worth a start', () => {
  const tile = chooseTile({ rows: 9, columns: 32, spread: true }, hardware);
  const splits = chooseSplits(tile, { rows: 9, columns: 32, depth: 86528 }, hardware);
  expect(splits).toBeGreaterThanOrEqual(hardware.workgroups);
  expect(86528 / splits).toBeGreaterThanOrEqual(4 * DEPTH);
  expect(chooseSplits(tile, { rows: 9, columns: 32, depth: 20 }, hardware)).toBe(1);
  expect(chooseSplits(tile, { rows: 2000, columns: 2000, depth: 86528 }, hardware)).toBe(1);
});
