import { describe, expect, test } from 'vitest';
import { checkParam, defaultsOf } from '../core/params';
import { layerOf, layers } from '.';

const kinds = layers.map(({ kind }) => kind);

describe('every kind', () => {
  for (const kind of kinds) {
    const definition = layerOf(kind);
    test(`${definition.label} has defaults within its limits, and texts that are whole`, () => {
      for (const spec of Object.values(definition.params)) {
        expect(checkParam(spec, spec.default)).toBeUndefined();
        expect(spec.label).toMatch(/^[A-Z]/);
        if (spec.help) expect(spec.help).toMatch(/\.$/);
      }
      expect(definition.documentation).toMatch(/\.$/);
      expect(definition.inputs.max).toBeGreaterThanOrEqual(definition.inputs.min);
    });
  }

  test('has a name of its own', () => {
    expect(new Set(kinds).size).toBe(kinds.length);
    expect(new Set(layers.map(({ label }) => label)).size).toBe(kinds.length);
    expect(new Set(layers.map(({ autoName }) => autoName)).size).toBe(kinds.length);
  });

  test("has Keras's defaults", () => {
    expect(Object.fromEntries(layers.map(({ kind, params }) => [kind, defaultsOf(params)])))
      .toMatchInlineSnapshot(`
        {
          "activation": {
            "activation": "relu",
            "alpha": 1,
            "beta": 0,
            "negativeSlope": 0.3,
          },
          "add": {},
          "averagePooling2d": {
            "countPadding": false,
            "padding": "valid",
            "pads": [
              1,
              1,
              1,
              1,
            ],
            "poolSize": [
              2,
              2,
            ],
            "strides": [
              2,
              2,
            ],
          },
          "batchNormalization": {
            "epsilon": 0.001,
            "momentum": 0.99,
          },
          "concatenate": {},
          "conv2d": {
            "activation": "linear",
            "dilationRate": [
              1,
              1,
            ],
            "filters": 32,
            "groups": 1,
            "kernelInitializer": "glorotUniform",
            "kernelSize": [
              3,
              3,
            ],
            "padding": "valid",
            "pads": [
              1,
              1,
              1,
              1,
            ],
            "strides": [
              1,
              1,
            ],
            "useBias": true,
          },
          "conv2dTranspose": {
            "activation": "linear",
            "filters": 32,
            "groups": 1,
            "kernelInitializer": "glorotUniform",
            "kernelSize": [
              3,
              3,
            ],
            "padding": "valid",
            "strides": [
              1,
              1,
            ],
            "useBias": true,
          },
          "dense": {
            "activation": "linear",
            "kernelInitializer": "glorotUniform",
            "units": 128,
            "useBias": true,
          },
          "depthwiseConv2d": {
            "activation": "linear",
            "depthMultiplier": 1,
            "dilationRate": [
              1,
              1,
            ],
            "kernelInitializer": "glorotUniform",
            "kernelSize": [
              3,
              3,
            ],
            "padding": "valid",
            "pads": [
              1,
              1,
              1,
              1,
            ],
            "strides": [
              1,
              1,
            ],
            "useBias": true,
          },
          "dropout": {
            "rate": 0.5,
          },
          "embedding": {
            "inputDim": 1000,
            "outputDim": 64,
            "useBias": false,
          },
          "flatten": {
            "order": "channelsLast",
          },
          "globalAveragePooling2d": {},
          "globalMaxPooling2d": {},
          "input": {
            "form": "image",
            "shape": [
              28,
              28,
              1,
            ],
            "size": 784,
          },
          "l2Pooling2d": {
            "padding": "valid",
            "pads": [
              1,
              1,
              1,
              1,
            ],
            "poolSize": [
              2,
              2,
            ],
            "strides": [
              2,
              2,
            ],
          },
          "maxPooling2d": {
            "padding": "valid",
            "pads": [
              1,
              1,
              1,
              1,
            ],
            "poolSize": [
              2,
              2,
            ],
            "strides": [
              2,
              2,
            ],
          },
          "multiply": {},
          "parametricSoftplus": {},
          "permute": {
            "dims": [
              2,
              1,
              3,
            ],
          },
          "prelu": {},
          "reshape": {
            "order": "channelsLast",
            "targetShape": [
              28,
              28,
              1,
            ],
          },
          "upSampling2d": {
            "grid": "halfPixel",
            "interpolation": "nearest",
            "size": [
              2,
              2,
            ],
          },
          "zeroPadding2d": {
            "padding": [
              1,
              1,
              1,
              1,
            ],
          },
        }
      `);
  });
});
