/** Windows and convolutions drawn at random, in all the forms that the plan can make. */
import fc from 'fast-check';
import type { ConvolutionShape, WindowShape } from '../../plan/plan';

export const size = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
export const seeds = fc.nat(1_000_000);

interface Axis {
  readonly image: number;
  readonly size: number;
  readonly stride: number;
  readonly dilation: number;
  readonly border: number;
  readonly output: number;
}

/**
 * How windows lie: apart and inside, inside, from the first pixel to past the last, or anywhere as long as each begins
 * before the image's end.
 */
type Lie = 'apart' | 'inside' | 'over' | 'anywhere';
const lies = fc.constantFrom<Lie>('apart', 'inside', 'over', 'anywhere');

/** Makes what was drawn possible; the image stays. */
function fitted(axis: Axis, lie: Lie): Axis {
  const { image } = axis;
  if (lie === 'over') return { ...axis, border: 0, output: Math.floor((image - 1) / axis.stride) + 1 };
  if (lie === 'anywhere') {
    const border = Math.min(axis.border, (axis.size - 1) * axis.dilation);
    const most = Math.floor((image - 1 + border) / axis.stride) + 1;
    return { ...axis, border, output: Math.min(axis.output, most) };
  }
  const taps = Math.min(axis.size, Math.floor((image - 1) / axis.dilation) + 1);
  const reach = (taps - 1) * axis.dilation + 1;
  const stride = lie === 'apart' ? Math.max(axis.stride, taps) : axis.stride;
  const most = Math.floor((image - reach) / stride) + 1;
  return { ...axis, size: taps, stride, border: 0, output: Math.min(axis.output, most) };
}

function windowOf([y, x]: readonly [Axis, Axis], channels: number): WindowShape {
  return {
    image: [y.image, x.image, channels],
    size: [y.size, x.size],
    strides: [y.stride, x.stride],
    dilation: [y.dilation, x.dilation],
    border: [y.border, x.border],
    output: [y.output, x.output],
  };
}

/** For an image of this length, or of any up to 11. */
const axisOf = (image: fc.Arbitrary<number>, dilation: number): fc.Arbitrary<Axis> =>
  fc.record({
    image,
    size: size(4),
    stride: size(3),
    dilation: size(dilation),
    border: fc.nat(3),
    output: size(11),
  });

/** Windows of poolings over an image of this size: each overlaps it, and there is no dilation. */
function poolingsOf([height, width, channels]: WindowShape['image']): fc.Arbitrary<WindowShape> {
  return fc
    .tuple(axisOf(fc.constant(height), 1), axisOf(fc.constant(width), 1), lies)
    .map(([y, x, lie]) => windowOf([fitted(y, lie), fitted(x, lie)], channels));
}

export const poolings = fc.tuple(size(9), size(9), size(9)).chain(poolingsOf);

/** Outputs may leave trailing pixels out, and windows may reach past every edge. */
export const convolutions: fc.Arbitrary<ConvolutionShape> = fc
  .record({
    axes: fc.tuple(axisOf(size(11), 2), axisOf(size(11), 3)),
    lie: lies,
    groups: fc.constantFrom(1, 1, 2, 3),
    channels: size(10),
    columns: size(18),
    bias: fc.boolean(),
    relu: fc.boolean(),
  })
  .map(({ axes: [y, x], lie, groups, channels, columns, bias, relu }) => ({
    window: windowOf([fitted(y, lie), fitted(x, lie)], channels * groups),
    filters: columns * groups,
    groups,
    kernel: 0,
    ...(bias && { bias: 0 }),
    curve: { name: relu ? 'relu' : 'linear', alpha: 0, beta: 0 },
  }));

/** A convolution, and a pooling of what it gives. */
export const pooledConvolutions = convolutions.chain((shape) => {
  const [height, width] = shape.window.output;
  return poolingsOf([height, width, shape.filters]).map((window) => ({
    shape,
    pooling: { window, positions: 0 },
  }));
});
