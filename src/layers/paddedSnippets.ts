/**
 * Padding in the snippets of Keras and PyTorch: what either has a word for is said with it, and every other border stands
 * in a layer of its own.
 */
import type { Shape } from '../core/shape';
import { isNative } from './paddedTensor';
import { borders, type Border, type Window } from './windows';

const tuple = (values: readonly (number | string)[]): string => `(${values.join(', ')})`;
const bordersOf = (window: Window, image: Shape): readonly Border[] => borders(window, image.slice(0, 2));

/** Keras's `padding=` of the layer itself, without quotes. */
export const kerasPadding = (window: Window): string => (isNative(window) ? window.padding : 'valid');

/** A Keras layer behind the zeros that its padding adds, where Keras does not add them. */
export function kerasPadded(layer: string, window: Window, image: Shape): string {
  if (isNative(window)) return layer;
  return `keras.Sequential([${kerasZeros(bordersOf(window, image))}, ${layer}])`;
}

/** Keras's layer of zeros around an image. */
const kerasZeros = (sides: readonly Border[]): string =>
  `layers.ZeroPadding2D(${tuple(sides.map(({ padding }) => tuple(padding)))})`;

/** A Keras pooling whose border does not count. */
export function kerasPooling(className: string, window: Window, image: Shape, countPadding: boolean): string {
  const pool = (padding: string): string =>
    `layers.${className}(pool_size=${tuple(window.size)}, strides=${tuple(window.strides)}, padding="${padding}")`;
  const sides = bordersOf(window, image);
  const bordered = sides.some(({ padding }) => Math.max(...padding) > 0);
  if (isNative(window) && (!countPadding || !bordered)) return pool(window.padding);
  if (countPadding) return `keras.Sequential([${kerasZeros(sides)}, ${pool('valid')}])`;
  if (className !== 'MaxPooling2D')
    return `# call: pool(x) / pool(keras.ops.ones_like(x)), with pool = keras.Sequential([${kerasZeros(sides)}, ${pool('valid')}])`;
  const amounts = tuple(['(0, 0)', ...sides.map(({ padding }) => tuple(padding)), '(0, 0)']);
  const lowest = `layers.Lambda(lambda x: keras.ops.pad(x, ${amounts}, constant_values=float("-inf")))`;
  return `keras.Sequential([${lowest}, ${pool('valid')}])`;
}

/** PyTorch's way to pad height and width each by its own amounts before and after. */
export function pytorchPad([height, width]: readonly Border[], fill: string): string {
  return `nn.ConstantPad2d(${tuple([...width!.padding, ...height!.padding])}, ${fill})`;
}

/** PyTorch's convolution, with what must pad the image before it. */
export function pytorchConvolution(
  p: { readonly useBias: boolean },
  window: Window,
  image: Shape,
  outputs: number,
  groups: number,
): readonly string[] {
  const { before, padding } = pytorchConvolutionPadding(window, image);
  return [
    ...before,
    `nn.Conv2d(${image[2]}, ${outputs}, ${tuple(window.size)}, stride=${tuple(window.strides)}, padding=${padding}, ` +
      `dilation=${tuple(window.dilation ?? [1, 1])}, groups=${groups}, bias=${p.useBias ? 'True' : 'False'})`,
  ];
}

/**
 * The padding of a PyTorch convolution: as its argument, and as a module before it where PyTorch cannot say it. It knows
 * same padding for strides of 1, and else borders that are alike before and after.
 */
function pytorchConvolutionPadding(
  window: Window,
  image: Shape,
): { readonly before: readonly string[]; readonly padding: string } {
  const sides = bordersOf(window, image);
  if (window.padding === 'valid' || (window.padding === 'same' && window.strides.every((n) => n === 1)))
    return { before: [], padding: `"${window.padding}"` };
  if (sides.every(({ padding: [before, after] }) => before === after))
    return { before: [], padding: tuple(sides.map(({ padding }) => padding[0])) };
  return { before: [pytorchPad(sides, '0.0')], padding: '"valid"' };
}

/**
 * PyTorch's poolings pad alike before and after, by half of the window at most: any other padding stands apart.
 * @param countPadding whether an average counts the border.
 */
export function pytorchPooling(
  className: 'MaxPool2d' | 'AvgPool2d',
  window: Window,
  image: Shape,
  countPadding: boolean,
): string {
  const form = `${tuple(window.size)}, stride=${tuple(window.strides)}`;
  const sides = bordersOf(window, image);
  if (sides.every(({ padding: [a, b] }) => a + b === 0)) return `nn.${className}(${form})`;
  const alike = sides.every(
    ({ padding: [before, after] }, side) => before === after && 2 * before <= window.size[side]!,
  );
  if (alike) {
    const inside = className === 'AvgPool2d' && !countPadding ? ', count_include_pad=False' : '';
    return `nn.${className}(${form}, padding=${tuple(sides.map(({ padding }) => padding[0]))}${inside})`;
  }
  if (className === 'MaxPool2d')
    return `nn.Sequential(${pytorchPad(sides, 'float("-inf")')}, nn.MaxPool2d(${form}))`;
  const pool = `nn.Sequential(${pytorchPad(sides, '0.0')}, nn.AvgPool2d(${form}))`;
  return countPadding ? pool : `# forward: pool(x) / pool(torch.ones_like(x)), with pool = ${pool}`;
}
