/** The fully connected layer. */
import { transpose } from '../core/layouts';
import type { ParamsOf } from '../core/params';
import { problem } from '../core/problem';
import { formatShape, sizeOf, type Shape } from '../core/shape';
import { pytorchSequence, withCoremlActivation } from './activations';
import { readBias, readFloats } from './coremlReading';
import { defineLayer, type WeightSpec } from './defineLayer';
import { kerasEnd, kernelAndBias, kernelCount, weightedParams } from './weighted';

const params = {
  units: { type: 'integer', label: 'Units', default: 128, min: 1, max: 65536, step: 'double' },
  ...weightedParams,
} as const;

const weightsOf = ([vector]: readonly Shape[], p: ParamsOf<typeof params>): readonly WeightSpec[] =>
  kernelAndBias(p, [vector![0]!, p.units], { fanIn: vector![0]!, fanOut: p.units }, p.units);

export const dense = defineLayer({
  kind: 'dense',
  label: 'Dense',
  autoName: 'dense',
  aliases: ['Linear', 'innerProduct', 'fully connected'],
  group: 'dense',
  icon: 'network',
  documentation: 'Every unit looks at every number of the vector before it, each with a weight of its own.',
  params,
  inputs: { min: 1, max: 1 },
  summary: (p) => [p.units, ...(p.activation === 'linear' ? [] : [p.activation])].join(' · '),
  outputShape([vector], p) {
    if (vector!.length === 1) return [p.units];
    return problem('rank', `Dense needs a flat vector; it gets ${formatShape(vector!)}.`, {
      type: 'insertBefore',
      kind: 'flatten',
      label: 'Insert Flatten',
    });
  },
  weights: weightsOf,
  multiplyAdds: ([vector], p) => vector![0]! * p.units,
  arithmetic: ([vector], p) => [`output ${p.units} units`, kernelCount(p, [vector![0]!, p.units], p.units)],
  tensorflow: (tf, p, { name, inputs }) =>
    tf.layers.layers
      .dense({
        name,
        units: p.units,
        activation: p.activation,
        useBias: p.useBias,
        kernelInitializer: 'zeros',
      })
      .apply(inputs[0]!) as (typeof inputs)[0],
  coreml: {
    write({ name, params: p, inputs, output, inputShapes, weights }) {
      const [kernel] = weightsOf(inputShapes, p);
      return withCoremlActivation(
        {
          name,
          input: [...inputs],
          innerProduct: {
            inputChannels: inputShapes[0]![0]!,
            outputChannels: p.units,
            hasBias: p.useBias,
            weights: { floatValue: transpose(weights.kernel!, kernel!.shape) },
            ...(p.useBias ? { bias: { floatValue: weights.bias! } } : {}),
          },
        },
        p.activation,
        output,
      );
    },
    read({ innerProduct }, { inputShapes }) {
      if (!innerProduct) return undefined;
      const { inputChannels, outputChannels: units, hasBias: useBias } = innerProduct;
      const kernel = readFloats(innerProduct.weights, inputChannels * units, 'kernel');
      if (typeof kernel === 'string') return kernel;
      const bias = readBias(innerProduct);
      if (typeof bias === 'string') return bias;
      const values = sizeOf(inputShapes[0] ?? []);
      if (values !== inputChannels) return `It takes a vector of ${inputChannels} values; it gets ${values}.`;
      const weights = { kernel: transpose(kernel, [units, inputChannels]), ...(bias && { bias }) };
      return { params: { units, useBias }, weights };
    },
  },
  snippets: {
    keras: (p) => `layers.Dense(${p.units}, ${kerasEnd(p)}`,
    pytorch: (p, [vector]) =>
      pytorchSequence(
        [`nn.Linear(${vector![0]}, ${p.units}, bias=${p.useBias ? 'True' : 'False'})`],
        p.activation,
      ),
  },
});
