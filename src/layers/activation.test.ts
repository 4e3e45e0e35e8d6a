import { describe, expect, test } from 'vitest';
import type { NeuralNetworkLayer } from '../coreml/messages';
import { defaultsOf, type ParamsOf } from '../core/params';
import { activation } from './activation';

type Params = ParamsOf<typeof activation.params>;
const withDefaults = (params: Partial<Params>): Params => ({ ...defaultsOf(activation.params), ...params });

function write(params: Partial<Params>): readonly NeuralNetworkLayer[] {
  const shape = [4, 4, 2];
  const places = { name: 'bend', inputs: ['before'], output: 'after' };
  const shapes = { inputShapes: [shape], outputShape: shape, weights: {} };
  return activation.coreml.write({ ...places, ...shapes, params: withDefaults(params) });
}

const read = (layer: NeuralNetworkLayer) => activation.coreml.read!(layer, { inputShapes: [[4, 4, 2]] });
const bend = { name: 'bend', input: ['before'], output: ['after'] };
const numbers = { negativeSlope: -0.25, alpha: 1.5, beta: 0 };

describe.each(activation.params.activation.options)('%s', (name) => {
  test('is the same message when it is written, read and written again', () => {
    const [layer, ...more] = write({ ...numbers, activation: name });
    expect(more).toEqual([]);
    const { params, weights } = read(layer!) as { params: Partial<Params>; weights: object };
    expect(params.activation).toBe(name);
    expect(weights).toEqual({});
    expect(write(params)).toEqual([layer]);
  });
});

test('linear of 1 and 0 is no layer of the file, for there it would stop the gradients', () => {
  expect(write({ activation: 'linear' })).toEqual([]);
  expect(write({ activation: 'linear', alpha: 2 })).toEqual([
    { ...bend, activation: { linear: { alpha: 2, beta: 0 } } },
  ]);
});

test('numbers that a file leaves out are 0, not the defaults of the form', () => {
  const scaledTanh = {} as { alpha: number; beta: number };
  expect(read({ ...bend, activation: { scaledTanh } })).toMatchObject({ params: { alpha: 0, beta: 0 } });
  expect(read({ ...bend, activation: { leakyReLU: {} as { alpha: number } } })).toMatchObject({
    params: { negativeSlope: 0 },
  });
});

test('a number that is added to one input, or multiplies it, is read as linear', () => {
  expect(read({ ...bend, add: { alpha: 3 } })).toMatchObject({
    params: { activation: 'linear', alpha: 1, beta: 3 },
  });
  expect(read({ ...bend, multiply: { alpha: 3 } })).toMatchObject({
    params: { activation: 'linear', alpha: 3, beta: 0 },
  });
});

test('layers of other kinds are left to them', () => {
  const floats = { floatValue: Float32Array.of(1) };
  const input = ['one', 'two'];
  const others: readonly Partial<NeuralNetworkLayer>[] = [
    { activation: { PReLU: { alpha: floats } } },
    { activation: { parametricSoftplus: { alpha: floats, beta: floats } } },
    { activation: {} },
    { input, add: {} },
    { input, multiply: {} },
    { flatten: { mode: 1 } },
  ];
  for (const part of others) expect(read({ ...bend, ...part })).toBeUndefined();
});

test('the card names the curve with its numbers', () => {
  const summaryOf = (params: Partial<Params>): string => activation.summary(withDefaults(params));
  expect(summaryOf({})).toBe('relu');
  expect(summaryOf({ activation: 'linear' })).toBe('linear');
  expect(summaryOf({ activation: 'linear', alpha: 1 / 3 })).toBe('linear · 0.3333 · 0');
  expect(summaryOf({ activation: 'leakyRelu', negativeSlope: 0.2 })).toBe('leaky relu · 0.2');
  expect(summaryOf({ activation: 'thresholdedRelu' })).toBe('thresholded relu · 1');
});

test('the form shows the numbers that the curve takes', () => {
  const shown = (name: Params['activation']): readonly string[] =>
    Object.entries(activation.params)
      .filter(([, spec]) => 'visible' in spec && spec.visible(withDefaults({ activation: name })))
      .map(([key]) => key);
  expect(shown('relu')).toEqual([]);
  expect(shown('leakyRelu')).toEqual(['negativeSlope']);
  expect(shown('elu')).toEqual(['alpha']);
  expect(shown('scaledTanh')).toEqual(['alpha', 'beta']);
});

test('curves with numbers are written in Keras and PyTorch with them', () => {
  const lines = activation.params.activation.options.flatMap((name) => {
    const params = withDefaults({ activation: name, alpha: 0.5, beta: 2 });
    const inputs = [[4, 4, 2]];
    return [activation.snippets.keras(params, inputs), activation.snippets.pytorch(params, inputs)];
  });
  expect(lines.join('\n')).toMatchInlineSnapshot(`
    "layers.Rescaling(0.5, offset=2)
    # forward: 0.5 * x + 2
    layers.Activation("relu")
    nn.ReLU()
    layers.Activation("sigmoid")
    nn.Sigmoid()
    layers.Activation("tanh")
    nn.Tanh()
    layers.Activation("softmax")
    nn.Softmax(dim=1)
    layers.ELU(alpha=0.5)
    nn.ELU(alpha=0.5)
    layers.Activation("softplus")
    nn.Softplus()
    layers.Activation("softsign")
    nn.Softsign()
    layers.LeakyReLU(negative_slope=0.3)
    nn.LeakyReLU(0.3)
    layers.Activation(lambda x: ops.where(x >= 0.5, x, 0.0))
    # forward: torch.where(x >= 0.5, x, 0.0)
    layers.Activation(lambda x: 0.5 * ops.tanh(2 * x))
    # forward: 0.5 * torch.tanh(2 * x)
    layers.Activation(lambda x: ops.clip(0.5 * x + 2, 0.0, 1.0))
    # forward: torch.clamp(0.5 * x + 2, 0.0, 1.0)"
  `);
});
