/** Proof that generated Swift parses, for random networks and all choices; a broken one is found by the same means. */
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { decodeModel, encodeModel } from '../coreml/codec';
import { trainedPlaces } from '../coreml/weightPlaces';
import type { LayerKind } from '../layers';
import { analyze } from '../network/analyze';
import { defaultCoreMLSettings, type CoreMLSettings } from '../project/coremlSettings';
import { defaultTrainingSettings, type TrainingSettings } from '../training/settings';
import { randomWeights } from './coreml.proof.draws';
import { randomNetworks } from './coreml.proof.networks';
import type { ExportSource } from './defineFormat';
import { exportedFor, inspectTraining } from './swift/exported';
import { packageManifest } from './swift/package';
import { appSettings, networkSettings, trainedLayers } from './swift/settings';
import { drawnDigits, swiftErrors, unfinished } from './swift/testing';
import { swiftCoreMLTools } from './swiftCoreMLTools';

const seen = { trained: 0, gaps: 0, notations: 0 };

afterAll(() => {
  console.log(`Swift proof: ${seen.trained} apps, ${seen.notations} notations, ${seen.gaps} stated gaps`);
});

async function expectSwift(text: string): Promise<void> {
  expect([text, await swiftErrors(text)]).toEqual([text, []]);
  expect(unfinished.exec(text)?.[0]).toBe(undefined);
}

interface Drawn {
  readonly softmax: boolean;
  readonly input: CoreMLSettings['input'];
  readonly modelType: CoreMLSettings['modelType'];
}

/** Random networks with random names, labels and settings, exported as chosen. */
function sources(choices: fc.Arbitrary<Drawn>): fc.Arbitrary<ExportSource> {
  const kinds: readonly LayerKind[] = [
    'conv2d',
    'dense',
    'activation',
    'add',
    'batchNormalization',
    'maxPooling2d',
  ];
  return fc
    .record({
      choices,
      kind: fc.constantFrom(...kinds),
      length: fc.integer({ min: 0, max: 3 }),
      optimizer: fc.constantFrom<TrainingSettings['optimizer']>('adam', 'sgd'),
      name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
      seed: fc.integer({ min: 0, max: 1000 }),
    })
    .chain(({ choices: { softmax, input, modelType }, kind, length, optimizer, name, seed }) =>
      randomNetworks({ kind, length, channels: [1, 3], softmax }).map((drawn): ExportSource => {
        const loss = softmax ? 'categoricalCrossentropy' : 'meanSquaredError';
        const { inputShape, classes } = drawn;
        const { compiled } = analyze(drawn.network, { inputShape, classes, loss, datasetLabel: 'Random' });
        const classLabels = Array.from({ length: classes }, (_, i) =>
          seed % 2 ? String(i) : `${name} ${i}`,
        );
        return {
          name,
          network: compiled!,
          weights: randomWeights(compiled!, seed),
          settings: { ...defaultTrainingSettings, optimizer, loss, seed },
          dataset: drawnDigits(3, 2, { shape: inputShape, classLabels }),
          coreml: { ...defaultCoreMLSettings, input, modelType },
        };
      }),
    );
}

const anything = fc.record<Drawn>({
  softmax: fc.boolean(),
  input: fc.constantFrom('array', 'image'),
  modelType: fc.constantFrom('network', 'classifier'),
});
/** What SwiftCoreMLTools knows. */
const plain = fc.constant<Drawn>({ softmax: true, input: 'array', modelType: 'network' });

test('apps of random networks parse, and trained numbers have their places', async () => {
  await fc.assert(
    fc.asyncProperty(sources(anything), async (source) => {
      if (inspectTraining(source).some(({ severity }) => severity === 'gap')) {
        seen.gaps++;
        expect(() => exportedFor(source)).toThrow(/\.$/);
        return;
      }
      seen.trained++;
      const { model, facts } = exportedFor(source);
      const file = encodeModel(model);
      const places = trainedPlaces(file);
      const { layers } = (model.neuralNetwork ?? model.neuralNetworkClassifier)!;
      const trained = layers.filter(({ isUpdatable }) => isUpdatable);
      expect(places.map(({ name }) => name)).toEqual(trained.map(({ name }) => name));
      const { model: decoded } = decodeModel(file);
      const read = (decoded.neuralNetwork ?? decoded.neuralNetworkClassifier)!.layers;
      const view = new DataView(file.buffer, file.byteOffset);
      for (const { name, weights, biases } of places) {
        const { convolution, innerProduct } = read.find((layer) => layer.name === name)!;
        const params = (convolution ?? innerProduct)!;
        for (const [place, values] of [
          [weights, params.weights.floatValue],
          [biases, params.bias?.floatValue],
        ] as const) {
          expect(place?.count).toBe(values?.length);
          values?.forEach((value, i) => expect(view.getFloat32(place!.offset + 4 * i, true)).toBe(value));
        }
      }
      const app = { name: source.name, mark: '0', trainingImages: 3, testImages: 2 };
      await expectSwift(networkSettings(facts, source.dataset));
      await expectSwift(appSettings(app, source.dataset));
      await expectSwift(trainedLayers(places));
      await expectSwift(packageManifest(source.name));
    }),
    { numRuns: 300 },
  );
  expect(seen.trained).toBeGreaterThan(30);
  expect(seen.gaps).toBeGreaterThan(0);
}, 120_000);

test('the notation of random networks parses, or is a stated gap', async () => {
  const before = seen.gaps;
  await fc.assert(
    fc.asyncProperty(sources(plain), fc.boolean(), async (source, weights) => {
      const options = { weights };
      const gap = swiftCoreMLTools.inspect(source, options).find(({ severity }) => severity === 'gap');
      if (gap) {
        seen.gaps++;
        await expect(Promise.resolve().then(() => swiftCoreMLTools.write(source, options))).rejects.toThrow(
          gap.message,
        );
        return;
      }
      seen.notations++;
      await expectSwift(new TextDecoder().decode(await swiftCoreMLTools.write(source, options)));
    }),
    { numRuns: 500 },
  );
  expect(seen.notations).toBeGreaterThan(30);
  expect(seen.gaps).toBeGreaterThan(before);
}, 120_000);
