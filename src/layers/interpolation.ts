/**
 * Linear interpolation along one side of an image that is enlarged by a whole factor: which two values each output lies
 * between, and where. Not the layer: see `upSampling2d.ts`.
 * Source of the grids: Core ML's `UpsampleLayerParams.LinearUpsampleMode`.
 */
export const grids = ['halfPixel', 'alignCorners', 'asymmetric'] as const;
export type Grid = (typeof grids)[number];

/** Output number i lies at `i · scale + shift` of the inputs, kept between the first and the last. */
export interface Sampling {
  readonly inputs: number;
  readonly outputs: number;
  readonly scale: number;
  readonly shift: number;
}

/** An output value: `(1 − share) · low + share · high`. */
export interface Tap {
  readonly low: number;
  readonly high: number;
  readonly share: number;
}

export function samplingOf(grid: Grid, inputs: number, outputs: number): Sampling {
  const scale = inputs / outputs;
  switch (grid) {
    // Centres of pixels, as TensorFlow 2 and PyTorch place them.
    case 'halfPixel':
      return { inputs, outputs, scale, shift: scale / 2 - 0.5 };
    // The corner pixels of both images lie on each other.
    case 'alignCorners':
      return { inputs, outputs, scale: outputs > 1 ? (inputs - 1) / (outputs - 1) : 0, shift: 0 };
    // The first pixels of both images lie on each other.
    case 'asymmetric':
      return { inputs, outputs, scale, shift: 0 };
    default:
      return grid satisfies never;
  }
}

/** One tap for each output, in order. */
export function tapsOf({ inputs, outputs, scale, shift }: Sampling): readonly Tap[] {
  return Array.from({ length: outputs }, (_, i) => {
    const place = Math.min(Math.max(i * scale + shift, 0), inputs - 1);
    const low = Math.floor(place);
    return { low, high: Math.min(low + 1, inputs - 1), share: place - low };
  });
}
