import { expect, it } from 'vitest';
import { formatNumber, readNumber } from './numbers';

it.each([
  ['128', 128],
  [' 12 ', 12],
  ['1,000', 1000],
  ['60,000', 60000],
  ['1,234,567', 1234567],
  ['0,5', 0.5],
  ['0,001', 0.001],
  ['1e-3', 0.001],
  ['-1', -1],
])('reads %j as %d', (text, value) => {
  expect(readNumber(text)).toBe(value);
});

it.each(['', ' ', 'ten', '1,2,3', '--1'])('reads %j as no number', (text) => {
  expect(readNumber(text)).toBeNaN();
});

it('writes small numbers with an exponent, and all so that they read back', () => {
  expect(formatNumber(1e-7)).toBe('1e-7');
  for (const value of [0, 0.001, 128, 60000, 1e-7, 2.5e-6])
    expect(readNumber(formatNumber(value))).toBe(value);
});
