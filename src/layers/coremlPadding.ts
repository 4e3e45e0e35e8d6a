/** The padding of convolutions and poolings in Core ML's files: written and read. What padding means stands in `windows.ts`. */
import { PoolingType, type PaddingChoice, type PoolingLayerParams } from '../coreml/messages';
import type { Padding, PaddingOf } from './windows';

const NONE: readonly number[] = [0, 0, 0, 0];

/**
 * The padding `oneof` of a Core ML layer. It must be set, even when it adds nothing. Amounts of height, then of width;
 * zeros are written, as coremltools and SwiftCoreMLTools do.
 */
export function coremlPadding({ padding, pads }: PaddingOf): PaddingChoice {
  if (padding === 'same') return { same: { asymmetryMode: 0 } };
  if (padding === 'sameLower') return { same: { asymmetryMode: 1 } };
  const [top, bottom, left, right] = padding === 'explicit' ? pads : NONE;
  const borderAmounts = [
    { startEdgeSize: top!, endEdgeSize: bottom! },
    { startEdgeSize: left!, endEdgeSize: right! },
  ];
  return { valid: { paddingAmounts: { borderAmounts } } };
}

/** A padding that was read. */
export interface PaddingRead {
  readonly padding: Padding;
  /** Where it is explicit. */
  readonly pads?: readonly number[];
}

const amountsText = (amounts: readonly unknown[]): string => `it has ${amounts.length}`;

/** The padding of a layer, or a sentence where it cannot be told. Amounts that are all zero are no padding. */
export function readCoremlPadding({ valid, same }: PaddingChoice): PaddingRead | string {
  if (same) {
    if (same.asymmetryMode === 0) return { padding: 'same' };
    if (same.asymmetryMode === 1) return { padding: 'sameLower' };
    return `Its same padding has the asymmetry mode 0 or 1; it has ${same.asymmetryMode}.`;
  }
  if (!valid) return 'It states no padding that is known here; valid or same is expected.';
  const amounts = valid.paddingAmounts?.borderAmounts ?? [];
  if (amounts.length === 0) return { padding: 'valid' };
  if (amounts.length !== 2)
    return `Its padding takes two borders, of height and of width; ${amountsText(amounts)}.`;
  const pads = amounts.flatMap(({ startEdgeSize, endEdgeSize }) => [startEdgeSize, endEdgeSize]);
  return pads.every((pad) => pad === 0) ? { padding: 'valid' } : { padding: 'explicit', pads };
}

/**
 * The same for a pooling, which may also ask for the last pixels: a window more where steps do not divide, as Caffe does
 * it. That is explicit padding with more at the end.
 * Source of the formula: the comments of `PoolingLayerParams` in coremltools' NeuralNetwork.proto.
 * @param window height and width of the pool and of its steps.
 * @param image height and width of what it reads.
 */
export function readPoolingPadding(
  pooling: PoolingLayerParams,
  window: { readonly size: readonly number[]; readonly strides: readonly number[] },
  image: readonly number[],
): PaddingRead | string {
  const { includeLastPixel } = pooling;
  if (!includeLastPixel) return readCoremlPadding(pooling);
  const amounts = includeLastPixel.paddingAmounts ?? [];
  if (amounts.length !== 0 && amounts.length !== 2)
    return `Its padding takes two amounts, of height and of width; ${amountsText(amounts)}.`;
  const pads = [0, 1].flatMap((side) => {
    const [size, stride, length] = [window.size[side]!, window.strides[side]!, image[side]!];
    const before = amounts[side] ?? 0;
    let last = Math.ceil((length + 2 * before - size) / stride) * stride;
    // A window that would begin in the padding at the end is left out.
    if (amounts.some((amount) => amount > 0) && last >= length + before) last -= stride;
    return [before, Math.max(last + size - length - before, 0)];
  });
  const [top = 0, bottom = 0, left = 0, right = 0] = pads;
  if (
    pooling.type === PoolingType.average &&
    !pooling.avgPoolExcludePadding &&
    (bottom > top || right > left)
  )
    return 'Its averages count padding, but not what lies past the padding at the end; all of the padding must count, or none.';
  return pads.every((pad) => pad === 0) ? { padding: 'valid' } : { padding: 'explicit', pads };
}
