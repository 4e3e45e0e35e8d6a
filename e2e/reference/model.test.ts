/** Tests of reading a whole file that is written field by field with the numbers of the public specification. */
import { describe, expect, it } from 'vitest';
import { readModel } from './model';
import { checkRules } from './rules';
import { runModel } from './compute';
import {
  block,
  double,
  float,
  packedFloats,
  packedIntegers,
  text,
  varint,
  type Bytes,
} from './testing/encode';

/** A whole updatable file, written field by field with the numbers of coreml.md. */
function file(...extra: Bytes[]): Uint8Array {
  const image = block(3, block(4, varint(1, 2), varint(2, 2), varint(3, 10)));
  const label = block(3, block(3));
  const description = block(
    2,
    block(1, text(1, 'image'), text(2, 'a digit'), image),
    block(10, text(1, 'label'), label),
    block(10, text(1, 'chances'), block(3, block(6, block(2)))),
    text(11, 'label'),
    text(12, 'chances'),
    block(50, text(1, 'image'), image),
    block(50, text(1, 'label'), label),
    block(
      100,
      text(1, 'small'),
      text(2, '1.0'),
      text(3, 'me'),
      text(4, 'MIT'),
      block(100, text(1, 'k'), text(2, 'v')),
    ),
  );
  const conv = block(
    100,
    varint(1, 2),
    varint(2, 1),
    varint(10, 1),
    packedIntegers(20, [2, 2]),
    packedIntegers(30, [1, 1]),
    packedIntegers(40, [1, 1]),
    block(50, block(1, block(10), block(10, varint(2, 1)))),
    varint(70, 1),
    block(90, packedFloats(1, [1, 0, 0, 0, 0, 0, 0, 1]), varint(50, 1)),
    block(91, packedFloats(1, [0, 0.5]), varint(50, 1)),
  );
  const inner = block(
    140,
    varint(1, 4),
    varint(2, 2),
    block(20, packedFloats(1, [1, 0, 0, 0, 0, 0, 0, 1]), varint(50, 1)),
  );
  const range = (min: number, max: number) => block(10, double(1, min), double(2, max));
  const sgd = block(
    10,
    block(1, double(1, 0.01), range(0, 1)),
    block(2, varint(1, 8), block(11, packedIntegers(1, [4, 8]))),
    block(3, double(1, 0.9)),
  );
  const update = block(
    10,
    block(1, text(1, 'loss'), block(10, text(1, 'probs'), text(2, 'probs_true'))),
    block(2, sgd),
    block(3, varint(1, 3), block(10, varint(1, 1), varint(2, 10))),
    block(10, varint(1, 1)),
    block(20, varint(1, 7)),
  );
  const network = block(
    403,
    block(1, text(1, 'conv'), text(2, 'image'), text(3, 'conv_out'), varint(10, 1), conv),
    block(1, text(1, 'flat'), text(2, 'conv_out'), text(3, 'flat_out'), block(301, varint(1, 1))),
    block(1, text(1, 'inner'), text(2, 'flat_out'), text(3, 'scores'), varint(10, 1), inner),
    block(1, text(1, 'softmax'), text(2, 'scores'), text(3, 'probs'), block(175)),
    block(2, text(1, 'image'), block(10, float(10, 0.5))),
    update,
    block(100, text(1, 'no'), text(1, 'yes')),
    text(200, 'probs'),
  );
  return new Uint8Array([varint(1, 4), description, varint(10, 1), network, ...extra].flat());
}

describe('reading a file', () => {
  it('reads the description, the classifier and the update parameters', () => {
    const { description, network, isUpdatable, specificationVersion } = readModel(file());
    expect([specificationVersion, isUpdatable, network.kind]).toEqual([4, true, 'neuralNetworkClassifier']);
    expect(description.inputs).toEqual([
      {
        name: 'image',
        shortDescription: 'a digit',
        type: { kind: 'image', optional: false, width: 2, height: 2, colorSpace: 'grayscale' },
      },
    ]);
    expect(description.metadata).toEqual({
      shortDescription: 'small',
      version: '1.0',
      author: 'me',
      license: 'MIT',
      userDefined: { k: 'v' },
    });
    expect(network.classifier).toEqual({
      labels: { kind: 'string', values: ['no', 'yes'] },
      labelProbabilityLayerName: 'probs',
    });
    expect(network.update).toEqual({
      losses: [{ name: 'loss', kind: 'categoricalCrossEntropy', input: 'probs', target: 'probs_true' }],
      optimizer: {
        kind: 'sgd',
        learningRate: { value: 0.01, range: { min: 0, max: 1 } },
        miniBatchSize: { value: 8, allowed: { kind: 'set', values: [4, 8] } },
        momentum: { value: 0.9, range: undefined },
      },
      epochs: { value: 3, allowed: { kind: 'range', min: 1, max: 10 } },
      shuffle: true,
      seed: { value: 7, allowed: undefined },
    });
  });

  it('reads layers that break no rule and compute what their numbers say', () => {
    const model = readModel(file());
    expect(checkRules(model)).toEqual([]);
    const conv = model.network.layers[0]!.body;
    expect(conv).toMatchObject({ kind: 'convolution', outputChannels: 2, kernelSize: [2, 2], hasBias: true });
    expect(conv).toMatchObject({
      padding: {
        mode: 'valid',
        amounts: [
          { start: 0, end: 0 },
          { start: 0, end: 1 },
        ],
      },
    });
    // The convolution alone, on bytes scaled by a half: its windows are [2 4 / 6 8] and [4 0 / 8 0].
    model.network.layers.splice(1);
    model.network.classifier = undefined;
    expect([...runModel(model, [4, 8, 12, 16]).blobs.get('conv_out')!.data]).toEqual([2, 4, 8.5, 0.5]);
  });

  it('refuses a field that it does not know, at every depth', () => {
    expect(() => readModel(file(varint(11, 1)))).toThrow('model: unknown field 11.');
    const tooDeep = block(500, block(1, text(1, 'a'), block(175, varint(1, 1))));
    expect(() => readModel(new Uint8Array([...block(2), ...tooDeep]))).toThrow(
      'model.neuralNetwork.layers[0].softmax: unknown field 1.',
    );
    const otherKind = block(500, block(1, text(1, 'a'), block(176)));
    expect(() => readModel(new Uint8Array([...block(2), ...otherKind]))).toThrow(/unknown field 176/);
  });

  it('refuses a key of the metadata that is given twice', () => {
    const pair = block(100, text(1, 'k'), text(2, 'v'));
    const description = block(2, block(100, pair, pair));
    expect(() => readModel(new Uint8Array([...description, ...block(500)]))).toThrow(
      "the key 'k' is given twice",
    );
  });

  it('refuses a file without network or description, with two networks, and one cut off anywhere', () => {
    expect(() => readModel(new Uint8Array(block(2)))).toThrow(/no neuralNetwork/);
    expect(() => readModel(new Uint8Array(block(500)))).toThrow(/no description/);
    expect(() => readModel(file(block(500)))).toThrow(/both there/);
    const whole = file();
    const networkStart = whole.length - 10;
    for (let length = networkStart; length < whole.length; length++) {
      expect(() => readModel(whole.subarray(0, length))).toThrow(/announced|inside the varint/);
    }
  });
});
