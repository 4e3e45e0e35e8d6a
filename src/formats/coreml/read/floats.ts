/**
 * The weights of a file's layer as 32-bit floats, whatever form the file keeps them in. It knows neither shapes nor how
 * many there should be: see `counts.ts`.
 */
import type { NeuralNetworkLayer, WeightParams } from '../../../coreml/messages';
import { FileRefused, layerName } from './refused';

export interface WithFloats {
  readonly layer: NeuralNetworkLayer;
  /** Whether some of them were 16-bit floats in the file. */
  readonly halves: boolean;
  /** Why its weights cannot be read, as a sentence; undefined where they can. */
  readonly lost: string | undefined;
}

/**
 * Finds all weights of a layer and gives them as `floatValue`s.
 * @throws FileRefused where one is no finite number, naming the layer and the weight.
 */
export function withFloats(layer: NeuralNetworkLayer, index: number): WithFloats {
  const found = { halves: false, lost: undefined as string | undefined };
  const convert = (value: unknown, name: string): unknown => {
    if (!isMessage(value)) return value;
    if (!(value['floatValue'] instanceof Float32Array))
      return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, convert(part, key)]));
    const weights = value as unknown as WeightParams;
    found.lost ??= lossOf(weights, name);
    const floats = weights.float16Value ? fromHalves(weights.float16Value) : weights.floatValue;
    found.halves ||= weights.float16Value !== undefined;
    const bad = floats.findIndex((number) => !Number.isFinite(number));
    if (bad >= 0)
      throw new FileRefused(
        `${layerName(layer.name, index)} has a value among its ${name} that is no finite number (${floats[bad]}, ` +
          `the ${bad + 1}. of ${floats.length}): its training went astray. Take a copy from before.`,
      );
    return { floatValue: floats, isUpdatable: weights.isUpdatable ?? false };
  };
  const converted = convert(layer, '') as NeuralNetworkLayer;
  return { layer: converted, ...found };
}

function isMessage(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

function lossOf(weights: WeightParams, name: string): string | undefined {
  if (weights.quantization)
    return `Its ${name} are quantized to ${weights.quantization.numberOfBits} bits; only 32- and 16-bit floats can be read.`;
  if (weights.rawValue ?? weights.int8RawValue)
    return `Its ${name} are raw bytes that the format gives no meaning; only 32- and 16-bit floats can be read.`;
  const half = weights.float16Value;
  if (half && half.length % 2 !== 0)
    return `Its ${name} are 16-bit floats in ${half.length} bytes, an odd number.`;
  if (half && weights.floatValue.length > 0)
    return `Its ${name} are there twice, as 16-bit and as 32-bit floats.`;
  return undefined;
}

/** IEEE 754 half precision, little-endian: one bit of sign, five of exponent, ten of fraction. */
function fromHalves(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: Math.floor(bytes.length / 2) }, (_, i) => {
    const half = view.getUint16(2 * i, true);
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 31;
    const fraction = half & 1023;
    if (exponent === 31) return fraction ? NaN : sign * Infinity;
    return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
  });
}
