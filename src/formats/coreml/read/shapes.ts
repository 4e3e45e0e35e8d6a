/** Shapes where a file does not say them in so many words: behind layers that nobody here knows, and of its input. */
import { defaultsOf, type ParamValues } from '../../../core/params';
import type { Shape } from '../../../core/shape';
import type { NeuralNetworkLayer } from '../../../coreml/messages';
import { layerOf } from '../../../layers';

/** Shapes of a layer's inputs; those that are guesses are brought to what the layer itself states. */
export function shapesFor(
  { convolution, innerProduct }: NeuralNetworkLayer,
  inputs: readonly { readonly shape: Shape; readonly sure: boolean }[],
): readonly Shape[] {
  return inputs.map(({ shape, sure }) => {
    if (sure) return shape;
    if (innerProduct) return [innerProduct.inputChannels];
    if (!convolution) return shape;
    const { kernelChannels, nGroups, isDeconvolution } = convolution;
    const [height = 1, width = 1] = shape.length === 3 ? shape : [];
    return [height, width, isDeconvolution ? kernelChannels : kernelChannels * nGroups];
  });
}

/** The parameters of an Input layer of this shape. */
export function inputParams(shape: Shape): ParamValues {
  const own: ParamValues = shape.length === 3 ? { shape } : { form: 'vector', size: shape[0]! };
  return { ...defaultsOf(layerOf('input').params), ...own };
}
