/**
 * An exported LeNet read with nothing but numbers: wire types and field numbers of the public format, no names and no
 * generated code. A wrong number would be skipped in silence on the device; here it fails.
 */
import { expect, test } from 'vitest';
import { coreml } from '../coreml';
import { choose, lenet, sourceOf } from './testing';

type Field = bigint | Uint8Array | number;

/** Fields of a message by their numbers, in order. Wire type 0 gives a bigint, 1 and 5 a float, 2 the bytes. */
function read(bytes: Uint8Array): Map<number, Field[]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields = new Map<number, Field[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]!;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const readers: Record<number, () => Field> = {
    0: varint,
    1: () => view.getFloat64((at += 8) - 8, true),
    2: () => {
      const length = Number(varint());
      return bytes.subarray(at, (at += length));
    },
    5: () => view.getFloat32((at += 4) - 4, true),
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    fields.set(tag >> 3, [...(fields.get(tag >> 3) ?? []), readers[tag & 7]!()]);
  }
  expect(at).toBe(bytes.length);
  return fields;
}

/** The field at a path of numbers, each of which must be there exactly once. */
function at(bytes: Uint8Array, ...path: number[]): Field {
  return path.reduce<Field>((value, number) => {
    const found = read(value as Uint8Array).get(number) ?? [];
    expect(found, `field ${number} of ${path.join('.')}`).toHaveLength(1);
    return found[0]!;
  }, bytes);
}

const text = (field: Field) => new TextDecoder().decode(field as Uint8Array);
const packed = (field: Field) => [...(field as Uint8Array)];
const all = (message: Field, number: number) => read(message as Uint8Array).get(number) ?? [];
const keys = (message: Field) => [...read(message as Uint8Array).keys()].sort((a, b) => a - b);
const settings = { learningRate: 0.0625, epochs: 4, batchSize: 32, seed: 6 };
const texts = { description: 'D', version: 'V', author: 'A', license: 'L' };

test('model and description have their numbers', async () => {
  const file = await coreml.write(choose(sourceOf(lenet, settings), { texts }), {});
  expect(keys(file)).toEqual([1, 2, 10, 500]);
  expect(at(file, 1)).toBe(4n);
  expect(at(file, 10)).toBe(1n);
  expect(keys(at(file, 2))).toEqual([1, 10, 50, 100]);
  expect(text(at(file, 2, 1, 1))).toBe('image');
  expect(packed(at(file, 2, 1, 3, 5, 1))).toEqual([1, 28, 28]);
  expect(at(file, 2, 1, 3, 5, 2)).toBe(65568n);
  expect(packed(at(file, 2, 10, 3, 5, 1))).toEqual([10]);
  const [first, target] = all(at(file, 2), 50) as Uint8Array[];
  expect(first).toEqual(at(file, 2, 1));
  expect(text(at(target!, 1))).toBe('output_true');
  expect(at(target!, 3, 5, 2)).toBe(131104n);
  expect([1, 2, 3, 4].map((number) => text(at(file, 2, 100, number)))).toEqual(['D', 'V', 'A', 'L']);
});

test('layers have their numbers, flags, padding and packed weights', async () => {
  const source = sourceOf(lenet, settings);
  const file = await coreml.write(choose(source, { texts }), {});
  const layers = all(at(file, 500), 1) as Uint8Array[];
  const kinds = layers.map((layer) => keys(layer).find((number) => number >= 100));
  expect(kinds).toEqual([100, 130, 120, 100, 130, 120, 301, 140, 130, 140, 175]);
  expect(layers.map((layer) => all(layer, 10).length)).toEqual([1, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0]);

  const conv = layers[0]!;
  expect(text(at(conv, 1))).toBe('conv2d');
  expect(text(at(conv, 2))).toBe('image');
  expect(text(at(conv, 3))).toBe('conv2d_before_relu');
  expect(keys(at(conv, 100))).toEqual([1, 2, 10, 20, 30, 40, 50, 70, 90, 91]);
  expect([1, 2, 10].map((number) => at(conv, 100, number))).toEqual([32n, 1n, 1n]);
  expect([20, 30, 40].map((number) => packed(at(conv, 100, number)))).toEqual([
    [3, 3],
    [1, 1],
    [1, 1],
  ]);
  expect(keys(at(conv, 100, 50))).toEqual([1]);
  expect(at(conv, 100, 90, 50)).toBe(1n);
  expect(at(conv, 100, 91, 50)).toBe(1n);
  // [out, in, height, width]: the second float is the second column of the first filter.
  const floats = at(conv, 100, 90, 1) as Uint8Array;
  const kernel = source.weights['conv2d/kernel']!;
  expect(floats.length).toBe(4 * kernel.length);
  expect(new DataView(floats.buffer, floats.byteOffset).getFloat32(4, true)).toBe(kernel[32]);

  expect(keys(at(layers[1]!, 130))).toEqual([10]);
  expect(keys(at(layers[2]!, 120))).toEqual([10, 20, 30, 50]);
  expect(at(layers[6]!, 301, 1)).toBe(1n);
  expect(keys(at(layers[7]!, 140))).toEqual([1, 2, 10, 20, 21]);
  expect([1, 2].map((number) => at(layers[7]!, 140, number))).toEqual([1152n, 500n]);
  const dense = at(layers[7]!, 140, 20, 1) as Uint8Array;
  expect(new DataView(dense.buffer, dense.byteOffset).getFloat32(4, true)).toBe(
    source.weights['dense/kernel']![500],
  );
});

test('update parameters have their numbers', async () => {
  const file = await coreml.write(choose(sourceOf(lenet, settings), { texts }), {});
  const update = at(file, 500, 10) as Uint8Array;
  expect(keys(update)).toEqual([1, 2, 3, 10, 20]);
  expect(text(at(update, 1, 1))).toBe('lossLayer');
  expect(text(at(update, 1, 10, 1))).toBe('output');
  expect(text(at(update, 1, 10, 2))).toBe('output_true');
  expect(keys(at(update, 2, 11))).toEqual([1, 2, 3, 4, 5]);
  expect([1, 3, 4, 5].map((number) => at(update, 2, 11, number, 1))).toEqual([0.0625, 0.9, 0.999, 1e-7]);
  expect(at(update, 2, 11, 1, 10, 2)).toBe(0.3);
  expect([1, 2].map((number) => at(update, 2, 11, 2, 10, number))).toEqual([1n, 512n]);
  expect(at(update, 2, 11, 2, 1)).toBe(32n);
  expect(at(update, 3, 1)).toBe(4n);
  expect(at(update, 10, 1)).toBe(1n);
  expect(at(update, 20, 1)).toBe(6n);
});

test('SGD, mean squared error, image and classifier have their numbers', async () => {
  const sgd = await coreml.write(
    choose(sourceOf(lenet, { optimizer: 'sgd', momentum: 0.5 }), {
      input: 'image',
      modelType: 'classifier',
      texts,
    }),
    {},
  );
  expect(keys(sgd)).toEqual([1, 2, 10, 403]);
  expect(keys(at(sgd, 403))).toEqual([1, 2, 10, 101, 200]);
  expect(keys(at(sgd, 403, 10, 2, 10))).toEqual([1, 2, 3]);
  expect(at(sgd, 403, 10, 2, 10, 3, 1)).toBe(0.5);
  expect([1, 2, 3].map((number) => at(sgd, 2, 1, 3, 4, number))).toEqual([28n, 28n, 10n]);
  expect(text(at(sgd, 403, 2, 1))).toBe('image');
  expect(at(sgd, 403, 2, 10, 10)).toBe(Math.fround(1 / 255));
  expect(packed(at(sgd, 403, 101, 1))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(text(at(sgd, 403, 200))).toBe('classProbability');
  expect([11, 12].map((number) => text(at(sgd, 2, number)))).toEqual(['classLabel', 'classProbability']);
  const [label, probabilities] = all(at(sgd, 2), 10) as Uint8Array[];
  expect(keys(at(label!, 3))).toEqual([1]);
  expect(keys(at(probabilities!, 3, 6))).toEqual([1]);
});
