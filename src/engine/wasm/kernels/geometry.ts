/** Where the taps of a convolution lie in memory: an image, or its copy with a border of zeros, row by row. */
import { sizeOf } from '../../../core/shape';
import type { Code } from '../code';
import { i32, type Local } from '../expressions';
import type { ConvolutionShape } from '../../plan/plan';

type I = Local<'i32'>;

/** All steps are bytes. */
export interface Geometry {
  /** Whether taps reach past the image, so that it is copied with its border. */
  readonly padded: boolean;
  /** Of the image, or of the copy. */
  readonly rowBytes: number;
  readonly pixelBytes: number;
  readonly bytes: number;
  /** Of the image itself. */
  readonly imageBytes: number;
  readonly imageRowBytes: number;
  /** Floats of a kernel's run that lies in one piece, and the loops over its runs, the outermost first. */
  readonly run: number;
  readonly loops: readonly { readonly count: number; readonly bytes: number }[];
  /** From one output to the next, to the right and down. */
  readonly across: number;
  readonly down: number;
  /** Channels, filters and taps × channels of one group. */
  readonly channels: number;
  readonly columns: number;
  readonly rows: number;
  readonly groups: number;
  /** Where the image lies in the copy, and how much of it: rows, and bytes of a row. */
  readonly inside: number;
  readonly copiedRows: number;
  readonly copiedBytes: number;
}

export function geometryOf({ window, filters, groups }: ConvolutionShape): Geometry {
  const { image, size, strides, dilation, border, output } = window;
  const pixelBytes = 4 * image[2];
  const needed = [0, 1].map((d) => (output[d]! - 1) * strides[d]! + (size[d]! - 1) * dilation[d]! + 1);
  const padded = [0, 1].some((d) => border[d]! > 0 || needed[d]! > image[d]!);
  const [height, width] = padded ? needed : image;
  const rowBytes = width * pixelBytes;
  const channels = image[2] / groups;
  const onePiece = dilation[1] === 1 && groups === 1;
  const tapRow = { count: size[0], bytes: dilation[0] * rowBytes };
  return {
    padded,
    rowBytes,
    pixelBytes,
    bytes: height * rowBytes,
    imageBytes: 4 * sizeOf(image),
    imageRowBytes: image[1] * pixelBytes,
    run: onePiece ? size[1] * channels : channels,
    loops: onePiece ? [tapRow] : [tapRow, { count: size[1], bytes: dilation[1] * pixelBytes }],
    across: strides[1] * pixelBytes,
    down: strides[0] * rowBytes,
    channels,
    columns: filters / groups,
    rows: sizeOf(size) * channels,
    groups,
    inside: border[0] * rowBytes + border[1] * pixelBytes,
    copiedRows: Math.max(0, Math.min(image[0], height - border[0])),
    copiedBytes: Math.max(0, Math.min(image[1], width - border[1])) * pixelBytes,
  };
}

/** Writes the image at `from` with its border to `to`. */
export function padImage(code: Code, geometry: Geometry, from: I, to: I): void {
  code.clear(to, i32.const(geometry.bytes));
  eachCopiedRow(code, geometry, from, to, (image, copy) =>
    code.copy(copy, image, i32.const(geometry.copiedBytes)),
  );
}

/** Visits the rows that the image and its copy share, by where each begins. */
export function eachCopiedRow(
  code: Code,
  { inside, rowBytes, imageRowBytes, copiedRows }: Geometry,
  image: I,
  copy: I,
  visit: (image: I, copy: I) => void,
): void {
  const at = code.let(image);
  const to = code.let(i32.add(copy, i32.const(inside)));
  code.repeat(copiedRows, () => {
    visit(at, to);
    code.step(at, i32.const(imageRowBytes));
    code.step(to, i32.const(rowBytes));
  });
}
