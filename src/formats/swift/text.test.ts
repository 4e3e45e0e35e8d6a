/** Any text becomes one Swift literal that parses and interpolates nothing. */
import { expect, test } from 'vitest';
import { swiftErrors } from './testing';
import { swiftComment, swiftNumber, swiftString } from './text';

test.each([
  ['plain', '"plain"'],
  ['say "hi"', '"say \\"hi\\""'],
  ['\\(danger)', '"\\\\(danger)"'],
  ['two\nlines\tand a tab', '"two\\nlines\\tand a tab"'],
  ['手書き 🖋', '"手書き 🖋"'],
  ['\u0000\u2028\u202e', '"\\u{0}\\u{2028}\\u{202e}"'],
  ['half \ud83d', '"half \\u{fffd}"'],
])('%j is written %s', async (text, literal) => {
  expect(swiftString(text)).toBe(literal);
  expect(await swiftErrors(`let text = ${literal}\n`)).toEqual([]);
});

test.each([0, 1, 0.001, 1e-7, 1e21, -2.5, 2147483647])(
  'the number %d parses and reads back',
  async (value) => {
    expect(Number(swiftNumber(value))).toBe(value);
    expect(await swiftErrors(`let number: Double = ${swiftNumber(value)}\n`)).toEqual([]);
  },
);

test('a comment stays a comment, whatever its text', async () => {
  const text = swiftComment('one\n*/ func two( {\u2028three');
  expect(text).toBe('/// one\n/// */ func two( {\n/// three');
  expect(await swiftErrors(`${text}\nlet a = 1\n`)).toEqual([]);
});

test('code that does not parse is found', async () => {
  expect(await swiftErrors('func broken( { let }\n')).not.toEqual([]);
  expect(await swiftErrors('let whole = 1\n')).toEqual([]);
});
