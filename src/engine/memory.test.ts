/** Which errors say that memory does not suffice. */
import { expect, test } from 'vitest';
import { DeviceLostError } from './engine';
import { isMemoryError } from './memory';

test.each([
  new Error('This network takes 5,200 MB of memory with a batch of 64; WebAssembly has at most 4,096 MB.'),
  new Error("This network takes 9,000 MB of the graphics processor's memory with a batch of 64."),
  new DeviceLostError('The graphics processor ran out of memory.'),
  new RangeError('WebAssembly.Memory(): could not allocate memory'),
  new RangeError('Array buffer allocation failed'),
  new RangeError('Invalid typed array length: 8000000000'),
])('%s', (error) => {
  expect(isMemoryError(error)).toBe(true);
});

test.each([
  new WebAssembly.RuntimeError('memory access out of bounds'),
  new RangeError('offset is out of bounds'),
  new DeviceLostError('The graphics processor was lost.'),
  'out of memory',
])('not: %s', (error) => {
  expect(isMemoryError(error)).toBe(false);
});
