/**
 * The whole way from bytes to a project under damage: 21,000 files made from honest ones by rules with fixed seeds. Each
 * opens, or is refused in a sentence; none takes more steps or memory than its size allows.
 */
import { expect, test } from 'vitest';
import { encodeModel } from '../../../coreml/codec';
import { Decoder, limits } from '../../../coreml/decode';
import { messageType } from '../../../coreml/schema';
import { varint } from '../../../coreml/testing';
import { createRandom, type Random } from '../../../core/random';
import { modelOf } from '../../coreml';
import { compiled, conv, dense, image, sourceOf } from '../testing';
import { foreignFile } from './foreign.testing';
import { openBytes } from '.';

/** How many files are made of each base; 21,000 together. */
const COUNTS = { network: 9000, classifier: 8000, foreign: 4000 };

const small = compiled(
  image([6, 6, 1]),
  conv('conv', { filters: 2, activation: 'relu' }),
  { kind: 'batchNormalization', name: 'norm' },
  { kind: 'globalAveragePooling2d', name: 'gap' },
  dense('head', 3, 'softmax'),
);
const data = { shape: [6, 6, 1], classLabels: ['a', 'b', 'c'] };

const bases: [what: string, count: number, bytes: Uint8Array][] = [
  ['a network', COUNTS.network, encodeModel(modelOf(sourceOf(small, {}, data)))],
  [
    'a classifier of images',
    COUNTS.classifier,
    encodeModel(
      modelOf(sourceOf(small, { optimizer: 'sgd' }, data, { input: 'image', modelType: 'classifier' })),
    ),
  ],
  ['a file of another program', COUNTS.foreign, foreignFile()],
];

const below = (random: Random, n: number) => Math.floor(random.next() * n);

/** Numbers that liars like. */
const hostile = [0n, 1n, 127n, 128n, 2n ** 31n - 1n, 2n ** 32n - 1n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n];

function splice(bytes: Uint8Array, at: number, removed: number, added: ArrayLike<number>): Uint8Array {
  return Buffer.concat([bytes.subarray(0, at), Uint8Array.from(added), bytes.subarray(at + removed)]);
}

/** Where the file is no weight: there damage tells most. Weights of the small files are mostly bytes above the rest. */
function place(bytes: Uint8Array, random: Random): number {
  return random.next() < 0.5 ? below(random, Math.min(400, bytes.length)) : below(random, bytes.length);
}

const damages: ((bytes: Uint8Array, random: Random) => Uint8Array)[] = [
  // Bits that flipped.
  (bytes, random) => {
    const out = bytes.slice();
    for (let n = 1 + below(random, 4); n > 0; n--) out[place(bytes, random)]! ^= 1 << below(random, 8);
    return out;
  },
  // A cut file.
  (bytes, random) => bytes.subarray(0, below(random, bytes.length)),
  // A byte that becomes a hostile number: lengths, sizes, field numbers.
  (bytes, random) => splice(bytes, place(bytes, random), 1, varint(hostile[below(random, hostile.length)]!)),
  // A part of the file again at another place.
  (bytes, random) => {
    const from = place(bytes, random);
    return splice(bytes, place(bytes, random), 0, bytes.slice(from, from + 1 + below(random, 300)));
  },
  // A part that is missing.
  (bytes, random) => splice(bytes, place(bytes, random), 1 + below(random, 60), []),
  // A beginning that is another's.
  (bytes, random) => {
    const head = Uint8Array.from({ length: below(random, 40) }, () => below(random, 256));
    return splice(bytes, 0, head.length, head);
  },
  // Values that are written anew, mostly into weights: infinities and what is no number.
  (bytes, random) => {
    const out = bytes.slice();
    const at = below(random, bytes.length - 4);
    out.set([0, 0, random.next() < 0.5 ? 0x80 : 0xc0, 0x7f], at);
    return out;
  },
  // Many bytes at once.
  (bytes, random) => {
    const out = bytes.slice();
    for (let n = 20 + below(random, 60); n > 0; n--) out[place(bytes, random)] = below(random, 256);
    return out;
  },
];

/** A sentence of the app's own: it begins with a capital, ends with a stop, and is no accident of the language. */
const sentence = /^[A-Z][^]*\.$/;

test.each(bases)('%s opens however it is damaged, or is refused in a sentence', (_what, count, bytes) => {
  const seen = { opened: 0, refused: 0 };
  for (let seed = 0; seed < count; seed++) {
    const random = createRandom(seed, 3);
    const damaged = damages[seed % damages.length]!(bytes, random);
    try {
      const { project, notes } = openBytes(damaged, 'damaged').read(new Set());
      expect(project.network.nodes.length).toBeLessThanOrEqual(602);
      if (!notes.every(({ message }) => sentence.test(message)))
        expect(notes.map(({ message }) => message)).toEqual([]);
      seen.opened++;
    } catch (error) {
      const { constructor, message, stack } = error as Error;
      // What the language itself throws is none of these.
      if (!/^(Error|FileRefused)$/.test(constructor.name) || !sentence.test(message))
        throw new Error(`Seed ${seed} was refused by an accident: ${stack}`, { cause: error });
      seen.refused++;
    }
  }
  expect(seen.opened).toBeGreaterThan(count / 20);
  expect(seen.refused).toBeGreaterThan(count / 20);
});

test.each(bases)(
  '%s costs no more steps and no more memory than it has bytes, however it is damaged',
  (_what, count, bytes) => {
    for (let seed = 0; seed < count / 8; seed++) {
      const damaged = damages[seed % damages.length]!(bytes, createRandom(seed, 4));
      const decoder = new Decoder(damaged);
      let message: unknown;
      try {
        message = decoder.decode(messageType('Model'));
      } catch {
        message = undefined;
      }
      expect(decoder.count.fields).toBeLessThanOrEqual(damaged.length / 2 + 1);
      expect(decoder.count.fields).toBeLessThanOrEqual(limits.fields);
      expect(floatBytes(message)).toBeLessThanOrEqual(damaged.length);
    }
  },
);

/** Bytes of all weights in a message. */
function floatBytes(value: unknown): number {
  if (value instanceof Float32Array) return value.byteLength;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return 0;
  return Object.values(value).reduce<number>((sum, part) => sum + floatBytes(part), 0);
}
