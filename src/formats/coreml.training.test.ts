/**
 * Proof that an exported file trains as the app does: the reference in `e2e/reference`, which knows the file alone, takes
 * LeNet through an epoch on 2,000 images of MNIST with the file's own loss, optimizer and batch size, in the same order
 * as the app's own engine, and every batch has the same loss within 1 %. With SGD, and with frozen layers, fewer do.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainingDigits } from '../../e2e/mnist';
import { readModel, trainModel, type Layer, type TrainingData } from '../../e2e/reference';
import { mnist } from '../datasets/mnist';
import type { LabelledImages } from '../datasets/defineDataset';
import type { Engine } from '../engine/engine';
import { wasm } from '../engine/wasm/driver';
import { analyze } from '../network/analyze';
import type { CompiledNetwork, Weights } from '../network/compiled';
import type { Network } from '../network/network';
import { templates } from '../network/templates';
import { initialWeights } from '../network/weights';
import { defaultCoreMLSettings } from '../project/coremlSettings';
import { epochOrder } from '../training/order';
import { defaultTrainingSettings, optimizerOf, type TrainingSettings } from '../training/settings';
import { coreml } from './coreml';
import type { ExportSource } from './defineFormat';

/** Of an epoch with LeNet's own optimizer. What else is proven takes fewer. */
const IMAGES = 2000;
const FEW = 1024;
const BATCH = 128;
const DEVIATION = 0.01;
const lenet = templates.find(({ id }) => id === 'lenet')!;
const digits = trainingDigits();
const largest: Record<string, number> = {};

let engine: Engine;
beforeAll(async () => {
  const probe = await wasm.probe();
  if (!probe.available) throw new Error(probe.reason);
  engine = await wasm.open(probe);
});
afterAll(() => {
  engine.dispose();
  const lines = Object.entries(largest).map(([name, value]) => `${name} ${(100 * value).toExponential(1)} %`);
  console.log(`Core ML training proof: largest deviation of a batch's loss: ${lines.join(', ')}`);
});

function compile(network: Network): CompiledNetwork {
  const { compiled } = analyze(network, {
    inputShape: mnist.shape,
    classes: mnist.classLabels.length,
    loss: 'categoricalCrossentropy',
    datasetLabel: mnist.label,
  });
  return compiled!;
}

function settingsOf(changes: Partial<TrainingSettings>): TrainingSettings {
  const own = { ...defaultTrainingSettings, ...lenet.settings };
  return { ...own, epochs: 1, batchSize: BATCH, ...changes };
}

interface AppRun {
  readonly losses: number[];
  readonly weights: Weights;
}

/** The epoch in the app's engine. */
async function trainHere({ network, weights, settings }: ExportSource): Promise<AppRun> {
  const size = 28 * 28;
  const count = settings.trainExamples;
  const images = new Uint8Array(count * size);
  for (let at = 0; at < count; at++) images.set(digits.image(at), at * size);
  const data: LabelledImages = {
    images,
    labels: Uint8Array.from({ length: count }, (_, at) => digits.label(at)),
    count,
    shape: mnist.shape,
    scale: mnist.scale,
    classes: 10,
  };
  const trainer = await engine.createTrainer({
    network,
    optimizer: optimizerOf(settings),
    loss: settings.loss,
    seed: settings.seed,
    state: { step: 0, weights, slots: {} },
  });
  try {
    const order = epochOrder(settings, count, 1);
    for (let start = 0; start < count; start += BATCH)
      trainer.step(data, order.subarray(start, start + BATCH));
    const metrics = await trainer.metrics();
    return { losses: metrics.map(({ loss }) => loss), weights: (await trainer.state()).weights };
  } finally {
    trainer.dispose();
  }
}

/** Images as the reference feeds them: one channel, so channels first is the order of the bytes. */
const dataOf = (count: number): TrainingData => ({
  count,
  example: (at) => ({
    input: Float64Array.from(digits.image(at), (byte) => byte / 255),
    target: digits.label(at),
  }),
});

/** All weights of a layer of a file, as bytes, so that equal means equal bit by bit. */
function bitsOf({ body }: Layer): Buffer {
  const weights = 'weights' in body ? [body.weights, body.bias] : [];
  return Buffer.concat(weights.map((part) => Buffer.from(part!.floats.slice().buffer)));
}

/** Trains LeNet here and from its file, and compares. The names are those of layers that stay as they are. */
async function prove(
  name: string,
  images: number,
  changes: Partial<TrainingSettings>,
  frozen: readonly string[] = [],
) {
  const built = lenet.build();
  const nodes = built.nodes.map((node) =>
    frozen.includes(node.name) ? { ...node, trainable: false } : node,
  );
  const network = compile({ ...built, nodes });
  const settings = settingsOf({ trainExamples: images, ...changes });
  const source: ExportSource = {
    name,
    network,
    weights: initialWeights(network, settings.seed),
    settings,
    dataset: mnist,
    coreml: defaultCoreMLSettings,
  };
  const read = async (weights: Weights) => readModel(await coreml.write({ ...source, weights }, {}));
  const file = await read(source.weights);
  const order = epochOrder(settings, images, 1);
  const there = trainModel(file, dataOf(images), () => order);
  const here = await trainHere(source);

  expect(there.losses).toHaveLength(1);
  expect(there.losses[0]).toHaveLength(Math.ceil(images / BATCH));
  expect(here.losses).toHaveLength(Math.ceil(images / BATCH));
  const deviations = here.losses.map((loss, at) => Math.abs(there.losses[0]![at]! - loss) / loss);
  largest[name] = Math.max(...deviations);
  expect(largest[name], JSON.stringify(deviations)).toBeLessThan(DEVIATION);
  // It learned: the last batch is better than guessing, whose loss is log 10.
  expect(there.losses[0]!.at(-1)).toBeLessThan((images === IMAGES ? 0.7 : 0.97) * Math.log(10));

  const trainedHere = await read(here.weights);
  const weighted = file.network.layers.filter(({ body }) => 'weights' in body);
  expect(weighted.map((layer) => layer.name)).toHaveLength(4);
  for (const layer of weighted) {
    const after = [there.model, trainedHere].map(({ network: { layers } }) =>
      layers.find((other) => other.name === layer.name)!,
    );
    expect(layer.isUpdatable).toBe(!frozen.includes(layer.name));
    for (const other of after) expect(bitsOf(other).equals(bitsOf(layer))).toBe(!layer.isUpdatable);
  }
}

/** Of one test, which takes about 15 seconds where nothing else runs: long enough for a crowded machine. */
const TIMEOUT = 600_000;

describe('LeNet trained from its file has the losses that it has here', { timeout: TIMEOUT }, () => {
  const withMomentum = { optimizer: 'sgd', learningRate: 0.05, momentum: 0.9 } as const;

  it('with Adam', async () => {
    await prove('Adam', IMAGES, { optimizer: 'adam', learningRate: 0.001 });
  });

  it('with SGD and momentum', async () => {
    await prove('SGD', FEW, withMomentum);
  });

  it('with frozen layers, which stay bit by bit and pass gradients on to those before them', async () => {
    await prove('frozen', FEW, withMomentum, ['conv2d', 'dense']);
  });
});
