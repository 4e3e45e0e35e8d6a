/**
 * How weights start. Names and variances are those of Keras (`keras.initializers`); the numbers come from our own
 * seeded generator, so every engine and the exporter start from the same weights.
 */
import { createRandom } from './random';
import { sizeOf, type Shape } from './shape';

export const kernelInitializers = [
  'glorotUniform',
  'glorotNormal',
  'heUniform',
  'heNormal',
  'lecunUniform',
  'lecunNormal',
] as const;
export type KernelInitializer = (typeof kernelInitializers)[number];
export type Initializer = KernelInitializer | 'zeros' | 'ones';

/** Fans of a weight: values that flow into, and out of, one unit. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** Deviation of a standard normal cut off at ±2, by which Keras divides so that the variance comes out right. */
const TRUNCATED_DEVIATION = 0.87962566103423978;

const scales: Record<KernelInitializer, (fans: Fans) => { variance: number; normal: boolean }> = {
  glorotUniform: (f) => ({ variance: 2 / (f.fanIn + f.fanOut), normal: false }),
  glorotNormal: (f) => ({ variance: 2 / (f.fanIn + f.fanOut), normal: true }),
  heUniform: (f) => ({ variance: 2 / f.fanIn, normal: false }),
  heNormal: (f) => ({ variance: 2 / f.fanIn, normal: true }),
  lecunUniform: (f) => ({ variance: 1 / f.fanIn, normal: false }),
  lecunNormal: (f) => ({ variance: 1 / f.fanIn, normal: true }),
};

/**
 * Draws a weight. The same `(initializer, shape, fans, seed, stream)` gives the same numbers everywhere.
 * @param stream tells the weights of one network apart.
 */
export function initialize(
  initializer: Initializer,
  shape: Shape,
  fans: Fans,
  seed: number,
  stream: readonly number[],
): Float32Array {
  const values = new Float32Array(sizeOf(shape));
  if (initializer === 'zeros') return values;
  if (initializer === 'ones') return values.fill(1);
  const { variance, normal } = scales[initializer](fans);
  const random = createRandom(seed, ...stream);
  if (normal) {
    const deviation = Math.sqrt(variance) / TRUNCATED_DEVIATION;
    for (let i = 0; i < values.length; i++) {
      let z = random.normal();
      while (Math.abs(z) > 2) z = random.normal();
      values[i] = z * deviation;
    }
  } else {
    const limit = Math.sqrt(3 * variance);
    for (let i = 0; i < values.length; i++) values[i] = (2 * random.next() - 1) * limit;
  }
  return values;
}
