/** The exported app: every file of it, the images in their form, the numbers in their places, and what it refuses. */
import { inflateRawSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { decodeModel } from '../coreml/codec';
import { coreml } from './coreml';
import { choose, compiled, dense, image, lenet, sourceOf } from './coreml/testing';
import type { ExportSource } from './defineFormat';
import { drawnDigits, swiftErrors, unfinished } from './swift/testing';
import { swiftPlayground } from './swiftPlayground';

const small = { trainingImages: '1000', testImages: '500' };
const source = (changes: Partial<ExportSource> = {}): ExportSource => ({
  ...sourceOf(lenet),
  name: 'LeNet (MNIST)',
  dataset: drawnDigits(1234, 700),
  ...changes,
});

async function filesOf(from: ExportSource, options = small): Promise<ReadonlyMap<string, Uint8Array>> {
  const zip = await swiftPlayground.write(from, options);
  return new Map(Object.entries(unzipSync(zip)).map(([path, bytes]) => [path, bytes]));
}

const textOf = (files: ReadonlyMap<string, Uint8Array>, path: string) =>
  new TextDecoder().decode(files.get(`LeNet-MNIST.swiftpm/${path}`));

describe('the project', () => {
  test('is one folder that Swift Playgrounds opens, with code, the model file and images', async () => {
    const files = await filesOf(source());
    const paths = [...files.keys()];
    expect(paths.every((path) => path.startsWith('LeNet-MNIST.swiftpm/'))).toBe(true);
    for (const path of ['Package.swift', 'README.md', 'App/TrainerApp.swift', 'App/TrainableNetwork.swift'])
      expect(paths).toContain(`LeNet-MNIST.swiftpm/${path}`);
    const model = files.get('LeNet-MNIST.swiftpm/App/Data/Network.model')!;
    expect(Buffer.compare(model, await coreml.write(source(), {}))).toBe(0);
  });

  test('parses as Swift, every file of it, and holds nothing unfinished', async () => {
    const files = await filesOf(source());
    const code = [...files].filter(([path]) => path.endsWith('.swift'));
    expect(code.length).toBeGreaterThan(20);
    for (const [path, bytes] of code) {
      const text = new TextDecoder().decode(bytes);
      expect([path, await swiftErrors(text)]).toEqual([path, []]);
      expect([path, unfinished.exec(text)?.[0]]).toEqual([path, undefined]);
    }
  });

  test('names every file of its resources, and no other', async () => {
    const files = await filesOf(source());
    const named = [...textOf(files, 'Package.swift').matchAll(/\.copy\("(.*?)"\)/g)].map(([, path]) => path);
    const data = [...files.keys()].filter((path) => path.includes('/Data/'));
    expect(data).toEqual(named.map((path) => `LeNet-MNIST.swiftpm/App/${path}`));
  });
});

describe('its settings', () => {
  const settingsOf = async (from: ExportSource) => textOf(await filesOf(from), 'App/NetworkSettings.swift');

  test('are those of a network that reads an array and is trained with class indices', async () => {
    const text = await settingsOf(source());
    for (const line of [
      'inputName = "image"',
      'input = NetworkInput.array(shape: [1, 28, 28])',
      'outputName = "output"',
      'targetName = "output_true"',
      'target = NetworkTarget.classIndex',
      'imageSize = 784',
      'labels = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]',
    ])
      expect(text).toContain(`static let ${line}\n`);
    expect(text).toContain(
      'Hyperparameter(id: "epochs", label: "Epochs", key: .epochs, isWholeNumber: true, standard: 10, ' +
        'allowed: .range(1 ... 100)),',
    );
    expect(text).toContain('key: .eps, isWholeNumber: false, standard: 1e-7, allowed: .range(0 ... 1)),');
    expect(text).not.toContain('.momentum');
  });

  test('are those of a classifier that reads images', async () => {
    const text = await settingsOf(choose(source(), { input: 'image', modelType: 'classifier' }));
    expect(text).toContain('input = NetworkInput.image\n');
    expect(text).toContain('outputName = "classProbability"\n');
    expect(text).toContain('targetName = "classLabel"\n');
    expect(text).toContain('target = NetworkTarget.wholeNumberLabel\n');
  });

  test('are those of text labels, of one-hot targets, of SGD, of sets and of the file’s own names', async () => {
    const words = drawnDigits(10, 10, { classLabels: [...'abcdefghi', 'say "j"'] });
    const classifier = choose(source({ dataset: words }), { modelType: 'classifier' });
    expect(await settingsOf(classifier)).toContain('NetworkTarget.textLabel\n');
    expect(await settingsOf(classifier)).toContain('"i", "say \\"j\\""]\n');
    const sigmoid = compiled(image(), { kind: 'flatten' }, dense('dense', 10, 'sigmoid'));
    const regression = {
      ...sourceOf(sigmoid, { loss: 'meanSquaredError', optimizer: 'sgd', epochs: 4 }),
      name: 'LeNet (MNIST)',
      dataset: drawnDigits(10, 10),
    };
    const names = { input: 'a "b"', output: 'c', label: 'd', target: 'e', loss: 'f' };
    const allowed = { epochs: { type: 'set', values: [2, 4] } } as const;
    const text = await settingsOf(choose(regression, { names, allowed }));
    expect(text).toContain('NetworkTarget.oneHot\n');
    expect(text).toContain('inputName = "a \\"b\\""\n');
    expect(text).toContain('targetName = "e"\n');
    expect(text).toContain('key: .momentum, ');
    expect(text).toContain('standard: 4, allowed: .values([2, 4])),');
    expect(text).toContain('key: .seed, isWholeNumber: true, standard: 42, allowed: .any),');
  });

  test('say how many images there are, and that a drawing needs one channel', async () => {
    const text = textOf(await filesOf(source()), 'App/AppSettings.swift');
    expect(text).toContain('trainingImages = 1000\n');
    expect(text).toContain('testImages = 500\n');
    expect(text).toContain('drawingBox: Int? = 20\n');
    expect(text).toMatch(/exportMark = "[0-9a-f]{8}"\n/);
    const colour = compiled(image([4, 4, 3]), { kind: 'flatten' }, dense('dense', 10, 'softmax'));
    const files = await filesOf({
      ...sourceOf(colour),
      name: 'LeNet (MNIST)',
      dataset: drawnDigits(7, 7, { shape: [4, 4, 3] }),
    });
    expect(textOf(files, 'App/AppSettings.swift')).toContain('drawingBox: Int? = nil\n');
    expect(textOf(files, 'App/AppSettings.swift')).toContain('trainingImages = 7\n');
  });
});

test('the images lie as the app’s own comment says, as many as were chosen', async () => {
  const files = await filesOf(source(), { trainingImages: '5000', testImages: '500' });
  const bytes = Buffer.from(files.get('LeNet-MNIST.swiftpm/App/Data/Images.data')!);
  expect(bytes.toString('latin1', 0, 4)).toBe('LPIM');
  const header = Array.from({ length: 7 }, (_, i) => bytes.readUInt32LE(4 + 4 * i));
  expect(header).toEqual([1, 28, 28, 1, 1234, 500, 1000]);
  let at = 32;
  const blocks: Buffer[] = [];
  while (at < bytes.length) {
    const length = bytes.readUInt32LE(at);
    blocks.push(inflateRawSync(bytes.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  expect(at).toBe(bytes.length);
  expect(blocks.map(({ length }) => length)).toEqual([1000, 234, 500].map((count) => count * 785));
  const second = blocks[1]!;
  expect([...second.subarray(0, 3)]).toEqual([0, 1, 2]);
  // Image 1,002 of the training images is the third one of its block.
  expect([...second.subarray(234 + 2 * 784, 234 + 2 * 784 + 3)]).toEqual(
    [1002, 1003, 1004].map((n) => n & 255),
  );
});

test('numbers put where the app puts trained ones are the weights that the file is read with', async () => {
  const files = await filesOf(source());
  const file = files.get('LeNet-MNIST.swiftpm/App/Data/Network.model')!.slice();
  const view = new DataView(file.buffer);
  const places = [
    ...textOf(files, 'App/TrainedLayers.swift').matchAll(
      /name: "(\w+)", weights: NumberPlace\(offset: (\d+), count: (\d+)\), biases: NumberPlace\(offset: (\d+), count: (\d+)\)/g,
    ),
  ];
  expect(places.map(([, name]) => name)).toEqual(['conv2d', 'conv2d_1', 'dense', 'dense_1']);
  places.forEach(([, , ...numbers], layer) => {
    const [weights, weightCount, biases, biasCount] = numbers.map(Number) as [number, number, number, number];
    for (let i = 0; i < weightCount; i++) view.setFloat32(weights + 4 * i, layer + i / 1024, true);
    for (let i = 0; i < biasCount; i++) view.setFloat32(biases + 4 * i, -layer - i, true);
  });
  const { model: before } = decodeModel(files.get('LeNet-MNIST.swiftpm/App/Data/Network.model')!);
  const { model: after } = decodeModel(file);
  const trained = after.neuralNetwork!.layers.filter(({ isUpdatable }) => isUpdatable);
  trained.forEach(({ convolution, innerProduct }, layer) => {
    const { weights, bias } = (convolution ?? innerProduct)!;
    expect(weights.floatValue.every((value, i) => value === Math.fround(layer + i / 1024))).toBe(true);
    expect(bias!.floatValue.every((value, i) => value === -layer - i)).toBe(true);
  });
  // Nothing else has moved.
  expect({ ...after, neuralNetwork: undefined }).toEqual({ ...before, neuralNetwork: undefined });
  expect(after.neuralNetwork!.layers.filter(({ isUpdatable }) => !isUpdatable)).toEqual(
    before.neuralNetwork!.layers.filter(({ isUpdatable }) => !isUpdatable),
  );
});
