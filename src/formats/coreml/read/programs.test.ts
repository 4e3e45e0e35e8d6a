/**
 * Files of other programs, the whole way: each opens complete, computes here what the independent reference computes of
 * the file itself, keeps its training, and is written again as the same message.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkRules, readModel, runModel } from '../../../../e2e/reference';
import { createRandom } from '../../../core/random';
import { decodeModel, encodeModel } from '../../../coreml/codec';
import type { Model } from '../../../coreml/model';
import { mnist } from '../../../datasets/mnist';
import type { Engine } from '../../../engine/engine';
import { cpu } from '../../../engine/tfjs/cpu';
import { analyze } from '../../../network/analyze';
import { parseProject, type Project } from '../../../project/project';
import { optimizerOf } from '../../../training/settings';
import { modelOf } from '../../coreml';
import type { Imported } from '../../defineImport';
import { programs } from './programs.testing';
import { openBytes } from '.';

const open = (model: Model) => openBytes(encodeModel(model), 'file').read(new Set());

let engine: Engine;
beforeAll(async () => {
  engine = await cpu.open({ available: true, device: '', software: false });
});
afterAll(() => engine.dispose());

function compiledOf({ network, settings }: Project) {
  const task = { inputShape: mnist.shape, classes: 10, loss: settings.loss, datasetLabel: mnist.label };
  const { compiled, problems } = analyze(network, task);
  if (!compiled) throw new Error(problems.map(({ problem }) => problem.message).join(' '));
  return compiled;
}

/** The file that a project is written as, decoded. */
function written(project: Project, weights: Imported['weights']): Model {
  const { name, settings, coreml } = project;
  const source = { name, network: compiledOf(project), weights, settings, dataset: mnist, coreml: coreml! };
  return decodeModel(encodeModel(modelOf(source))).model;
}

/** The project with all of its layers frozen: as a file that does not learn has it. */
const frozen = ({ network, ...rest }: Project): Project => ({
  ...rest,
  network: { ...network, nodes: network.nodes.map((node) => ({ ...node, trainable: false })) },
});

describe.each(programs)('%s', (_, model) => {
  const imported = open(model);
  const { project, weights } = imported;

  test('is a file that Core ML takes, and opens complete with nothing lost', () => {
    expect(checkRules(readModel(encodeModel(model)))).toEqual([]);
    expect(imported.unknown).toEqual([]);
    expect(imported.compiled).toBeDefined();
    expect(imported.notes.filter(({ severity }) => severity === 'lost')).toEqual([]);
  });

  test('computes what the file computes', async () => {
    const random = createRandom(3, 1);
    const bytes = Uint8Array.from({ length: 784 }, () => Math.floor(256 * random.next()));
    const file = readModel(encodeModel(model));
    const image = file.description.inputs[0]!.type.kind === 'image';
    const { outputs, probabilities } = runModel(file, image ? bytes : [...bytes].map((one) => one / 255));
    const labels = model.neuralNetworkClassifier?.stringClassLabels?.vector;
    const expected = labels
      ? labels.map((label) => probabilities![label]!)
      : [...outputs[file.description.outputs[0]!.name]!];
    const trainer = await engine.createTrainer({
      network: imported.compiled!,
      optimizer: optimizerOf(project.settings),
      loss: project.settings.loss,
      seed: 1,
      state: { step: 0, weights, slots: {} },
    });
    const here = await trainer.predict(
      Float32Array.from(bytes, (one) => one / 255),
      1,
    );
    trainer.dispose();
    expect(expected).toHaveLength(10);
    // The file tells the classes apart: nothing is equal by being even.
    expect(Math.max(...expected) - Math.min(...expected)).toBeGreaterThan(1e-3);
    expected.forEach((value, i) => expect(Math.abs(value - here[i]!)).toBeLessThan(1e-5));
  });

  test('is written again as the same message, also from a project that was saved in between', () => {
    const saved = parseProject(JSON.parse(JSON.stringify(project)));
    if ('error' in saved) throw new Error(saved.error);
    const first = decodeModel(encodeModel(model)).model;
    for (const one of [project, saved.project])
      expect(written(model.isUpdatable ? one : frozen(one), weights)).toEqual(first);
  });

  test('is written in the export’s words where the layer or its name was changed', () => {
    const last = project.network.nodes.at(-1)!;
    const nodes = project.network.nodes.map((node) => (node === last ? { ...node, name: 'renamed' } : node));
    const again = written({ ...project, network: { ...project.network, nodes } }, weights);
    const { layers } = (again.neuralNetwork ?? again.neuralNetworkClassifier)!;
    expect(layers.at(-1)!.name).toBe('renamed');
    expect(layers).toHaveLength((model.neuralNetwork ?? model.neuralNetworkClassifier)!.layers.length);
  });
});

test('what the device may change and what trains is kept', () => {
  const [lenet, , , base] = programs.map(([, model]) => open(model).project);
  expect(lenet!.settings).toMatchObject({
    optimizer: 'adam',
    learningRate: 0.0001,
    epochs: 10,
    batchSize: 128,
  });
  expect(lenet!.coreml!.allowed).toMatchObject({
    epochs: { type: 'set', values: [2, 4, 10, 20] },
    learningRate: { type: 'range', min: 0, max: 0.3 },
  });
  expect(lenet!.coreml!.omitted).toEqual(['seed']);
  expect(base!.coreml!.omitted).toEqual(['momentum']);
  expect(base!.settings).toMatchObject({ optimizer: 'sgd', momentum: 0, shuffle: false, seed: 9 });
});

test('an image of one place and a vector are joined by layers that the file goes without, and this is told', () => {
  const { project, notes } = open(programs[3]![1]);
  expect(project.network.nodes.map(({ kind }) => kind)).toEqual([
    'input',
    'conv2d',
    'activation',
    'globalAveragePooling2d',
    'dense',
    'reshape',
    'conv2d',
    'flatten',
    'dense',
    'activation',
    'dense',
    'activation',
  ]);
  expect(notes.map(({ message }) => message).join()).toContain(
    'To Core ML a vector is an image of one place.',
  );
});
