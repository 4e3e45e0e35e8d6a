/**
 * A file as other programs write it, made field by field and not by this app's writer: blobs and layers with names of
 * their own, relu in layers of its own, flatten that walks channels first, a residual block, 16-bit weights, and a first
 * layer that does not train. For tests only.
 */
import { block, float, varint, whole } from '../../../coreml/testing';

type Bytes = readonly number[];

const packed = (field: number, sizes: readonly number[]) =>
  block(
    field,
    sizes.flatMap((size) => varint(size)),
  );

/** Weights that differ from each other, in one block. */
const weights = (count: number, updatable: boolean) => [
  ...block(1, [...new Uint8Array(Float32Array.from({ length: count }, (_, i) => Math.sin(i) / 8).buffer)]),
  ...(updatable ? whole(50, 1) : []),
];

/** 1.0 in 16 bits, so often. */
const halves = (count: number) => block(2, Array.from({ length: count }, () => [0, 0x3c]).flat());

const layer = (name: string, inputs: readonly string[], output: string, ...rest: readonly Bytes[]) =>
  block(1, [
    ...block(1, name),
    ...inputs.flatMap((blob) => block(2, blob)),
    ...block(3, output),
    ...rest.flat(),
  ]);

const relu = block(130, block(10, []));

const convolution = (inputs: number, filters: number, updatable: boolean, same = true) =>
  block(100, [
    ...whole(1, filters),
    ...whole(2, inputs),
    ...packed(20, [3, 3]),
    ...block(same ? 51 : 50, []),
    ...whole(70, 1),
    ...block(90, weights(9 * inputs * filters, updatable)),
    ...block(91, weights(filters, updatable)),
  ]);

const pooling = block(120, [...packed(10, [4, 4]), ...packed(20, [4, 4]), ...block(30, [])]);

/** What a test may put in the place of the layer "tail/relu". */
export interface Changes {
  readonly tail?: Bytes;
  readonly more?: readonly Bytes[];
}

const head = (updatable: boolean) =>
  block(140, [
    ...whole(1, 196),
    ...whole(2, 10),
    ...whole(10, 1),
    ...block(20, weights(1960, updatable)),
    ...block(21, weights(10, updatable)),
  ]);

const real = (field: number, value: number) => {
  const bytes = (number: number) => [...new Uint8Array(Float64Array.of(number).buffer)];
  const range = block(10, [...varint(8 + 1), ...bytes(0), ...varint(16 + 1), ...bytes(1)]);
  return block(field, [...varint(8 + 1), ...bytes(value), ...range]);
};

const array = (sizes: readonly number[], type: number) => block(5, [...packed(1, sizes), ...whole(2, type)]);

const feature = (field: number, name: string, text: string, type: Bytes) =>
  block(field, [...block(1, name), ...(text ? block(2, text) : []), ...block(3, type)]);

/** The bytes of the file. */
export function foreignFile({ tail = relu, more = [] }: Changes = {}): Uint8Array {
  const image = array([1, 28, 28], 65600);
  const network = [
    layer('block1/conv', ['data'], 'b1', convolution(1, 4, false)),
    layer('block1/relu', ['b1'], 'b2', relu),
    layer(
      'branch',
      ['b2'],
      'b3',
      block(100, [
        ...whole(1, 4),
        ...whole(2, 4),
        ...whole(10, 1),
        ...packed(20, [1, 1]),
        ...block(50, []),
        ...block(90, halves(16)),
      ]),
    ),
    layer('sum', ['b2', 'b3'], 'b4', block(230, [])),
    layer('tail/conv', ['b4'], 'b5', whole(10, 1), convolution(4, 4, true)),
    layer('tail/relu', ['b5'], 'b6', tail),
    layer('pool', ['b6'], 'b7', pooling),
    layer('flat', ['b7'], 'b8', block(301, [])),
    layer('fc', ['b8'], 'b9', whole(10, 1), head(true)),
    layer('prob', ['b9'], 'digitProbabilities', block(175, [])),
  ];
  const update = block(10, [
    ...block(1, [
      ...block(1, 'crossEntropy'),
      ...block(10, [...block(1, 'digitProbabilities'), ...block(2, 'digitProbabilities_true')]),
    ]),
    ...block(
      2,
      block(10, [
        ...real(1, 0.25),
        ...block(2, [...whole(1, 16), ...block(11, packed(1, [8, 16, 32]))]),
        ...real(3, 0.5),
      ]),
    ),
    ...block(3, [...whole(1, 4), ...block(11, packed(1, [4, 8]))]),
    ...block(10, whole(1, 1)),
  ]);
  return Uint8Array.from([
    ...whole(1, 4),
    ...block(2, [
      ...feature(1, 'data', 'A digit', image),
      ...feature(10, 'digitProbabilities', '', array([10], 65600)),
      ...feature(50, 'data', '', image),
      ...feature(50, 'digitProbabilities_true', '', array([1], 131104)),
      ...block(100, [
        ...block(1, 'Reads digits'),
        ...block(3, 'Somebody'),
        ...block(100, [...block(1, 'k'), ...block(2, 'v')]),
      ]),
    ]),
    ...whole(10, 1),
    ...block(500, [...network.flat(), ...more.flat(), ...update]),
  ]);
}

/** A clamped relu, which the app does not have. */
export const clampedRelu: Bytes = block(1460, [...float(1, 0), ...float(2, 6)]);
