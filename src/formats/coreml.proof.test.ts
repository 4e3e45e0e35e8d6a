/**
 * Proof of the Core ML export by numbers: exported files, read and computed by the reference in `e2e/reference` (which
 * shares nothing with the exporter), give what the app's own engine gives, break no rule, and train as the person chose.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  checkRules,
  readModel,
  runModel,
  trainableButFrozen,
  traitsOf,
  type Model,
} from '../../e2e/reference';
import { createRandom } from '../core/random';
import { sizeOf, type Shape } from '../core/shape';
import type { DatasetDefinition } from '../datasets/defineDataset';
import type { Engine } from '../engine/engine';
import { cpu } from '../engine/tfjs/cpu';
import { layers, type LayerKind } from '../layers';
import { analyze } from '../network/analyze';
import type { CompiledNetwork } from '../network/compiled';
import { templates } from '../network/templates';
import { defaultCoreMLSettings } from '../project/coremlSettings';
import { defaultTrainingSettings, optimizerOf, type TrainingSettings } from '../training/settings';
import { coreml } from './coreml';
import { randomSettings, randomWeights } from './coreml.proof.draws';
import { randomNetworks, type RandomNetwork } from './coreml.proof.networks';
import { allOptions, optionsOf, TRAITS } from './coreml.proof.traits';
import type { ExportSource } from './defineFormat';

const TOLERANCE = 1e-4;
const EXAMPLES = 2;
/** Random networks, shared among the kinds. */
const NETWORKS = 560;
const TEXTS = { description: 'Tells things apart', version: '1.2', author: 'Ada', license: 'MIT' };
const INTERFACES = [
  { input: 'array', modelType: 'network' },
  { input: 'array', modelType: 'classifier' },
  { input: 'image', modelType: 'network' },
  { input: 'image', modelType: 'classifier' },
] as const;

/** What all proofs together have seen; printed at the end, and asserted so that nothing passes by being empty. */
const seen = {
  networks: 0,
  files: 0,
  updatable: 0,
  numbers: 0,
  largest: 0,
  kinds: new Set<LayerKind>(),
  options: new Set<string>(),
  traits: new Set<string>(),
};

let engine: Engine;

beforeAll(async () => {
  engine = await cpu.open({ available: true, device: '', software: false });
});

afterAll(() => {
  engine.dispose();
  const { networks, files, updatable, numbers, largest } = seen;
  console.log(
    `Core ML proof: ${networks} networks, ${files} files (${updatable} updatable), ${numbers} numbers, ` +
      `largest difference from the app ${largest.toExponential(2)}`,
  );
});

/** A data set that a random network is made for, with text or whole numbers as labels. One number is an index. */
function datasetOf(shape: Shape, classes: number, named: boolean): DatasetDefinition {
  return {
    id: 'random',
    label: 'Random',
    documentation: '',
    shape,
    scale: sizeOf(shape) === 1 ? 1 : 1 / 255,
    classLabels: Array.from({ length: classes }, (_, at) => (named ? `class ${at}` : String(at))),
    trainCount: 0,
    testCount: 0,
    licence: '',
    downloadBytes: 0,
    load: () => Promise.reject(new Error('The proof draws its own images.')),
  };
}

function compile({ network, inputShape, classes }: RandomNetwork, loss: string): CompiledNetwork {
  const analysis = analyze(network, { inputShape, classes, loss, datasetLabel: 'Random' });
  if (!analysis.compiled) throw new Error(analysis.problems.map(({ problem }) => problem.message).join(' '));
  return analysis.compiled;
}

/** Numbers of the app's engine for examples of bytes, channels last. */
async function predict(source: Omit<ExportSource, 'coreml'>, bytes: Uint8Array): Promise<Float32Array> {
  const { network, weights, settings, dataset } = source;
  const trainer = await engine.createTrainer({
    network,
    optimizer: optimizerOf(settings),
    loss: settings.loss,
    seed: settings.seed,
    state: { step: 0, weights, slots: {} },
  });
  try {
    return await trainer.predict(
      Float32Array.from(bytes, (byte) => byte * dataset.scale),
      EXAMPLES,
    );
  } finally {
    trainer.dispose();
  }
}

/** Height, width, channels of one example to channels, height, width, scaled as the app scales; a vector as it is. */
function channelsFirst(bytes: Uint8Array, [height, width = 1, channels = 1]: Shape, scale: number): number[] {
  const area = height! * width;
  return Array.from(bytes, (_, at) => bytes[(at % area) * channels + Math.floor(at / area)]! * scale);
}

/** The numbers of the file's output, for a classifier in the order of its labels. */
function outputsOf(model: Model, values: ArrayLike<number>): number[] {
  const { outputs, probabilities, label } = runModel(model, values);
  const labels = model.network.classifier?.labels?.values;
  if (!labels) return [...(outputs[model.description.outputs[0]!.name] ?? [])];
  const numbers = labels.map((name) => probabilities![String(name)]!);
  expect(label).toBe(labels[numbers.indexOf(Math.max(...numbers))]);
  return numbers;
}

/** Exports with every interface that the network allows, and compares each file with the app and the settings. */
async function prove(drawn: Omit<ExportSource, 'coreml'>, seed: number): Promise<Model[]> {
  const models: Model[] = [];
  const { network } = drawn;
  const size = sizeOf(network.inputShape);
  const random = createRandom(seed, 2);
  const bytes = Uint8Array.from({ length: EXAMPLES * size }, () => Math.floor(256 * random.next()));
  const expected = await predict(drawn, bytes);
  const classes = sizeOf(network.outputShape);
  expect(expected.length).toBe(EXAMPLES * classes);
  seen.networks++;
  for (const { kind, params } of network.layers) {
    seen.kinds.add(kind);
    for (const option of optionsOf(kind, params)) seen.options.add(option);
  }

  const frozen = network.layers.filter(({ trainable }) => !trainable).map(({ name }) => name);

  for (const choice of INTERFACES) {
    const source = { ...drawn, coreml: { ...defaultCoreMLSettings, ...choice, texts: TEXTS } };
    const gaps = coreml.inspect(source, {}).filter(({ severity }) => severity === 'gap');
    const drawable = [1, 3].includes(network.inputShape[2]!);
    expect(gaps.length > 0, gaps.map(({ message }) => message).join(' ')).toBe(
      choice.input === 'image' && !drawable,
    );
    if (gaps.length > 0) continue;

    const model = readModel(await coreml.write(source, {}));
    expect(checkRules(model)).toEqual([]);
    expect(model.description.inputs[0]!.type.kind).toBe(choice.input === 'image' ? 'image' : 'multiArray');
    expect(model.network.kind === 'neuralNetworkClassifier').toBe(choice.modelType === 'classifier');
    const { description: shortDescription, ...rest } = TEXTS;
    expect(model.description.metadata).toMatchObject({ shortDescription, ...rest });
    expectSettings(model, source.settings);
    const trains = model.network.layers.filter(({ isUpdatable }) => isUpdatable).map(({ name }) => name);
    expect(trains.filter((name) => frozen.includes(name))).toEqual([]);
    for (let example = 0; example < EXAMPLES; example++) {
      const image = bytes.subarray(example * size, (example + 1) * size);
      const given =
        choice.input === 'image' ? image : channelsFirst(image, network.inputShape, drawn.dataset.scale);
      const outputs = outputsOf(model, given);
      expect(outputs.length).toBe(classes);
      outputs.forEach((value, at) => {
        const difference = Math.abs(value - expected[example * classes + at]!);
        expect(difference, `output ${at} of ${JSON.stringify(choice)}`).toBeLessThan(TOLERANCE);
        seen.largest = Math.max(seen.largest, difference);
        seen.numbers++;
      });
    }
    if (choice.modelType === 'network') {
      const loss =
        source.settings.loss === 'meanSquaredError' ? 'meanSquaredError' : 'categoricalCrossEntropy';
      expect(trainableButFrozen(model, loss).filter((name) => !frozen.includes(name))).toEqual([]);
    }
    for (const layer of model.network.layers) for (const trait of traitsOf(layer)) seen.traits.add(trait);
    seen.files++;
    if (model.isUpdatable) seen.updatable++;
    models.push(model);
  }
  return models;
}

/** The file trains with what the person chose, or, where nothing of it can be trained, says nothing of training. */
function expectSettings(model: Model, settings: TrainingSettings): void {
  const { update } = model.network;
  expect(update !== undefined).toBe(model.isUpdatable);
  if (!update) return;
  const { optimizer, epochs, shuffle, seed, losses } = update;
  expect({ epochs: epochs?.value, shuffle, seed: seed?.value }).toEqual({
    epochs: settings.epochs,
    shuffle: settings.shuffle,
    seed: settings.seed,
  });
  expect(losses.map(({ kind }) => kind)).toEqual([
    settings.loss === 'meanSquaredError' ? 'meanSquaredError' : 'categoricalCrossEntropy',
  ]);
  expect(optimizer?.kind).toBe(settings.optimizer);
  expect(optimizer?.miniBatchSize?.value).toBe(settings.batchSize);
  expect(optimizer?.learningRate?.value).toBe(settings.learningRate);
  // The device may change them: every parameter states its limits.
  expect(epochs?.allowed).toBeDefined();
  expect(optimizer?.miniBatchSize?.allowed).toBeDefined();
  expect(optimizer?.learningRate?.range).toBeDefined();
  if (optimizer?.kind === 'sgd') expect(optimizer.momentum?.value).toBe(settings.momentum);
  if (optimizer?.kind === 'adam') {
    expect([optimizer.beta1?.value, optimizer.beta2?.value, optimizer.eps?.value]).toEqual([
      settings.beta1,
      settings.beta2,
      settings.epsilon,
    ]);
  }
}

/** Proves random networks that hold a kind; other networks for each kind. */
async function proveRandom(kind: LayerKind, softmax: boolean, channels: readonly number[]): Promise<void> {
  const loss = softmax ? 'categoricalCrossentropy' : 'meanSquaredError';
  const runs = Math.ceil(NETWORKS / (2 * layers.length));
  await fc.assert(
    fc.asyncProperty(
      randomNetworks({ kind, length: 3, channels, softmax, turn: softmax ? 0 : runs }),
      randomSettings,
      fc.integer({ min: 0, max: 1e6 }),
      async (drawn, settings, seed) => {
        const network = compile(drawn, loss);
        expect(network.layers.map((layer) => layer.kind)).toContain(kind);
        const source: Omit<ExportSource, 'coreml'> = {
          name: 'Random',
          network,
          weights: randomWeights(network, seed),
          settings: { ...defaultTrainingSettings, ...settings, loss },
          dataset: datasetOf(drawn.inputShape, drawn.classes, seed % 2 === 0),
        };
        await prove(source, seed);
      },
    ),
    {
      seed: layers.findIndex((layer) => layer.kind === kind),
      numRuns: Math.ceil(NETWORKS / (2 * layers.length)),
    },
  );
}

describe('an exported file computes what the app computes', () => {
  it.each(layers.map(({ kind }) => kind))('with %s in random networks', async (kind) => {
    await proveRandom(kind, true, [1, 3]);
    await proveRandom(kind, false, [1, 2, 3, 4, 6]);
  });

  it('for the LeNet template with its own settings, and trains all four of its layers', async () => {
    const template = templates.find(({ id }) => id === 'lenet')!;
    const network = compile(
      { network: template.build(), inputShape: [28, 28, 1], classes: 10 },
      'categoricalCrossentropy',
    );
    expect(network.parameters).toBe(585_958);
    const settings = { ...defaultTrainingSettings, ...template.settings };
    const dataset = datasetOf([28, 28, 1], 10, false);
    const source = { name: 'LeNet', network, weights: randomWeights(network, 7), settings, dataset };
    for (const model of await prove(source, 7)) {
      expect(model.network.layers.filter(({ isUpdatable }) => isUpdatable)).toHaveLength(4);
    }
  });

  it('and all of it was seen: every kind and trait, files that train and files that do not', () => {
    expect([...seen.kinds].sort()).toEqual(layers.map(({ kind }) => kind).sort());
    expect(seen.networks).toBeGreaterThanOrEqual(NETWORKS);
    expect(allOptions().filter((option) => !seen.options.has(option))).toEqual([]);
    expect(TRAITS.filter((trait) => !seen.traits.has(trait))).toEqual([]);
    expect(seen.updatable).toBeGreaterThan(100);
    expect(seen.files - seen.updatable).toBeGreaterThan(10);
  });
});
