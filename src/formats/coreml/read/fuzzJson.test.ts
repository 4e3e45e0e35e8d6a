/**
 * The JSON form under damage: 4,000 texts made from honest ones by rules with fixed seeds, and some that only somebody
 * hostile writes. Each opens, or is refused in a sentence, and no text makes more layers than it states.
 */
import { expect, test } from 'vitest';
import { modelToJson } from '../../../coreml/json';
import { createRandom, type Random } from '../../../core/random';
import { programs } from './programs.testing';
import { openJson } from '.';

const COUNT = 4000;

const bytesOf = (text: string) => new TextEncoder().encode(text);
const open = (text: string) => openJson(bytesOf(text), 'file').read(new Set());
const below = (random: Random, n: number) => Math.floor(random.next() * n);

/** Values that stand where no reader wants them. */
const hostile: readonly string[] = [
  '1e999',
  '-1e308',
  '18446744073709551615',
  '"9223372036854775808"',
  '0.5',
  '-1',
  'null',
  'true',
  '[]',
  '{}',
  '[[[[[[]]]]]]',
  '"NaN"',
  '"\\u0000"',
  '{"__proto__": {"layers": []}, "constructor": 1, "toString": 2}',
];

const lines = programs.map(([, model]) => modelToJson(model, false).split('\n'));

/** One line of the text with another value, twice, gone, in another place, or the text cut. */
const damages: ((text: readonly string[], random: Random) => readonly string[])[] = [
  (text, random) => {
    const at = below(random, text.length);
    const value = hostile[below(random, hostile.length)]!;
    return text.map((line, i) =>
      i === at ? line.replace(/(: )?("[^"]*"|[-\d.e+]+|true|false)(,?)$/, `$1${value}$3`) : line,
    );
  },
  (text, random) => {
    const at = below(random, text.length);
    const key = ['"__proto__"', '"constructor"', '"layers"', '"name"', '"hasOwnProperty"'][below(random, 5)]!;
    return text.map((line, i) => (i === at ? line.replace(/"[^"]*"(?=:)/, key) : line));
  },
  (text, random) => {
    const at = below(random, text.length);
    return text.filter((_, i) => i !== at);
  },
  (text, random) => {
    const at = below(random, text.length);
    return text.flatMap((line, i) => (i === at ? [line, line] : [line]));
  },
  (text, random) => text.slice(0, below(random, text.length)),
];

const sentence = /^[A-Z][^]*\.$/;

/** Opens it; true where it is refused in a sentence of the app's own. */
function refused(text: string): boolean {
  try {
    const { project, notes } = open(text);
    expect(project.network.nodes.length).toBeLessThan(602);
    expect(notes.filter(({ message }) => !sentence.test(message) || message.length > 2000)).toEqual([]);
    return false;
  } catch (error) {
    const { constructor, message, stack } = error as Error;
    if (!/^(Error|BadJson|FileRefused)$/.test(constructor.name) || !sentence.test(message))
      throw new Error(`It was refused by an accident: ${stack}`, { cause: error });
    expect(message.length).toBeLessThan(2000);
    return true;
  }
}

test('a text opens however it is damaged, or is refused in a sentence', () => {
  const seen = { opened: 0, refused: 0 };
  for (let seed = 0; seed < COUNT; seed++) {
    const random = createRandom(seed, 5);
    const base = lines[seed % lines.length]!;
    const text = damages[below(random, damages.length)]!(base, random).join('\n');
    seen[refused(text) ? 'refused' : 'opened']++;
  }
  expect(seen.opened).toBeGreaterThan(COUNT / 20);
  expect(seen.refused).toBeGreaterThan(COUNT / 20);
  expect({}).not.toHaveProperty('layers');
});

const deep = (n: number) => `${'['.repeat(n)}${']'.repeat(n)}`;

test.each<[what: string, text: string]>([
  ['nests a value deeply', `{"specificationVersion": ${deep(20_000)}}`],
  [
    'nests objects deeply',
    `{"specificationVersion": "4", "description": ${'{"input":'.repeat(20_000)}1${'}'.repeat(20_000)}}`,
  ],
  ['claims a version that is no number', '{"specificationVersion": "1e400"}'],
  ['claims a version beyond all', '{"specificationVersion": 1e300}'],
  ['is a list', '[{"specificationVersion": 4}]'],
  ['is only a key that is none', '{"__proto__": {"specificationVersion": 4}}'],
  [
    'claims four billion weights',
    '{"specificationVersion": "4", "description": {"input": [{"name": "x", "type": {"multiArrayType": {"shape": ["65536"], "dataType": "FLOAT32"}}}], "output": [{"name": "y"}]}, "neuralNetwork": {"layers": [{"name": "y", "input": ["x"], "output": ["y"], "innerProduct": {"inputChannels": "65536", "outputChannels": "65536", "weights": {}}}]}}',
  ],
])('a text that %s is refused at once', (_, text) => {
  const begun = performance.now();
  expect(refused(text)).toBe(true);
  expect(performance.now() - begun).toBeLessThan(1000);
});

test('a long name of no field is told in short', () => {
  const text = modelToJson(programs[0]![1], false).replace('{', `{"${'x'.repeat(100_000)}": 1,`);
  expect(refused(text)).toBe(false);
});
