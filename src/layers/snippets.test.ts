import { describe, expect, test } from 'vitest';
import { defaultsOf, type ParamValues } from '../core/params';
import type { Shape } from '../core/shape';
import { layerOf, layers, type LayerKind } from '.';

describe('every kind', () => {
  test('is written in Keras and PyTorch', () => {
    const snippets = layers.map((definition) => {
      const one = definition.kind === 'dense' ? [1152] : definition.kind === 'embedding' ? [1] : [28, 28, 1];
      const inputs = Array.from({ length: definition.inputs.min }, () => one);
      const params = defaultsOf(definition.params);
      return [definition.snippets.keras(params, inputs), definition.snippets.pytorch(params, inputs)];
    });
    expect(snippets.flat().join('\n')).toMatchInlineSnapshot(`
      "keras.Input(shape=(28, 28, 1))
      # input: (N, 1, 28, 28)
      layers.Conv2D(32, (3, 3), strides=(1, 1), padding="valid", dilation_rate=(1, 1), groups=1, activation="linear", use_bias=True, kernel_initializer="glorot_uniform")
      nn.Conv2d(1, 32, (3, 3), stride=(1, 1), padding="valid", dilation=(1, 1), groups=1, bias=True)
      layers.DepthwiseConv2D((3, 3), strides=(1, 1), padding="valid", depth_multiplier=1, dilation_rate=(1, 1), activation="linear", use_bias=True, depthwise_initializer="glorot_uniform")
      nn.Conv2d(1, 1, (3, 3), stride=(1, 1), padding="valid", dilation=(1, 1), groups=1, bias=True)
      layers.Conv2DTranspose(32, (3, 3), strides=(1, 1), padding="valid", activation="linear", use_bias=True, kernel_initializer="glorot_uniform")
      nn.ConvTranspose2d(1, 32, (3, 3), stride=(1, 1), padding=(0, 0), groups=1, bias=True)
      layers.MaxPooling2D(pool_size=(2, 2), strides=(2, 2), padding="valid")
      nn.MaxPool2d((2, 2), stride=(2, 2))
      layers.AveragePooling2D(pool_size=(2, 2), strides=(2, 2), padding="valid")
      nn.AvgPool2d((2, 2), stride=(2, 2))
      # call: keras.ops.sqrt(4 * pool(keras.ops.square(x))), with pool = layers.AveragePooling2D(pool_size=(2, 2), strides=(2, 2), padding="valid")
      nn.LPPool2d(2, (2, 2), stride=(2, 2))
      layers.GlobalAveragePooling2D()
      nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
      layers.GlobalMaxPooling2D()
      nn.Sequential(nn.AdaptiveMaxPool2d(1), nn.Flatten())
      layers.Flatten()
      nn.Flatten()
      layers.Permute((2, 1, 3))
      # forward: x.permute(0, 1, 3, 2)
      layers.Reshape((28, 28, 1))
      # forward: x.permute(0, 2, 3, 1).reshape(-1, 28, 28, 1).permute(0, 3, 1, 2)
      layers.ZeroPadding2D(((1, 1), (1, 1)))
      nn.ZeroPad2d((1, 1, 1, 1))
      layers.UpSampling2D(size=(2, 2), interpolation="nearest")
      nn.Upsample(scale_factor=(2, 2), mode="nearest")
      layers.Dense(128, activation="linear", use_bias=True, kernel_initializer="glorot_uniform")
      nn.Linear(1152, 128, bias=True)
      keras.Sequential([layers.Embedding(1000, 64), layers.Flatten()])
      nn.Sequential(nn.Embedding(1000, 64), nn.Flatten()) # it takes x.long()
      layers.Activation("relu")
      nn.ReLU()
      layers.PReLU(shared_axes=[1, 2])
      nn.PReLU(1, init=0.0)
      # call: alpha * keras.ops.softplus(beta * x), with alpha, beta = self.add_weight((1,), initializer="ones") each
      # forward: alpha * F.softplus(beta * x), with alpha, beta = nn.Parameter(torch.ones(1, 1, 1)) each
      layers.Dropout(0.5)
      nn.Dropout(0.5)
      layers.BatchNormalization(momentum=0.99, epsilon=0.001)
      nn.BatchNorm2d(1, eps=0.001, momentum=0.01)
      layers.Add()
      # forward: x0 + x1
      layers.Multiply()
      # forward: x0 * x1
      layers.Concatenate()
      # forward: torch.cat([x0, x1], dim=1)"
    `);
  });

  test('is written in PyTorch with padding of its own where PyTorch pads otherwise', () => {
    const pytorch = (kind: LayerKind, params: ParamValues, inputs: readonly Shape[]): string => {
      const definition = layerOf(kind);
      return definition.snippets.pytorch({ ...defaultsOf(definition.params), ...params }, inputs);
    };
    const same = { padding: 'same', poolSize: [3, 2], strides: [2, 2] };
    expect(
      [
        pytorch('maxPooling2d', same, [[7, 6, 3]]),
        pytorch('averagePooling2d', same, [[7, 6, 3]]),
        pytorch('maxPooling2d', same, [[8, 6, 3]]),
        pytorch('averagePooling2d', same, [[8, 6, 3]]),
        pytorch('conv2d', { activation: 'relu', padding: 'same' }, [[7, 6, 3]]),
        pytorch('conv2d', { strides: [2, 2], padding: 'same' }, [[7, 6, 3]]),
        pytorch('batchNormalization', {}, [[64]]),
      ].join('\n'),
    ).toMatchInlineSnapshot(`
      "nn.MaxPool2d((3, 2), stride=(2, 2), padding=(1, 0))
      nn.AvgPool2d((3, 2), stride=(2, 2), padding=(1, 0), count_include_pad=False)
      nn.Sequential(nn.ConstantPad2d((0, 0, 0, 1), float("-inf")), nn.MaxPool2d((3, 2), stride=(2, 2)))
      # forward: pool(x) / pool(torch.ones_like(x)), with pool = nn.Sequential(nn.ConstantPad2d((0, 0, 0, 1), 0.0), nn.AvgPool2d((3, 2), stride=(2, 2)))
      nn.Sequential(nn.Conv2d(3, 32, (3, 3), stride=(1, 1), padding="same", dilation=(1, 1), groups=1, bias=True), nn.ReLU())
      nn.Sequential(nn.ConstantPad2d((0, 1, 1, 1), 0.0), nn.Conv2d(3, 32, (3, 3), stride=(2, 2), padding="valid", dilation=(1, 1), groups=1, bias=True))
      nn.BatchNorm1d(64, eps=0.001, momentum=0.01)"
    `);
  });
});
