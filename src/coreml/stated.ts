/** Sizes that a layer of a file leaves to the format's defaults. Source: NeuralNetwork.proto of Apple's coremltools. */
import type { NeuralNetworkLayer } from './messages';

/** The layer with the sizes that it leaves to the format's defaults. */
export function stated(layer: NeuralNetworkLayer): NeuralNetworkLayer {
  const pair = (sizes: number[] | undefined, otherwise: number) =>
    sizes?.length ? sizes : [otherwise, otherwise];
  if (layer.convolution) {
    const { nGroups, kernelSize, stride, dilationFactor } = layer.convolution;
    return {
      ...layer,
      convolution: {
        ...layer.convolution,
        nGroups: nGroups || 1,
        kernelSize: pair(kernelSize, 3),
        stride: pair(stride, 1),
        dilationFactor: pair(dilationFactor, 1),
      },
    };
  }
  if (layer.pooling && !layer.pooling.globalPooling) {
    const { kernelSize, stride } = layer.pooling;
    return {
      ...layer,
      pooling: { ...layer.pooling, kernelSize: pair(kernelSize, 3), stride: pair(stride, 1) },
    };
  }
  return layer;
}
