import { expect, test } from 'vitest';
import { JOB_BYTES, JobQueue, QUEUED } from './jobs';

const parameters = { training: true, seed: 0xfedcba98, rate: 0.25 };

test('jobs lie one after the other, and so do the numbers of their examples', () => {
  const queue = new JobQueue(4);
  queue.add(Uint32Array.of(7, 5, 3), parameters);
  queue.add(Uint32Array.of(9, 8), { training: false, seed: 0, rate: 0 });
  const { bytes, length } = queue.content;
  expect(length).toBe(queue.indicesAt + 4 * 5);
  expect([...new Uint32Array(bytes, queue.indicesAt, 5)]).toEqual([7, 5, 3, 9, 8]);
  const words = (job: number) => [...new Uint32Array(bytes, job * JOB_BYTES, 5)];
  expect(words(0)).toEqual([3, 0, 0, 1, 0xfedcba98]);
  expect(words(1)).toEqual([2, 3, 1, 0, 0]);
  expect([...new Float32Array(bytes, 20, 2)]).toEqual([0.25, Math.fround(1 / 3)]);
});

test('it is filled again in the same memory', () => {
  const queue = new JobQueue(4);
  const { bytes } = queue.content;
  for (let i = 0; i < QUEUED; i++) queue.addCount(4, parameters);
  expect(queue.isFull).toBe(true);
  queue.clear();
  expect(queue.length).toBe(0);
  expect(queue.content).toEqual({ bytes, length: queue.indicesAt });
  expect(queue.content.bytes).toBe(bytes);
});

test('a batch of nothing, or one that is too large, is refused', () => {
  const queue = new JobQueue(4);
  expect(() => queue.addCount(0, parameters)).toThrow('A batch of 0 is not between 1 and 4.');
  expect(() => queue.addCount(5, parameters)).toThrow('A batch of 5 is not between 1 and 4.');
});
