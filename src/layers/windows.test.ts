import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isProblem } from '../core/problem';
import { borders, paddings, requireInside, slide, slideArithmetic, type Window } from './windows';

const window = (part: Partial<Window>): Window => ({
  size: [3, 3],
  strides: [1, 1],
  padding: 'valid',
  pads: [1, 1, 1, 1],
  param: 'poolSize',
  noun: 'pool',
  ...part,
});
const amounts = (part: Partial<Window>, image: readonly number[]) =>
  borders(window(part), image).map(({ padding }) => padding);

test('same padding has the odd one at the end, sameLower at the start', () => {
  const odd = { size: [2, 4], strides: [1, 1] };
  expect(amounts({ ...odd, padding: 'same' }, [5, 5])).toEqual([
    [0, 1],
    [1, 2],
  ]);
  expect(amounts({ ...odd, padding: 'sameLower' }, [5, 5])).toEqual([
    [1, 0],
    [2, 1],
  ]);
});

test('explicit padding adds its rows above and below and its columns left and right', () => {
  const explicit = window({ padding: 'explicit', pads: [0, 2, 1, 0] });
  expect(borders(explicit, [4, 4])).toEqual([
    { padding: [0, 2], inside: [3, 3, 2, 1] },
    { padding: [1, 0], inside: [2, 3, 3] },
  ]);
  expect(slide('MaxPooling2D', [4, 4, 1], explicit)).toEqual([4, 3]);
  expect(slideArithmetic([4, 4, 1], explicit, [4, 3, 1])).toEqual([
    'height ⌊(0 + 4 + 2 − 3) / 1⌋ + 1 = 4',
    'width ⌊(1 + 4 + 0 − 3) / 1⌋ + 1 = 3',
  ]);
});

test('valid padding adds nothing, whatever the pads say', () => {
  expect(amounts({ padding: 'valid', pads: [5, 5, 5, 5] }, [4, 4])).toEqual([
    [0, 0],
    [0, 0],
  ]);
});

const two = (max: number) => fc.tuple(fc.integer({ min: 1, max }), fc.integer({ min: 1, max }));
const pad = fc.nat(4);

test('as many windows lie in the border as the shape rule gives, and both same paddings give ⌈size / stride⌉', () =>
  fc.assert(
    fc.property(
      fc.record({
        size: two(5),
        strides: two(4),
        dilation: two(3),
        padding: fc.constantFrom(...paddings),
        pads: fc.tuple(pad, pad, pad, pad),
      }),
      two(12),
      (part, [height, width]) => {
        const one = window(part);
        const out = slide('Conv2D', [height, width, 1], one);
        if (isProblem(out)) {
          expect(['valid', 'explicit']).toContain(part.padding);
          return;
        }
        const counts = borders(one, [height, width]).map(({ inside }) => inside.length);
        expect(counts).toEqual(out);
        if (part.padding !== 'same' && part.padding !== 'sameLower') return;
        expect(out).toEqual([Math.ceil(height / part.strides[0]), Math.ceil(width / part.strides[1])]);
      },
    ),
  ));

test('a window that is larger than the padded image says so, and offers one that fits', () => {
  expect(slide('Conv2D', [1, 9, 1], window({ padding: 'explicit', pads: [1, 0, 0, 0] }))).toEqual({
    code: 'windowTooLarge',
    message: "Conv2D's pool covers 3 in height, but its input 1×9×1 has only 2 with its pads.",
    repair: { type: 'setParams', params: { poolSize: [2, 3] }, label: 'Use a 2×3 pool' },
  });
});

test('pads by which a window lies in the padding alone are refused, and smaller ones offered', () => {
  const refused = requireInside('MaxPooling2D', window({ padding: 'explicit', pads: [3, 0, 2, 7] }));
  expect(refused).toEqual({
    code: 'padsTooLarge',
    message:
      "MaxPooling2D's pads must be smaller than its pool of 3×3, so that no pool lies in the padding alone; they are " +
      '3, 0, 2, 7.',
    repair: { type: 'setParams', params: { pads: [2, 0, 2, 2] }, label: 'Use pads of 2, 0, 2, 2' },
  });
  for (const padding of paddings)
    expect(requireInside('MaxPooling2D', window({ padding, pads: [2, 0, 1, 2] }))).toBeUndefined();
});
