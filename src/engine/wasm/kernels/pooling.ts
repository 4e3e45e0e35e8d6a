/**
 * Max pooling of one image. The position of each maximum within the image is kept, so that its gradient goes straight
 * there. Ties go to the first, as in TensorFlow.js.
 */
import { f32, f32x4, i32, v128, type I32, type Local } from '../code';
import { integers, kernel, type Kernel } from '../emit';

type I = Local<'i32'>;

/**
 * Parameters: image, outputs, positions (int32, in floats from the image's start), height, width, channels, pool height
 * and width, strides, border above and left, output height and width.
 */
const maxPool = kernel('maxPool', integers(14), (code, ...parameters) => {
  const [image, to, positions, height, width, channels, poolHeight, poolWidth, ...rest] = parameters as I[];
  const [down, across, top, left, outHeight, outWidth] = rest;
  const out = code.let(i32.const(0));
  const lowest = f32.const(-Infinity);
  code.for(outHeight!, (y) => {
    code.for(outWidth!, (x) => {
      const startY = code.let(i32.sub(i32.mul(y, down!), top!));
      const startX = code.let(i32.sub(i32.mul(x, across!), left!));
      /** Every place of the window that lies in the image: its first channel, in floats. */
      const places = (visit: (place: I) => void): void =>
        code.for(poolHeight!, (i) => {
          const imageY = code.let(i32.add(startY, i));
          code.if(i32.ltU(imageY, height!), () =>
            code.for(poolWidth!, (j) => {
              const imageX = code.let(i32.add(startX, j));
              code.if(i32.ltU(imageX, width!), () =>
                visit(code.let(i32.mul(i32.add(i32.mul(imageY, width!), imageX), channels!))),
              );
            }),
          );
        });
      const channel = (place: I32, at: I32): I32 => i32.add(i32.add(image!, i32.bytes(place)), at);
      code.vectors(
        channels!,
        (at) => {
          const best = code.let(v128.splat(lowest));
          const where = code.let(v128.zero);
          places((place) => {
            const value = code.let(v128.load(channel(place, at)));
            const greater = code.let(f32x4.gt(value, best));
            code.set(best, v128.select(value, best, greater));
            code.set(where, v128.select(v128.splatI32(place), where, greater));
          });
          code.store(i32.add(to!, i32.add(out, at)), best);
          code.store(i32.add(positions!, i32.add(out, at)), where);
        },
        (at) => {
          const best = code.let(lowest);
          const where = code.let(i32.const(0));
          places((place) => {
            const value = code.let(f32.load(channel(place, at)));
            code.if(f32.gt(value, best), () => {
              code.set(best, value);
              code.set(where, place);
            });
          });
          code.storeF32(i32.add(to!, i32.add(out, at)), best);
          code.storeI32(i32.add(positions!, i32.add(out, at)), where);
        },
      );
      code.step(out, i32.bytes(channels!));
    });
  });
});

/**
 * Adds each output's gradient to the place of its maximum. Positions are those of channel 0 of the place; the channel is
 * added here. Parameters: gradients of the outputs, positions, gradients of the image, output places, channels.
 */
const maxPoolGradient = kernel(
  'maxPoolGradient',
  integers(5),
  (code, gradients, positions, image, places, channels) => {
    const at = code.let(i32.const(0));
    code.for(places, () =>
      code.for(channels, (channel) => {
        const place = i32.add(i32.load(i32.add(positions, at)), channel);
        const to = code.let(i32.add(image, i32.bytes(place)));
        code.storeF32(to, f32.add(f32.load(to), f32.load(i32.add(gradients, at))));
        code.step(at, i32.const(4));
      }),
    );
  },
);

export const poolingKernels: readonly Kernel[] = [maxPool, maxPoolGradient];
