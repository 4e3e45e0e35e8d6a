import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkParam, defaultsOf, parseParams, type ParamSchema } from './params';

const schema = {
  units: { type: 'integer', label: 'Units', default: 128, min: 1, max: 65536 },
  rate: { type: 'real', label: 'Rate', default: 0.5, min: 0, max: 0.95 },
  tiny: { type: 'real', label: 'Tiny', default: 1e-7, min: 1e-10, max: 0.1 },
  size: { type: 'tuple', label: 'Size', parts: ['height', 'width'], default: [2, 3], min: 1, max: 64 },
  bias: { type: 'boolean', label: 'Bias', default: true },
  padding: { type: 'choice', label: 'Padding', options: ['valid', 'same'], default: 'valid' },
} as const satisfies ParamSchema;

describe('a value that is refused gets a sentence with its limit', () => {
  const cases: readonly (readonly [keyof typeof schema, unknown, string])[] = [
    ['units', 0, 'Units takes a whole number from 1 to 65,536; got 0.'],
    ['units', 65537, 'Units takes a whole number from 1 to 65,536; got 65537.'],
    ['units', 1.5, 'Units takes a whole number from 1 to 65,536; got 1.5.'],
    ['units', NaN, 'Units takes a whole number from 1 to 65,536.'],
    ['units', Infinity, 'Units takes a whole number from 1 to 65,536.'],
    ['units', '5', 'Units takes a whole number from 1 to 65,536.'],
    ['rate', -0.1, 'Rate takes a number from 0 to 0.95; got -0.1.'],
    ['tiny', 1, 'Tiny takes a number from 1e-10 to 0.1; got 1.'],
    ['size', [1], 'Size takes 2 whole numbers (height, width).'],
    ['size', 'big', 'Size takes 2 whole numbers (height, width).'],
    ['size', [1, 65], 'Size width takes a whole number from 1 to 64; got 65.'],
    ['size', [0, 65], 'Size height takes a whole number from 1 to 64; got 0.'],
    ['bias', 1, 'Bias is on or off; got 1.'],
    ['padding', 'full', 'Padding is one of valid, same; got full.'],
  ];
  for (const [key, value, message] of cases) {
    test(`${key}: ${JSON.stringify(value)}`, () => expect(checkParam(schema[key], value)).toBe(message));
  }
});

test('limits themselves are allowed', () => {
  for (const value of [1, 65536]) expect(checkParam(schema.units, value)).toBeUndefined();
  for (const value of [0, 0.95]) expect(checkParam(schema.rate, value)).toBeUndefined();
  expect(checkParam(schema.size, [1, 64])).toBeUndefined();
});

test('stored values are kept, missing ones get their defaults, refused ones too and are named', () => {
  const stored = { units: 10, rate: 7, size: [1, 2], padding: 'same', unknown: 3 };
  expect(parseParams(schema, stored)).toEqual({
    values: { units: 10, rate: 0.5, tiny: 1e-7, size: [1, 2], bias: true, padding: 'same' },
    errors: ['Rate takes a number from 0 to 0.95; got 7.'],
  });
});

test('whatever is stored, the values fit the schema', () => {
  fc.assert(
    fc.property(fc.anything(), (stored) => {
      const { values } = parseParams(schema, stored);
      expect(Object.keys(values)).toEqual(Object.keys(defaultsOf(schema)));
      for (const [key, spec] of Object.entries(schema)) expect(checkParam(spec, values[key])).toBeUndefined();
    }),
  );
});
