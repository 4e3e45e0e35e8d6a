import { expect, test } from 'vitest';
import { integers, kernel } from '../emit';
import { TestMemory } from '../testing/memory';
import { transposeRows } from './transpose';

test('a block of eight rows and columns is turned over its diagonal', () => {
  const memory = new TestMemory();
  memory.begin(1);
  const from = memory.put(Array.from({ length: 64 }, (_, i) => i));
  const to = memory.room(64);
  const { run } = memory.instantiate(kernel('run', integers(2), transposeRows));
  run!(from.at, to.at);
  const expected = Array.from({ length: 64 }, (_, i) => 8 * (i % 8) + Math.floor(i / 8));
  expect([...to.values]).toEqual(expected);
  memory.expectWholeRims();
});
