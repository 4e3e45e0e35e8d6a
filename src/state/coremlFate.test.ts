/** What every layer of the designer is told of Core ML, live, and that each way out is one step that helps. */
import { describe, expect, it } from 'vitest';
import { formats } from '../formats';
import type { LayerFate } from '../formats/coreml/fates';
import { modelOf } from '../formats/coreml';
import { datasetOf } from '../datasets';
import { initialWeights } from '../network/weights';
import { defaultCoreMLSettings } from '../project/coremlSettings';
import { newProject } from '../project/project';
import { coremlFate } from './coremlFate';
import { createEditor, type EditorState } from './editor';
import { takeWayOut } from './takeWayOut';

function open(template = true) {
  const store = createEditor(newProject());
  if (template) store.getState().loadTemplate('lenet');
  const editor = (): EditorState => store.getState();
  const id = (name: string): string => editor().project.network.nodes.find((node) => node.name === name)!.id;
  const fate = (name: string): LayerFate => coremlFate(editor()).layers.get(id(name))!;
  const fates = () => [...coremlFate(editor()).layers.values()].map((layer) => layer.fate);
  const summary = () => coremlFate(editor()).summary;
  const take = (name: string, at = 0) => takeWayOut(editor(), fate(name).waysOut[at]!);
  return { editor, id, fate, fates, summary, take };
}

describe('LeNet', () => {
  it('trains with all its weights, and runs with the rest', () => {
    const { fates, summary, fate } = open();
    expect(fates()).toEqual(['runs', 'trains', 'runs', 'trains', 'runs', 'runs', 'trains', 'trains']);
    expect(summary()).toBe('All 4 layers with weights train on the device.');
    expect(fate('flatten').reason).toBe('Runs on the device, and gradients pass through it.');
  });

  it('is judged once until something of it changes', () => {
    const { editor, id } = open();
    const first = coremlFate(editor());
    editor().setSettings({ epochs: 3 });
    expect(coremlFate(editor())).toBe(first);
    editor().setParams(id('dense'), { units: 12 });
    expect(coremlFate(editor())).not.toBe(first);
  });
});

describe('a curve that stops gradients', () => {
  it('freezes its own layer and those above it, and relu lets them train in one step that can be undone', () => {
    const { editor, id, fate, summary, take } = open();
    editor().setParams(id('dense'), { activation: 'elu' });
    expect(fate('dense')).toMatchObject({ fate: 'frozen', stops: true });
    expect(fate('dense').reason).toBe(
      'Its own activation stops the gradient. Core ML passes no gradients through elu.',
    );
    expect(fate('conv2d').reason).toBe(
      '"dense" stops its gradient. Core ML passes no gradients through elu.',
    );
    expect(fate('conv2d').waysOut[0]!.label).toBe('Use ReLU in dense');
    expect(summary()).toBe('1 of 4 layers with weights trains on the device.');
    take('dense');
    expect(summary()).toBe('All 4 layers with weights train on the device.');
    editor().undo();
    expect(fate('dense').fate).toBe('frozen');
  });

  it('that is a layer of its own says what it does to those above it, and becomes relu', () => {
    const { editor, id, fate, take } = open();
    const added = editor().addLayer('activation', { after: id('dense') });
    editor().setParams(added, { activation: 'leakyRelu' });
    expect(fate('activation')).toMatchObject({
      fate: 'runs',
      stops: true,
      reason:
        'Core ML passes no gradients through leaky relu: what has weights above it is frozen on the device.',
    });
    take('conv2d');
    expect(fate('activation').reason).toBe('Runs on the device, and gradients pass through it.');
    expect(fate('conv2d').fate).toBe('trains');
  });
});

it('names the layer that stops the gradient on each branch', () => {
  const { editor, id, fate, take } = open();
  const left = editor().addLayer('activation', { after: id('conv2d') });
  editor().setParams(left, { activation: 'softplus' });
  const sum = editor().addLayer('add', { after: left });
  editor().connect(id('conv2d'), sum);
  expect(fate('conv2d').reason).toBe('Its gradient is stopped by "activation" (softplus) and "add" (add).');
  expect(fate('conv2d').waysOut.map(({ label }) => label)).toEqual(['Use ReLU in activation']);
  expect(fate('conv2d_1').fate).toBe('trains');
  take('conv2d');
  expect(fate('conv2d').reason).toBe('"add" stops its gradient. Core ML passes no gradients through add.');
});

describe('the loss', () => {
  it('of cross-entropy wants softmax, and ending with it mends all', () => {
    const { editor, id, fate, summary, take } = open();
    editor().setParams(id('dense_1'), { activation: 'sigmoid' });
    expect(fate('conv2d')).toMatchObject({ fate: 'frozen' });
    expect(fate('conv2d').reason).toContain(
      'cross-entropy must read a softmax layer directly; it gets sigmoid',
    );
    expect(summary()).toBe('None of the 4 layers with weights trains on the device.');
    take('conv2d');
    expect(summary()).toBe('All 4 layers with weights train on the device.');
  });

  it('of mean squared error must not read softmax: another loss or another end mends it', () => {
    for (const way of [0, 1]) {
      const { editor, fate, summary, take } = open();
      editor().setSettings({ loss: 'meanSquaredError' });
      expect(fate('dense').reason).toContain('must not read a softmax layer');
      take('dense', way);
      expect(summary()).toBe('All 4 layers with weights train on the device.');
      editor().undo();
      expect(fate('dense').fate).toBe('frozen');
    }
  });

  it('of mean squared error and a classifier do not go together, and a network does', () => {
    const { editor, id, fate, take } = open();
    editor().setSettings({ loss: 'meanSquaredError' });
    editor().setParams(id('dense_1'), { activation: 'sigmoid' });
    editor().setCoreML({ modelType: 'classifier' });
    expect(fate('dense')).toMatchObject({ fate: 'frozen', reason: expect.stringContaining('class labels') });
    take('dense');
    expect(editor().project.coreml!.modelType).toBe('network');
    expect(fate('dense').fate).toBe('trains');
  });
});

it('a layer that the person froze stays, in the file too, until it may train again', () => {
  const { editor, id, fate, take, summary } = open();
  editor().setTrainable([id('conv2d_1')], false);
  expect(fate('conv2d_1').reason).toBe('You froze it: it runs on the device with the weights that it has.');
  expect(fate('conv2d').fate).toBe('trains');
  expect(summary()).toBe('3 of 4 layers with weights train on the device.');
  const { name, settings, datasetId } = editor().project;
  const network = editor().analysis.compiled!;
  const model = modelOf({
    name,
    settings,
    network,
    dataset: datasetOf(datasetId)!,
    weights: initialWeights(network, 1),
    coreml: defaultCoreMLSettings,
  });
  const flagged = model.neuralNetwork!.layers.filter(({ isUpdatable }) => isUpdatable);
  expect(flagged.map((layer) => layer.name)).toEqual(['conv2d', 'dense', 'dense_1']);
  take('conv2d_1');
  expect(fate('conv2d_1').fate).toBe('trains');
});

describe('an unfinished network', () => {
  it('says what is frozen already, and that the rest is not judged yet', () => {
    const { editor, fate, summary } = open(false);
    editor().addLayer('input', {});
    editor().addLayer('conv2d', {});
    const bent = editor().addLayer('activation', {});
    expect(fate('conv2d').fate).toBe('open');
    editor().setParams(bent, { activation: 'elu' });
    editor().addLayer('conv2d', {});
    expect(fate('conv2d').reason).toContain('"activation" stops its gradient.');
    expect(fate('conv2d_1')).toMatchObject({ fate: 'open' });
    expect(summary()).toBe('What trains on the device is judged once the network leads to its loss.');
  });

  it('says of layers without known shapes that they are not judged yet', () => {
    const { editor, fate } = open(false);
    editor().addLayer('input', {});
    editor().addLayer('dense', {});
    expect(fate('dense').reason).toBe('Not judged yet: its shapes are not known so far.');
    expect(coremlFate(createEditor(newProject()).getState()).layers.size).toBe(0);
  });
});

it('the format of the dialog says of each frozen layer what its card says', () => {
  const { editor, id, fate } = open();
  editor().setParams(id('dense'), { activation: 'softsign' });
  const { name, settings, datasetId } = editor().project;
  const network = editor().analysis.compiled!;
  const weights = initialWeights(network, 1);
  const dataset = datasetOf(datasetId)!;
  const source = { name, settings, network, weights, dataset, coreml: defaultCoreMLSettings };
  const notes = formats[0]!.inspect(source, {}).filter(({ severity }) => severity === 'frozen');
  expect(notes.map(({ layer }) => layer)).toEqual(['conv2d', 'conv2d_1', 'dense']);
  for (const { layer, message } of notes) expect(message).toBe(fate(layer!).reason);
});
