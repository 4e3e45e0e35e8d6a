/** What the activations share that learn numbers of their own: weights of one value a channel. Not a layer kind itself. */
import type { WeightParams } from '../coreml/messages';
import type { Shape } from '../core/shape';
import { readFloats } from './coremlReading';
import type { WeightSpec } from './defineLayer';

/** A weight of one value for each channel of the input, shared over height and width. */
export function perChannel(
  name: string,
  [shape]: readonly Shape[],
  initializer: 'zeros' | 'ones',
): WeightSpec {
  const channels = shape!.at(-1)!;
  const fans = { fanIn: channels, fanOut: channels };
  return { name, shape: [channels], initializer, fans, trainable: true };
}

/** Reads a weight that a file gives once for each channel, or once for all: then it is spread over them. */
export function readPerChannel(
  weights: WeightParams | undefined,
  shape: Shape | undefined,
  what: string,
): Float32Array | string {
  const channels = shape?.at(-1) ?? 0;
  // A file may lack the numbers, whatever the type says.
  const values = (weights as Partial<WeightParams> | undefined)?.floatValue;
  const shared = values?.length === 1 ? values[0] : undefined;
  return shared === undefined || channels === 0
    ? readFloats(weights, channels, what)
    : new Float32Array(channels).fill(shared);
}
