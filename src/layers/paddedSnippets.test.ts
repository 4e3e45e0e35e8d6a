import { expect, test } from 'vitest';
import { defaultsOf, type ParamValues } from '../core/params';
import { layerOf, type LayerKind } from '.';

const image = [7, 6, 3];
const both = (kind: LayerKind, params: ParamValues): readonly string[] => {
  const { params: schema, snippets } = layerOf(kind);
  const all = { ...defaultsOf(schema), ...params };
  return [snippets.keras(all, [image]), snippets.pytorch(all, [image])];
};
const pooling = { poolSize: [3, 2], strides: [2, 2] };
const uneven = { padding: 'explicit', pads: [1, 0, 0, 1] };

test('borders that Keras and PyTorch have no word for stand in a layer of their own', () => {
  expect(
    [
      ...both('conv2d', { padding: 'explicit', pads: [1, 1, 2, 2] }),
      ...both('conv2d', { ...uneven, activation: 'relu' }),
      ...both('conv2d', { padding: 'sameLower', kernelSize: [2, 2] }),
      ...both('maxPooling2d', { ...pooling, ...uneven }),
      ...both('averagePooling2d', { ...pooling, ...uneven }),
      ...both('averagePooling2d', { ...pooling, ...uneven, countPadding: true }),
      ...both('averagePooling2d', {
        ...pooling,
        padding: 'explicit',
        pads: [1, 1, 1, 1],
        countPadding: true,
      }),
      ...both('averagePooling2d', { ...pooling, padding: 'sameLower' }),
    ].join('\n'),
  ).toMatchInlineSnapshot(`
    "keras.Sequential([layers.ZeroPadding2D(((1, 1), (2, 2))), layers.Conv2D(32, (3, 3), strides=(1, 1), padding="valid", dilation_rate=(1, 1), groups=1, activation="linear", use_bias=True, kernel_initializer="glorot_uniform")])
    nn.Conv2d(3, 32, (3, 3), stride=(1, 1), padding=(1, 2), dilation=(1, 1), groups=1, bias=True)
    keras.Sequential([layers.ZeroPadding2D(((1, 0), (0, 1))), layers.Conv2D(32, (3, 3), strides=(1, 1), padding="valid", dilation_rate=(1, 1), groups=1, activation="relu", use_bias=True, kernel_initializer="glorot_uniform")])
    nn.Sequential(nn.ConstantPad2d((0, 1, 1, 0), 0.0), nn.Conv2d(3, 32, (3, 3), stride=(1, 1), padding="valid", dilation=(1, 1), groups=1, bias=True), nn.ReLU())
    keras.Sequential([layers.ZeroPadding2D(((1, 0), (1, 0))), layers.Conv2D(32, (2, 2), strides=(1, 1), padding="valid", dilation_rate=(1, 1), groups=1, activation="linear", use_bias=True, kernel_initializer="glorot_uniform")])
    nn.Sequential(nn.ConstantPad2d((1, 0, 1, 0), 0.0), nn.Conv2d(3, 32, (2, 2), stride=(1, 1), padding="valid", dilation=(1, 1), groups=1, bias=True))
    keras.Sequential([layers.Lambda(lambda x: keras.ops.pad(x, ((0, 0), (1, 0), (0, 1), (0, 0)), constant_values=float("-inf"))), layers.MaxPooling2D(pool_size=(3, 2), strides=(2, 2), padding="valid")])
    nn.Sequential(nn.ConstantPad2d((0, 1, 1, 0), float("-inf")), nn.MaxPool2d((3, 2), stride=(2, 2)))
    # call: pool(x) / pool(keras.ops.ones_like(x)), with pool = keras.Sequential([layers.ZeroPadding2D(((1, 0), (0, 1))), layers.AveragePooling2D(pool_size=(3, 2), strides=(2, 2), padding="valid")])
    # forward: pool(x) / pool(torch.ones_like(x)), with pool = nn.Sequential(nn.ConstantPad2d((0, 1, 1, 0), 0.0), nn.AvgPool2d((3, 2), stride=(2, 2)))
    keras.Sequential([layers.ZeroPadding2D(((1, 0), (0, 1))), layers.AveragePooling2D(pool_size=(3, 2), strides=(2, 2), padding="valid")])
    nn.Sequential(nn.ConstantPad2d((0, 1, 1, 0), 0.0), nn.AvgPool2d((3, 2), stride=(2, 2)))
    keras.Sequential([layers.ZeroPadding2D(((1, 1), (1, 1))), layers.AveragePooling2D(pool_size=(3, 2), strides=(2, 2), padding="valid")])
    nn.AvgPool2d((3, 2), stride=(2, 2), padding=(1, 1))
    # call: pool(x) / pool(keras.ops.ones_like(x)), with pool = keras.Sequential([layers.ZeroPadding2D(((1, 1), (0, 0))), layers.AveragePooling2D(pool_size=(3, 2), strides=(2, 2), padding="valid")])
    nn.AvgPool2d((3, 2), stride=(2, 2), padding=(1, 0), count_include_pad=False)"
  `);
});
