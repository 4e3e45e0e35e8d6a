/**
 * The convolution in TensorFlow.js where its own Conv2D layer does not do: it knows no groups, and it computes no
 * gradients of dilated kernels. Not a layer kind itself.
 */
import type { Rank, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Shape } from '../core/shape';
import { isProblem } from '../core/problem';
import type { ActivationName } from './activations';
import type { TensorFlow, TensorFlowContext, WeightSpec } from './defineLayer';
import { slide, type Padding } from './windows';

interface Convolution {
  readonly filters: number;
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: Padding;
  readonly dilationRate: readonly number[];
  readonly groups: number;
  readonly activation: ActivationName;
}

/**
 * A layer that convolves each group of channels by itself, with kernels that are spread by zeros.
 * @param weightsOf the weights for an input of this shape: kernel and, where it has one, bias.
 */
export function composedConvolution(
  { core, layers }: TensorFlow,
  { name, inputs }: TensorFlowContext,
  p: Convolution,
  weightsOf: (image: Shape) => readonly WeightSpec[],
): SymbolicTensor {
  const activation = layers.layers.activation({ activation: p.activation });

  class ComposedConv2D extends layers.layers.Layer {
    static className = 'ComposedConv2D';

    override build(inputShape: number[]): void {
      for (const weight of weightsOf(inputShape.slice(1)))
        this.addWeight(weight.name, [...weight.shape], 'float32', layers.initializers.zeros());
      this.built = true;
    }

    override computeOutputShape(inputShape: number[]): number[] {
      const window = {
        ...p,
        size: p.kernelSize,
        dilation: p.dilationRate,
        param: 'kernelSize',
        noun: 'kernel',
      };
      const out = slide('Conv2D', inputShape.slice(1), window);
      if (isProblem(out)) throw new Error(out.message);
      return [inputShape[0]!, ...out, p.filters];
    }

    override call(values: Tensor | Tensor[]): Tensor {
      return core.tidy(() => {
        const image = (Array.isArray(values) ? values[0]! : values) as Tensor4D;
        const [kernel, bias] = this.weights.map((weight) => weight.read());
        const taps = spread(core, kernel as Tensor4D, p.dilationRate);
        const strides = p.strides as [number, number];
        const convolve = (part: Tensor4D, i: number): Tensor4D =>
          core.conv2d(part, kernels[i]!, strides, p.padding);
        // One group is not split: TensorFlow.js has no gradient of a split into one.
        const kernels = p.groups > 1 ? core.split<Tensor4D>(taps, p.groups, 3) : [taps];
        const convolved =
          p.groups > 1
            ? core.concat(core.split<Tensor4D>(image, p.groups, 3).map(convolve), 3)
            : convolve(image, 0);
        const sum = bias ? core.add(convolved, bias) : convolved;
        return p.activation === 'linear' ? sum : (activation.apply(sum) as Tensor);
      });
    }

    override getClassName(): string {
      return ComposedConv2D.className;
    }
  }
  return new ComposedConv2D({ name }).apply(inputs[0]!) as SymbolicTensor;
}

/** Sets the taps of a kernel apart by zeros: `[h, w, in, out]` to `[(h − 1)·d + 1, (w − 1)·d + 1, in, out]`. */
function spread(core: TensorFlow['core'], kernel: Tensor4D, [down, across]: readonly number[]): Tensor4D {
  const [height, width, inputs, outputs] = kernel.shape;
  const rows = core.pad(core.reshape(kernel, [height, 1, -1]), [
    [0, 0],
    [0, down! - 1],
    [0, 0],
  ]);
  const columns = core.pad(core.reshape(rows, [height * down!, width, 1, -1]), [
    [0, 0],
    [0, 0],
    [0, across! - 1],
    [0, 0],
  ]);
  const full = core.reshape<Rank.R4>(columns, [height * down!, width * across!, inputs, outputs]);
  return core.slice(
    full,
    [0, 0, 0, 0],
    [(height - 1) * down! + 1, (width - 1) * across! + 1, inputs, outputs],
  );
}
