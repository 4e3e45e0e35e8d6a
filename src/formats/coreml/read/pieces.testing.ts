/** Layers, features and parameters as other programs spell them, for the files in `programs.testing.ts`. For tests only. */
import type { NeuralNetworkLayer } from '../../../coreml/messages';
import { ArrayDataType, type FeatureType } from '../../../coreml/model';

export const { double: DOUBLE, float32: FLOAT32, int32: INT32 } = ArrayDataType;
export const array = (shape: number[], dataType: ArrayDataType): FeatureType => ({
  multiArrayType: { shape, dataType },
});
export const feature = (name: string, type: FeatureType, shortDescription = '') => ({
  name,
  shortDescription,
  type,
});

let drawn = 0;
/** Weights that differ from each other and from those of other layers; small, so that no softmax saturates. */
export const weights = (count: number, isUpdatable = false) => ({
  floatValue: Float32Array.from({ length: count }, () => Math.sin(++drawn * 1.7) / 6),
  isUpdatable,
});

export type Type = Omit<NeuralNetworkLayer, 'name' | 'input' | 'output'>;
export const layer = (
  name: string,
  input: string | string[],
  output: string,
  type: Type,
): NeuralNetworkLayer => ({
  name,
  input: [input].flat(),
  output: [output],
  ...type,
});

const none = { startEdgeSize: 0, endEdgeSize: 0 };
export const valid = { valid: { paddingAmounts: { borderAmounts: [none, none] } } };
export const same = { same: { asymmetryMode: 0 } };

export function conv(
  channels: number,
  filters: number,
  kernelSize: number[],
  padding: object,
  updatable = false,
): Type {
  return {
    isUpdatable: updatable,
    convolution: {
      outputChannels: filters,
      kernelChannels: channels,
      nGroups: 1,
      kernelSize,
      stride: [1, 1],
      dilationFactor: [1, 1],
      ...padding,
      hasBias: true,
      weights: weights(channels * filters * kernelSize[0]! * kernelSize[1]!, updatable),
      bias: weights(filters, updatable),
    },
  };
}

export function inner(inputChannels: number, outputChannels: number, updatable = false): Type {
  return {
    isUpdatable: updatable,
    innerProduct: {
      inputChannels,
      outputChannels,
      hasBias: true,
      weights: weights(inputChannels * outputChannels, updatable),
      bias: weights(outputChannels, updatable),
    },
  };
}

export const pool = (size: number[], stride = size, type = 0): Type => ({
  pooling: { type, kernelSize: size, stride, ...valid, avgPoolExcludePadding: true },
});
/** How the Keras converter writes a pooling over everything. */
export const globalAverage: Type = {
  pooling: {
    type: 1,
    kernelSize: [0, 0],
    stride: [0, 0],
    ...valid,
    avgPoolExcludePadding: true,
    globalPooling: true,
  },
};
export const relu: Type = { activation: { ReLU: {} } };
export const softmax: Type = { softmax: {} };

export const real = (defaultValue: number, maxValue: number) => ({
  defaultValue,
  range: { minValue: 0, maxValue },
});
export const set = (defaultValue: number, values: number[]) => ({ defaultValue, set: { values } });
export const crossEntropy = (name: string, input: string, target = `${input}_true`) => [
  { name, categoricalCrossEntropyLossLayer: { input, target } },
];
export const metadata = { shortDescription: 'Digits', versionString: '', author: 'Somebody', license: 'MIT' };
