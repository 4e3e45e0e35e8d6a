import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PoolingType, type PaddingChoice, type PoolingLayerParams } from '../coreml/messages';
import { coremlPadding, readCoremlPadding, readPoolingPadding } from './coremlPadding';
import { borders, slide } from './windows';

const edges = (...amounts: readonly [number, number][]): PaddingChoice => ({
  valid: {
    paddingAmounts: {
      borderAmounts: amounts.map(([startEdgeSize, endEdgeSize]) => ({ startEdgeSize, endEdgeSize })),
    },
  },
});

test('each of the four paddings is written as Core ML says it', () => {
  const pads = [1, 2, 3, 4];
  expect(coremlPadding({ padding: 'valid', pads })).toEqual(edges([0, 0], [0, 0]));
  expect(coremlPadding({ padding: 'explicit', pads })).toEqual(edges([1, 2], [3, 4]));
  expect(coremlPadding({ padding: 'same', pads })).toEqual({ same: { asymmetryMode: 0 } });
  expect(coremlPadding({ padding: 'sameLower', pads })).toEqual({ same: { asymmetryMode: 1 } });
});

test('no amounts, and amounts of zero, are valid padding', () => {
  for (const choice of [edges(), edges([0, 0], [0, 0]), { valid: {} } as PaddingChoice])
    expect(readCoremlPadding(choice)).toEqual({ padding: 'valid' });
  expect(readCoremlPadding(edges([0, 1], [0, 0]))).toEqual({ padding: 'explicit', pads: [0, 1, 0, 0] });
});

test('padding that is missing or of another form is refused in a sentence', () => {
  expect(readCoremlPadding({})).toBe('It states no padding that is known here; valid or same is expected.');
  expect(readCoremlPadding(edges([1, 1]))).toBe(
    'Its padding takes two borders, of height and of width; it has 1.',
  );
  expect(readCoremlPadding({ same: { asymmetryMode: 2 } })).toBe(
    'Its same padding has the asymmetry mode 0 or 1; it has 2.',
  );
});

const lastPixel = (paddingAmounts: number[], more: Partial<PoolingLayerParams> = {}): PoolingLayerParams => ({
  type: PoolingType.max,
  includeLastPixel: { paddingAmounts },
  ...more,
});

test('a pooling that includes the last pixel pads the end so that steps divide', () => {
  const window = { size: [2, 3], strides: [2, 2] };
  expect(readPoolingPadding(lastPixel([]), window, [5, 7])).toEqual({
    padding: 'explicit',
    pads: [0, 1, 0, 0],
  });
  expect(readPoolingPadding(lastPixel([0, 0]), window, [4, 7])).toEqual({ padding: 'valid' });
  expect(readPoolingPadding(lastPixel([1]), window, [4, 7])).toMatch(/takes two amounts.*; it has 1\.$/);
});

/** The outputs of one side as the format's comments count them. */
function caffeOutput(length: number, pad: number, padded: boolean, size: number, stride: number): number {
  const out = Math.ceil((length + 2 * pad - size) / stride) + 1;
  return padded && (out - 1) * stride >= length + pad ? out - 1 : out;
}

const small = (max: number) => fc.integer({ min: 1, max });

test('it has as many outputs as Core ML says, and begins where Core ML begins', () => {
  let more = 0;
  fc.assert(
    fc.property(
      fc.tuple(small(9), small(9)),
      fc.tuple(small(4), small(4)),
      fc.tuple(small(4), small(4)),
      fc.tuple(fc.nat(3), fc.nat(3)),
      (image, size, strides, pads) => {
        fc.pre(pads.every((pad, i) => pad < size[i]! && size[i]! <= image[i]!));
        const read = readPoolingPadding(lastPixel(pads), { size, strides }, image);
        if (typeof read === 'string') throw new Error(read);
        const window = { size, strides, param: 'poolSize', noun: 'pool', pads: [0, 0, 0, 0], ...read };
        const padded = pads.some((pad) => pad > 0);
        expect(slide('MaxPooling2D', [...image, 1], window)).toEqual(
          image.map((length, i) => caffeOutput(length, pads[i]!, padded, size[i]!, strides[i]!)),
        );
        expect(borders(window, image).map(({ padding }) => padding[0])).toEqual(pads);
        if (read.padding === 'explicit') more++;
      },
    ),
  );
  expect(more).toBeGreaterThan(20);
});

test('averages that count a part of what lies outside are refused, and those that count none of it are read', () => {
  const window = { size: [2, 2], strides: [2, 2] };
  const averages = { type: PoolingType.average };
  expect(readPoolingPadding(lastPixel([0, 0], averages), window, [5, 5])).toMatch(
    /^Its averages count padding/,
  );
  expect(
    readPoolingPadding(lastPixel([0, 0], { ...averages, avgPoolExcludePadding: true }), window, [5, 5]),
  ).toEqual({ padding: 'explicit', pads: [0, 1, 0, 1] });
});
