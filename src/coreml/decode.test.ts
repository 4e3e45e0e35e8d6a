/** The reader of bytes against files that lie, are cut short, or would take more than they weigh. */
import { expect, test } from 'vitest';
import { decodeModel } from './codec';
import { Decoder, limits } from './decode';
import { messageType } from './schema';
import { block, float, layerOf, modelOf, varint, whole } from './testing';

const weights = (...content: number[][]) => layerOf('dense', block(140, block(20, content.flat())));
const packed = (...values: number[]) => [...new Uint8Array(Float32Array.from(values).buffer)];
const weightsOf = (bytes: Uint8Array) =>
  decodeModel(bytes).model.neuralNetwork!.layers[0]!.innerProduct!.weights.floatValue;

const refused: [what: string, bytes: Uint8Array, sentence: RegExp][] = [
  [
    'a part that claims four gigabytes',
    modelOf(layerOf('a', [...varint(140 * 8 + 2), ...varint(2 ** 32 - 1)])),
    /a part claims 4,294,967,295 bytes where 0 are left/,
  ],
  [
    'a part that claims 2^64 bytes',
    modelOf([...varint(8 + 2), ...varint(2n ** 64n - 1n)]),
    /a part claims .* bytes where 0 are left/,
  ],
  [
    'a part that reaches past the one around it',
    modelOf(layerOf('a', [...varint(140 * 8 + 2), ...varint(9), 0]), layerOf('b')),
    /a part claims 9 bytes where 1 are left/,
  ],
  ['a number without an end', modelOf(Array<number>(12).fill(255)), /a number has more than ten bytes/],
  ['a file that ends in a number', Uint8Array.of(8), /at byte 1 a number is cut short/],
  ['field number zero', modelOf([2, 0]), /no field begins/],
  ['a group', modelOf([...varint(8 + 3)]), /no field begins/],
  ['a name that is no UTF-8', modelOf(block(1, block(1, [0xc3, 0x28]))), /a text is not written in UTF-8/],
  [
    'a number where a message belongs',
    modelOf(whole(1, 7)),
    /the field layers of NeuralNetwork holds a whole number/,
  ],
  [
    'weights of five bytes',
    modelOf(weights(block(1, [1, 2, 3, 4, 5]))),
    /5 bytes, which is no multiple of four/,
  ],
  [
    'a layer of two types',
    modelOf(layerOf('a', block(175, []), block(301, []))),
    /already holds flatten too, and it can be one of them only/,
  ],
  [
    'weights that come twice',
    modelOf(layerOf('a', block(140, [...block(20, []), ...block(20, [])]))),
    /the part weights of InnerProductLayerParams comes a second time/,
  ],
];

test.each(refused)('%s is refused in a sentence', (_, bytes, sentence) => {
  expect(() => decodeModel(bytes)).toThrow(sentence);
  expect(() => decodeModel(bytes)).toThrow(
    /^This is no readable Core ML model of .*\. Take the file once more/,
  );
});

test('millions of empty layers in a small file stop at the limit of layers', () => {
  const bytes = new Uint8Array(2_000_010).fill(0);
  for (let at = 0; at < 2_000_000; at += 2) bytes[at] = 10;
  const decoder = new Decoder(bytes);
  expect(() => decoder.decode(messageType('NeuralNetwork'))).toThrow(/more than 10,000 layers/);
  expect(decoder.count.fields).toBeLessThanOrEqual(limits.layers + 1);
});

test.each([
  ['names', [...varint(2 * 8 + 2), 0], /more than 1,000,000 entries in its lists/],
  ['unknown fields', whole(99, 1), /more than 20,000 fields of no known meaning/],
] as const)('a file of nothing but %s stops at a limit', (_, unit, sentence) => {
  const bytes = new Uint8Array(1_000_100 * unit.length);
  for (let at = 0; at < bytes.length; at += unit.length) bytes.set(unit, at);
  const decoder = new Decoder(bytes);
  expect(() => decoder.decode(messageType('NeuralNetworkLayer'))).toThrow(sentence);
  expect(decoder.count.fields).toBeLessThanOrEqual(limits.elements + 1);
});

test('nesting costs no stack: what the format does not nest is stepped over', () => {
  let deep: number[] = [];
  for (let i = 0; i < 2000; i++) deep = block(500, deep);
  const { unknown } = decodeModel(modelOf(deep));
  expect(unknown).toEqual([{ message: 'NeuralNetwork', number: 500, layer: undefined }]);
});

test('weights are the same numbers in one block, in two, and one by one', () => {
  const forms = [
    [block(1, packed(1.5, -2, 3))],
    [block(1, packed(1.5)), block(1, packed(-2, 3))],
    [float(1, 1.5), float(1, -2), float(1, 3)],
    [float(1, 1.5), whole(50, 1), block(1, packed(-2)), float(1, 3)],
  ];
  for (const form of forms) expect(weightsOf(modelOf(weights(...form)))).toEqual(Float32Array.of(1.5, -2, 3));
});

test('what the file leaves out has its default, and what the format does not know is reported with its layer', () => {
  const { model, unknown } = decodeModel(
    modelOf(layerOf('a', block(301, [])), layerOf('b', block(165, [8, 1]), block(301, whole(7, 1)))),
  );
  expect(model.neuralNetwork!.layers[0]).toEqual({
    name: 'a',
    input: [],
    output: [],
    isUpdatable: false,
    flatten: { mode: 0 },
  });
  expect(unknown).toEqual([
    { message: 'NeuralNetworkLayer', number: 165, layer: 1 },
    { message: 'FlattenLayerParams', number: 7, layer: 1 },
  ]);
});

test('whole numbers keep their sign', () => {
  const layer = layerOf('r', block(300, [...whole(1, -1), ...block(1, [...varint(-(2n ** 40n)), 7])]));
  expect(decodeModel(modelOf(layer)).model.neuralNetwork!.layers[0]!.reshape!.targetShape).toEqual([
    -1,
    -(2 ** 40),
    7,
  ]);
});

test('a key of the person that is named like a part of every object stays a key', () => {
  const pair = block(100, [...block(1, '__proto__'), ...block(2, 'x')]);
  const bytes = Uint8Array.from([...whole(1, 4), ...block(2, block(100, pair))]);
  const { userDefined } = decodeModel(bytes).model.description.metadata!;
  expect(Object.entries(userDefined!)).toEqual([['__proto__', 'x']]);
});
