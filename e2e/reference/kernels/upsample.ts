/**
 * Upsampling, by the nearest number or by bilinear interpolation on one of Core ML's three grids. In doubles.
 * Source: the comments of UpsampleLayerParams in Apple's NeuralNetwork.proto.
 */
import { zeros, type Shape, type Tensor } from '../tensor';

/** Where output `i` of `to` lies between the `from` numbers of the input. */
function gridPoint(linearMode: number, i: number, from: number, to: number): number {
  let point: number;
  if (linearMode === 2) {
    const spacing = from / to;
    point = i * spacing + 0.5 * spacing - 0.5;
  } else if (to === 1) point = 0;
  else point = i * (linearMode === 1 ? (from - 1) / (to - 1) : (from - from / to) / (to - 1));
  return Math.min(from - 1, Math.max(0, point));
}

/** What an output is made of: two neighbours along an axis, and how much of the second. */
function neighbours(linear: boolean, linearMode: number, i: number, from: number, to: number) {
  if (!linear) {
    const nearest = Math.floor((i * from) / to);
    return { first: nearest, second: nearest, share: 0 };
  }
  const point = gridPoint(linearMode, i, from, to);
  const first = Math.floor(point);
  return { first, second: Math.min(first + 1, from - 1), share: point - first };
}

/** @param body mode 0 is nearest, 1 bilinear; linearMode 0 default, 1 corners aligned, 2 corners not aligned */
export function upsample(body: { mode: number; linearMode: number }, input: Tensor, output: Shape): Tensor {
  const result = zeros(output);
  const linear = body.mode === 1;
  let at = 0;
  for (let channel = 0; channel < output.channels; channel++) {
    for (let row = 0; row < output.height; row++) {
      const y = neighbours(linear, body.linearMode, row, input.height, output.height);
      for (let column = 0; column < output.width; column++) {
        const x = neighbours(linear, body.linearMode, column, input.width, output.width);
        const along = (line: number): number => {
          const start = (channel * input.height + line) * input.width;
          return (1 - x.share) * input.data[start + x.first]! + x.share * input.data[start + x.second]!;
        };
        result.data[at++] = (1 - y.share) * along(y.first) + y.share * along(y.second);
      }
    }
  }
  return result;
}
