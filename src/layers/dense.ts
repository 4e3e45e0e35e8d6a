/** The fully connected layer. */
import { kernelInitializers } from '../core/initializers';
import { transpose } from '../core/layouts';
import type { ParamsOf } from '../core/params';
import { problem } from '../core/problem';
import { formatShape, sizeOf, type Shape } from '../core/shape';
import { activations, pytorchSequence, withCoremlActivation } from './activations';
import { readFloats } from './coremlReading';
import { defineLayer, type WeightSpec } from './defineLayer';

const params = {
  units: { type: 'integer', label: 'Units', default: 128, min: 1, max: 65536, step: 'double' },
  activation: { type: 'choice', label: 'Activation', options: activations, default: 'linear' },
  useBias: { type: 'boolean', label: 'Bias', default: true },
  kernelInitializer: {
    type: 'choice',
    label: 'Kernel initializer',
    options: kernelInitializers,
    default: 'glorotUniform',
  },
} as const;

function weightsOf([vector]: readonly Shape[], p: ParamsOf<typeof params>): readonly WeightSpec[] {
  const fans = { fanIn: vector![0]!, fanOut: p.units };
  const kernel: WeightSpec = {
    name: 'kernel',
    shape: [vector![0]!, p.units],
    initializer: p.kernelInitializer,
    fans,
    trainable: true,
  };
  const bias: WeightSpec = { name: 'bias', shape: [p.units], initializer: 'zeros', fans, trainable: true };
  return p.useBias ? [kernel, bias] : [kernel];
}

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
  arithmetic([vector], p) {
    const count = vector![0]! * p.units + (p.useBias ? p.units : 0);
    return [
      `output ${p.units} units`,
      `parameters ${vector![0]}·${p.units}${p.useBias ? ` + ${p.units}` : ''} = ${count.toLocaleString('en-US')}`,
    ];
  },
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
      const bias = useBias ? readFloats(innerProduct.bias, units, 'bias') : undefined;
      if (typeof bias === 'string') return bias;
      const values = sizeOf(inputShapes[0] ?? []);
      if (values !== inputChannels) return `It takes a vector of ${inputChannels} values; it gets ${values}.`;
      const weights = { kernel: transpose(kernel, [units, inputChannels]), ...(bias && { bias }) };
      return { params: { units, useBias }, weights };
    },
  },
  snippets: {
    keras: (p) =>
      `layers.Dense(${p.units}, activation="${p.activation}", use_bias=${p.useBias ? 'True' : 'False'}, ` +
      `kernel_initializer="${p.kernelInitializer.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)}")`,
    pytorch: (p, [vector]) =>
      pytorchSequence(
        [`nn.Linear(${vector![0]}, ${p.units}, bias=${p.useBias ? 'True' : 'False'})`],
        p.activation,
      ),
  },
});
