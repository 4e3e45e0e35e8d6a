/** The padding of convolutions and poolings in Core ML's files: written and read. What padding means stands in `windows.ts`. */
import type { PaddingChoice } from '../coreml/messages';
import type { PaddingOf } from './windows';

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
