/**
 * Convolution as a product of matrices: each position of the output takes a row of all that its kernel covers, taps
 * first, channels last ("im2col"). The way back adds the rows to the image ("col2im"). Zeros stand for the border.
 */
import { f32, f32x4, i32, v128, type Code, type I32, type Local } from '../code';
import { integers, kernel, type Kernel } from '../emit';

/** The parameters of both kernels after the two addresses, in order; see `WindowShape`. */
export const patchParameters = 15;

type I = Local<'i32'>;

/** Does something with `count` floats of the image and of the row, or with the row alone where the border is. */
interface Move {
  readonly inside: (code: Code, image: I32, row: I32, count: I32) => void;
  readonly border: (code: Code, row: I32, count: I32) => void;
}

const gather: Move = {
  inside: (code, image, row, count) =>
    code.vectors(
      count,
      (at) => code.store(i32.add(row, at), v128.load(i32.add(image, at))),
      (at) => code.storeF32(i32.add(row, at), f32.load(i32.add(image, at))),
    ),
  border: (code, row, count) =>
    code.vectors(
      count,
      (at) => code.store(i32.add(row, at), v128.zero),
      (at) => code.storeF32(i32.add(row, at), f32.const(0)),
    ),
};

const scatter: Move = {
  inside: (code, image, row, count) =>
    code.vectors(
      count,
      (at) => {
        const to = code.let(i32.add(image, at));
        code.store(to, f32x4.add(v128.load(to), v128.load(i32.add(row, at))));
      },
      (at) => {
        const to = code.let(i32.add(image, at));
        code.storeF32(to, f32.add(f32.load(to), f32.load(i32.add(row, at))));
      },
    ),
  border: () => undefined,
};

/** Walks all positions of one image's output, and the taps of each. `row` goes through the patches. */
function patches(name: string, move: Move): Kernel {
  return kernel(name, integers(2 + patchParameters), (code, ...parameters) => {
    const [image, row, height, width, channels, part, kernelHeight, kernelWidth, ...rest] = parameters as I[];
    const [down, across, tapDown, tapAcross, top, left, outHeight, outWidth, together] = rest;
    const pixel = code.let(i32.bytes(channels!));
    const floats = part!;
    const run = code.let(i32.mul(kernelWidth!, floats));
    const places = code.let(i32.sub(i32.add(width!, i32.const(1)), kernelWidth!));
    code.for(outHeight!, (y) => {
      code.for(outWidth!, (x) => {
        const startX = code.let(i32.sub(i32.mul(x, across!), left!));
        code.for(kernelHeight!, (i) => {
          const imageY = code.let(i32.sub(i32.add(i32.mul(y, down!), i32.mul(i, tapDown!)), top!));
          const rowInside = code.let(i32.ltU(imageY, height!));
          const line = code.let(i32.add(image!, i32.mul(i32.mul(imageY, width!), pixel)));
          // Taps and channels that lie side by side, and all inside, go in one piece.
          const oneRun = i32.and(i32.ltU(startX, places), i32.and(together!, rowInside));
          code.if(
            oneRun,
            () => {
              move.inside(code, code.let(i32.add(line, i32.mul(startX, pixel))), row!, run);
              code.step(row!, i32.bytes(run));
            },
            () =>
              code.for(kernelWidth!, (j) => {
                const imageX = code.let(i32.add(startX, i32.mul(j, tapAcross!)));
                code.if(
                  i32.and(rowInside, i32.ltU(imageX, width!)),
                  () => move.inside(code, code.let(i32.add(line, i32.mul(imageX, pixel))), row!, floats),
                  () => move.border(code, row!, floats),
                );
                code.step(row!, i32.bytes(floats));
              }),
          );
        });
      });
    });
  });
}

/**
 * Parameters: address of the image at the group's first channel, address of the patches, height, width, channels,
 * channels of the group, kernel height, kernel width, strides, dilation, border above and left, output height and
 * width, and 1 where a kernel's row lies in one piece of the image.
 */
export const patchKernels: readonly Kernel[] = [
  patches('gatherPatches', gather),
  patches('scatterPatches', scatter),
];
