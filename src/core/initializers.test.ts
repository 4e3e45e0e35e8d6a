import { describe, expect, test } from 'vitest';
import { initialize, kernelInitializers, type KernelInitializer } from './initializers';

const fans = { fanIn: 300, fanOut: 100 };
const shape = [300, 100];

/** Keras's variances: scale / fan, with the fan that the initializer's name stands for. */
const variances: Record<KernelInitializer, number> = {
  glorotUniform: 1 / 200,
  glorotNormal: 1 / 200,
  heUniform: 2 / 300,
  heNormal: 2 / 300,
  lecunUniform: 1 / 300,
  lecunNormal: 1 / 300,
};

describe('the variance and the limits are those of Keras', () => {
  for (const initializer of kernelInitializers) {
    test(initializer, () => {
      const values = initialize(initializer, shape, fans, 1, [0]);
      const mean = values.reduce((a, b) => a + b) / values.length;
      const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
      const expected = variances[initializer];
      expect(values).toHaveLength(30_000);
      expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(expected / 30_000));
      expect(variance / expected).toBeGreaterThan(0.97);
      expect(variance / expected).toBeLessThan(1.03);
      const most = values.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
      const limit = initializer.endsWith('Uniform')
        ? Math.sqrt(3 * expected)
        : (2 * Math.sqrt(expected)) / 0.87962566103423978;
      expect(most).toBeLessThanOrEqual(limit * 1.000001);
      expect(most).toBeGreaterThan(limit * 0.99);
    });
  }
});

test('zeros and ones are what they say', () => {
  expect(initialize('zeros', [3], fans, 1, [0])).toEqual(new Float32Array(3));
  expect(initialize('ones', [3], fans, 1, [0])).toEqual(new Float32Array(3).fill(1));
});

test('weights of one seed are drawn from streams of their own', () => {
  const draw = (seed: number, ...stream: number[]) => initialize('heUniform', [8], fans, seed, stream);
  expect(draw(1, 0, 0)).toEqual(draw(1, 0, 0));
  expect(draw(1, 0, 0)).not.toEqual(draw(1, 0, 1));
  expect(draw(1, 0, 0)).not.toEqual(draw(1, 1, 0));
  expect(draw(1, 0, 0)).not.toEqual(draw(2, 0, 0));
});
