/** Enlarges an image by whole factors: each pixel repeated, or values in between. */
import type { ParamsOf, ParamValues } from '../core/params';
import type { Problem } from '../core/problem';
import type { Shape } from '../core/shape';
import type { NeuralNetworkLayer } from '../coreml/messages';
import { defineLayer, type CoreMLRead } from './defineLayer';
import { grids, samplingOf, tapsOf, type Grid } from './interpolation';
import { resample } from './resampling';
import { requireImage } from './windows';

const params = {
  size: { type: 'tuple', label: 'Size', parts: ['height', 'width'], default: [2, 2], min: 1, max: 64 },
  interpolation: {
    type: 'choice',
    label: 'Interpolation',
    help: 'Nearest repeats each pixel; bilinear puts values in between.',
    options: ['nearest', 'bilinear'],
    default: 'nearest',
  },
  grid: {
    type: 'choice',
    label: 'Grid',
    help: 'How the pixels of both images lie on each other: by their centres, by the four corners, or by the first pixel.',
    options: grids,
    default: 'halfPixel',
    visible: ({ interpolation }: ParamValues) => interpolation === 'bilinear',
  },
} as const;

type Params = ParamsOf<typeof params>;

function shapeOf(image: Shape, { size }: Params): Shape | Problem {
  const [height, width, channels] = image;
  return requireImage('UpSampling2D', image) ?? [height! * size[0]!, width! * size[1]!, channels!];
}

/** Core ML's `InterpolationMode` and `LinearUpsampleMode`. */
const NEAREST = 0;
const BILINEAR = 1;
const coremlGrid: Readonly<Record<Grid, number>> = { asymmetric: 0, alignCorners: 1, halfPixel: 2 };

function read({ upsample }: NeuralNetworkLayer): CoreMLRead | string | undefined {
  if (!upsample) return undefined;
  const { scalingFactor = [], fractionalScalingFactor = [] } = upsample;
  const [mode, linearMode] = [upsample.mode ?? NEAREST, upsample.linearUpsampleMode ?? 0];
  const factors = fractionalScalingFactor.length > 0 ? fractionalScalingFactor : scalingFactor;
  const size = factors.length > 0 ? [...factors] : [1, 1];
  if (size.length !== 2 || !size.every(Number.isInteger))
    return `It enlarges by ${size.join(' × ')}; here an image is enlarged by whole factors of height and width.`;
  const grid = grids.find((name) => coremlGrid[name] === linearMode);
  if (mode === BILINEAR && grid) return { params: { size, interpolation: 'bilinear', grid }, weights: {} };
  if (mode === NEAREST && linearMode === 0)
    return { params: { size, interpolation: 'nearest' }, weights: {} };
  return `It enlarges by mode ${mode} with the grid ${linearMode}, which are not known together.`;
}

/** What PyTorch has no word for: pad by one at the end, align the corners, and leave the end out again. */
function asymmetricPytorch([height, width]: readonly number[], { size: [down, across] }: Params): string {
  const larger = `(${height! * down! + 1}, ${width! * across! + 1})`;
  return (
    `# forward: F.interpolate(F.pad(x, (0, 1, 0, 1), mode="replicate"), size=${larger}, mode="bilinear", ` +
    'align_corners=True)[..., :-1, :-1]'
  );
}

export const upSampling2d = defineLayer({
  kind: 'upSampling2d',
  label: 'UpSampling2D',
  autoName: 'up_sampling2d',
  aliases: ['Upsample', 'interpolate', 'resize'],
  group: 'shape',
  icon: 'maximize',
  documentation: 'Enlarges an image by whole factors, by repeating its pixels or with values in between.',
  params,
  inputs: { min: 1, max: 1 },
  summary: ({ size, interpolation }) => `${size.join('×')} · ${interpolation}`,
  outputShape: ([image], p) => shapeOf(image!, p),
  multiplyAdds: (_, { interpolation }, [height, width, channels]) =>
    interpolation === 'bilinear' ? 4 * height! * width! * channels! : 0,
  arithmetic: ([image], { size }, output) => [
    `height ${size[0]} · ${image![0]} = ${output[0]}`,
    `width ${size[1]} · ${image![1]} = ${output[1]}`,
  ],
  tensorflow(tf, p, context) {
    const { size, interpolation, grid } = p;
    return resample(
      tf,
      context,
      (image) => shapeOf(image, p),
      (side, length) =>
        interpolation === 'bilinear'
          ? tapsOf(samplingOf(grid, length, length * size[side]!))
          : Array.from({ length: length * size[side]! }, (_, i) => {
              const source = Math.floor(i / size[side]!);
              return { low: source, high: source, share: 0 };
            }),
    );
  },
  coreml: {
    write: ({ name, params: { size, interpolation, grid }, inputs, output }) => [
      {
        name,
        input: [...inputs],
        output: [output],
        upsample: {
          scalingFactor: [...size],
          ...(interpolation === 'bilinear'
            ? { mode: BILINEAR, linearUpsampleMode: coremlGrid[grid] }
            : { mode: NEAREST }),
        },
      },
    ],
    read,
  },
  snippets: {
    keras({ size, interpolation, grid }) {
      if (interpolation === 'nearest' || grid === 'halfPixel')
        return `layers.UpSampling2D(size=(${size.join(', ')}), interpolation="${interpolation}")`;
      const larger = `[x.shape[1] * ${size[0]}, x.shape[2] * ${size[1]}]`;
      const corners = grid === 'alignCorners' ? 'True' : 'False';
      return `# forward: tf.compat.v1.image.resize_bilinear(x, ${larger}, align_corners=${corners})`;
    },
    pytorch(p, [image]) {
      const factors = `scale_factor=(${p.size.join(', ')})`;
      if (p.interpolation === 'nearest') return `nn.Upsample(${factors}, mode="nearest")`;
      if (p.grid === 'asymmetric') return asymmetricPytorch(image!, p);
      const corners = p.grid === 'alignCorners' ? 'True' : 'False';
      return `nn.Upsample(${factors}, mode="bilinear", align_corners=${corners})`;
    },
  },
});
