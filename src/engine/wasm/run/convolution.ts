/** The convolution: images are unfolded into patches, a few at a time, and multiplied with the kernel. */
import { sizeOf } from '../../../core/shape';
import type { BackwardOperation, ConvolutionShape, ForwardOperation } from '../../plan/plan';
import { finish, undoCurve } from './activations';
import {
  address,
  gradientAddress,
  gradientValues,
  valuesOf,
  weightAddress,
  type Machine,
  type Pass,
} from './machine';
import { multiply, type Matrix } from './products';

type Convolution = Extract<ForwardOperation, { type: 'convolution' }>;
type ConvolutionGradient = Extract<BackwardOperation, { type: 'convolutionGradient' }>;

/** output = curve(convolution of input and kernel + bias) */
export function convolution({ shape, input, output, patches }: Convolution, pass: Pass): void {
  const { machine } = pass;
  const { filters, kernel } = shape;
  eachPart(shape, pass, (part) => {
    const a = unfold(machine, shape, part, address(machine, input), patches);
    multiply(machine, {
      a,
      b: { at: weightAddress(machine, kernel) + 4 * part.firstFilter, stride: filters },
      c: { at: address(machine, output) + 4 * (part.firstRow * filters + part.firstFilter), stride: filters },
      rows: part.rows,
      columns: part.filters,
      depth: part.depth,
    });
    if (!part.last) return;
    const rows = address(machine, output) + 4 * part.firstRow * filters;
    finish(pass, rows, part.rows, filters, shape.bias, shape.curve);
  });
}

/** Gradients of kernel, bias and input; the patches are made anew. */
export function convolutionGradient(operation: ConvolutionGradient, pass: Pass): void {
  const { machine, count } = pass;
  const { shape, input, output, outputGradient, inputGradient, patches, patchGradients } = operation;
  const { filters, kernel, bias, window, direct } = shape;
  undoCurve(pass, shape.curve, output, outputGradient, filters);
  if (bias !== undefined) {
    gradientValues(machine, bias, filters).fill(0);
    const to = gradientAddress(machine, bias);
    machine.kernels.addRows(address(machine, outputGradient), to, count * sizeOf(window.output), filters);
  }
  if (inputGradient !== undefined && !direct && !operation.accumulate) valuesOf(pass, inputGradient).fill(0);
  eachPart(shape, pass, (part) => {
    const gradient: Matrix = {
      at: address(machine, outputGradient) + 4 * (part.firstRow * filters + part.firstFilter),
      stride: filters,
    };
    const a = unfold(machine, shape, part, address(machine, input), patches);
    const place = 4 * part.firstFilter;
    multiply(machine, {
      a: { ...a, transposed: true },
      b: gradient,
      c: { at: gradientAddress(machine, kernel) + place, stride: filters },
      rows: part.depth,
      columns: part.filters,
      depth: part.rows,
      accumulate: part.firstImage > 0,
    });
    if (inputGradient === undefined) return;
    const image = address(machine, inputGradient);
    const c = direct
      ? { at: image + 4 * part.firstRow * part.depth, stride: part.depth }
      : { at: address(machine, patchGradients!), stride: part.depth };
    multiply(machine, {
      a: gradient,
      b: { at: weightAddress(machine, kernel) + place, stride: filters, transposed: true },
      c,
      rows: part.rows,
      columns: part.depth,
      depth: part.filters,
      accumulate: direct && operation.accumulate,
    });
    if (!direct) fold(machine, shape, part, image, c.at);
  });
}

/** Some images and one group of channels. */
interface Part {
  readonly firstImage: number;
  readonly images: number;
  readonly group: number;
  /** The last group of these images. */
  readonly last: boolean;
  /** Rows of the output, one for each position of each image. */
  readonly firstRow: number;
  readonly rows: number;
  /** Floats of a patch. */
  readonly depth: number;
  readonly firstFilter: number;
  readonly filters: number;
}

function eachPart(shape: ConvolutionShape, { count }: Pass, run: (part: Part) => void): void {
  const { window, groups, together } = shape;
  const positions = sizeOf(window.output);
  const depth = (sizeOf(window.size) * window.image[2]) / groups;
  const filters = shape.filters / groups;
  // A direct convolution has no patches to keep small.
  const step = shape.direct ? count : together;
  for (let firstImage = 0; firstImage < count; firstImage += step) {
    const images = Math.min(step, count - firstImage);
    for (let group = 0; group < groups; group++)
      run({
        firstImage,
        images,
        group,
        last: group === groups - 1,
        firstRow: firstImage * positions,
        rows: images * positions,
        depth,
        firstFilter: group * filters,
        filters,
      });
  }
}

/** The patches of a part as the rows of a matrix. */
function unfold(
  machine: Machine,
  shape: ConvolutionShape,
  part: Part,
  input: number,
  patches: number | undefined,
): Matrix {
  if (patches === undefined) return { at: input + 4 * part.firstRow * part.depth, stride: part.depth };
  const at = address(machine, patches);
  eachImage(shape, part, input, at, machine.kernels.gatherPatches);
  return { at, stride: part.depth };
}

/** Adds gradients of patches to the gradients of the images. */
function fold(machine: Machine, shape: ConvolutionShape, part: Part, images: number, patches: number): void {
  eachImage(shape, part, images, patches, machine.kernels.scatterPatches);
}

function eachImage(
  { window, groups }: ConvolutionShape,
  part: Part,
  images: number,
  patches: number,
  run: (...parameters: number[]) => void,
): void {
  const [height, width, channels] = window.image;
  const own = channels / groups;
  const oneRun = groups === 1 && window.dilation[1] === 1 && window.size[1] <= width;
  const parameters = [
    ...[height, width, channels, own],
    ...window.size,
    ...window.strides,
    ...window.dilation,
    ...window.border,
    ...window.output,
    oneRun ? 1 : 0,
  ];
  const patchSize = 4 * sizeOf(window.output) * part.depth;
  for (let i = 0; i < part.images; i++) {
    const image = images + 4 * (height * width * channels * (part.firstImage + i) + own * part.group);
    run(image, patches + i * patchSize, ...parameters);
  }
}
