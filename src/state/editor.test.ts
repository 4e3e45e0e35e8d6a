import { describe, expect, it } from 'vitest';
import { layoutNetwork } from '../network/layout';
import { newProject } from '../project/project';
import { createEditor, type EditorState } from './editor';
import { MAX_STEPS } from './history';

/** An editor with LeNet and a clock that the test turns. */
function open() {
  const clock = { now: 0 };
  const store = createEditor(newProject(), () => clock.now);
  store.getState().loadTemplate('lenet');
  const editor = (): EditorState => store.getState();
  const node = (name: string) => editor().project.network.nodes.find((n) => n.name === name)!;
  return { store, editor, node, clock };
}

describe('the history', () => {
  it('begins empty and takes every edit back and forth', () => {
    const { editor } = open();
    const loaded = editor().project;
    expect(editor()).toMatchObject({ canUndo: true, canRedo: false });
    editor().undo();
    expect(editor().project.network.nodes).toEqual([]);
    expect(editor()).toMatchObject({ canUndo: false, canRedo: true });
    editor().redo();
    expect(editor().project).toEqual(loaded);
    expect(editor().past.at(-1)?.label).toBe('Open LeNet (MNIST)');
  });

  it('does nothing at its ends', () => {
    const store = createEditor();
    const before = store.getState();
    before.undo();
    before.redo();
    expect(store.getState()).toBe(before);
  });

  it('loses the future with a new edit', () => {
    const { editor, node } = open();
    editor().addLayer('dropout', { after: node('dense').id });
    editor().undo();
    editor().setParams(node('dense').id, { units: 64 });
    expect(editor().canRedo).toBe(false);
  });

  it('makes no step of what changes nothing', () => {
    const { editor, node } = open();
    const { past } = editor();
    editor().setParams(node('dense').id, { units: 500 });
    editor().setParams(node('dense').id, { units: -3 });
    editor().setSettings({ epochs: 10, batchSize: 0 });
    editor().moveLayers({ [node('dense').id]: { ...node('dense').position } });
    editor().arrange(layoutNetwork);
    editor().loadTemplate('lenet');
    editor().loadTemplate('gone');
    editor().renameProject('   ');
    editor().renameProject(editor().project.name);
    editor().disconnect(['gone']);
    expect(editor().past).toBe(past);
  });

  it('keeps hundreds of steps, and not more than it should', () => {
    const { editor, node } = open();
    const { id } = node('dense');
    for (let i = 0; i < MAX_STEPS + 50; i++) {
      editor().setParams(id, { units: i + 1 });
      editor().endGesture();
    }
    expect(editor().past).toHaveLength(MAX_STEPS);
    for (let i = 0; i < 200; i++) editor().undo();
    expect(node('dense').params['units']).toBe(MAX_STEPS + 50 - 200);
  });

  it('is empty after another project is loaded, and has a step where one replaces it', () => {
    const { editor } = open();
    const before = editor().project;
    const other = { ...newProject(), name: 'Other' };
    editor().replaceProject(other);
    expect(editor().project).toBe(other);
    editor().undo();
    expect(editor().project).toEqual(before);
    editor().loadProject(other);
    expect(editor()).toMatchObject({ past: [], future: [], canUndo: false, canRedo: false });
    expect(editor().analysis.problems[0]?.problem.code).toBe('noInput');
  });
});

describe('gestures', () => {
  it('typing into one field is one step', () => {
    const { editor, node } = open();
    const steps = editor().past.length;
    for (const units of [5, 50, 51]) editor().setParams(node('dense').id, { units });
    const { id } = node('dense_1');
    for (const name of ['f', 'fe', 'feat']) editor().renameLayer(id, name);
    for (const epochs of [1, 12]) editor().setSettings({ epochs });
    expect(editor().past).toHaveLength(steps + 3);
    editor().undo();
    editor().undo();
    editor().undo();
    expect(editor().project.settings.epochs).toBe(10);
    expect(node('dense').params['units']).toBe(500);
    expect(node('dense_1')).toBeDefined();
  });

  it.each<[string, (editor: EditorState, clock: { now: number }) => void]>([
    ['endGesture', (editor) => editor.endGesture()],
    ['a pause', (_, clock) => (clock.now += 5000)],
    ['another selection', (editor) => editor.select({ nodes: ['n3'], edges: [] })],
    ['undo and redo', (editor) => (editor.undo(), editor.redo())],
    ['an edit of another field', (editor) => editor.setSettings({ epochs: 2 })],
  ])('end with %s', (_, interrupt) => {
    const { editor, node, clock } = open();
    editor().setParams(node('dense').id, { units: 5 });
    interrupt(editor(), clock);
    editor().setParams(node('dense').id, { units: 6 });
    editor().undo();
    expect(node('dense').params['units']).toBe(5);
  });

  it('that end where they began leave no step', () => {
    const { editor, node } = open();
    const { past } = editor();
    for (const units of [50, 5, 500]) editor().setParams(node('dense').id, { units });
    expect(editor().past).toEqual(past);
    editor().setParams(node('dense').id, { units: 7 });
    editor().undo();
    expect(node('dense').params['units']).toBe(500);
  });
});

describe('the analysis', () => {
  it('follows every change of the network and of the loss', () => {
    const { editor, node } = open();
    expect(editor().analysis.parameters).toBe(585_958);
    editor().setParams(node('conv2d').id, { filters: 16 });
    expect(editor().analysis.parameters).toBe(585_958 - 160 - 16 * 4 * 32);
    editor().undo();
    expect(editor().analysis.compiled?.parameters).toBe(585_958);
    editor().setParams(node('dense_1').id, { activation: 'linear' });
    expect(editor().analysis.problems.map(({ problem }) => problem.code)).toEqual(['softmax']);
    editor().setSettings({ loss: 'meanSquaredError' });
    expect(editor().analysis.problems).toEqual([]);
  });

  it('is not made again where neither changes', () => {
    const { editor } = open();
    const { analysis } = editor();
    editor().setSettings({ epochs: 3 });
    editor().renameProject('Digits');
    editor().select({ nodes: ['n2'], edges: [] });
    expect(editor().analysis).toBe(analysis);
  });
});

describe('the selection', () => {
  it('moves to an added layer and is no step of the history', () => {
    const { editor, node } = open();
    const { past } = editor();
    editor().select({ nodes: [node('dense').id], edges: [] });
    expect(editor().past).toBe(past);
    const id = editor().addLayer('dropout', { after: node('dense').id });
    expect(editor().selection).toEqual({ nodes: [id], edges: [] });
    expect(editor().past).toHaveLength(past.length + 1);
  });

  it('loses what is gone, after undo too', () => {
    const { editor, node } = open();
    const [edge] = editor().project.network.edges;
    editor().addLayer('dropout', { edge: edge!.id });
    editor().select({ nodes: [node('dropout').id, node('dense').id, 'gone'], edges: [edge!.id] });
    expect(editor().selection).toEqual({ nodes: [node('dropout').id, node('dense').id], edges: [] });
    editor().undo();
    expect(editor().selection).toEqual({ nodes: [node('dense').id], edges: [] });
  });

  it('is removed as one step: layers and connections', () => {
    const { editor, node } = open();
    const before = editor().project;
    const { edges } = editor().project.network;
    editor().select({ nodes: [node('flatten').id], edges: [edges[0]!.id] });
    editor().removeSelection();
    expect(editor().project.network.nodes).toHaveLength(7);
    expect(editor().project.network.edges).toHaveLength(5);
    expect(editor().selection).toEqual({ nodes: [], edges: [] });
    editor().undo();
    expect(editor().project).toEqual(before);
  });
});

describe('the actions', () => {
  it('refuse with the reason what cannot be', () => {
    const { editor, node } = open();
    const { project } = editor();
    expect(editor().connect(node('dense').id, node('conv2d').id)?.code).toBe('cycle');
    expect(editor().renameLayer(node('dense').id, 'conv2d')?.code).toBe('duplicateName');
    expect(editor().project).toBe(project);
  });

  it('build LeNet by hand, layer after layer, with repairs for the rest', () => {
    const store = createEditor();
    const editor = (): EditorState => store.getState();
    const last = (): string => editor().selection.nodes[0]!;
    editor().addLayer('input', {});
    for (const kernelSize of [
      [3, 3],
      [2, 2],
    ]) {
      editor().addLayer('conv2d', { after: last() });
      editor().setParams(last(), { kernelSize, activation: 'relu' });
      editor().addLayer('maxPooling2d', { after: last() });
    }
    editor().addLayer('dense', { after: last() });
    editor().setParams(last(), { units: 500, activation: 'relu' });
    for (const expected of ['Insert Flatten', 'Add the output layer']) {
      const [{ nodeId, problem }] = editor().analysis.problems as [EditorState['analysis']['problems'][0]];
      expect(problem.repair?.label).toBe(expected);
      editor().applyRepair(nodeId!, problem.repair!);
    }
    expect(editor().analysis.compiled?.parameters).toBe(585_958);
  });

  it('freeze layers and let them train, one step each', () => {
    const { editor, node } = open();
    const { past } = editor();
    editor().setTrainable([node('dense').id], false);
    expect(node('dense').trainable).toBe(false);
    expect(editor().past.at(-1)?.label).toBe('Freeze Dense');
    expect(editor().analysis.compiled?.layers.find(({ name }) => name === 'dense')?.trainable).toBe(false);
    editor().trainOnly([node('dense').id, node('dense_1').id]);
    expect([node('conv2d').trainable, node('dense').trainable]).toEqual([false, undefined]);
    editor().undo();
    expect([node('conv2d').trainable, node('dense').trainable]).toEqual([undefined, false]);
    editor().undo();
    expect(editor().past).toEqual(past);
    editor().setTrainable([node('flatten').id], false);
    editor().setTrainable([node('dense').id], true);
    expect(editor().past).toEqual(past);
  });

  it('load a template with its settings and keep the others', () => {
    const store = createEditor();
    const { getState: editor } = store;
    editor().setSettings({ learningRate: 0.5, seed: 7 });
    editor().loadTemplate('lenet');
    expect(editor().project.settings).toMatchObject({ learningRate: 0.001, seed: 7 });
    editor().clearNetwork();
    expect(editor().project.network).toEqual({ nodes: [], edges: [] });
    expect(editor().project.settings.seed).toBe(7);
  });
});

describe('the choices of the export', () => {
  it('are kept in the project, make no step, and stay when steps are undone', () => {
    const { editor } = open();
    const steps = editor().past.length;
    editor().setCoreML({ input: 'image' });
    editor().setCoreML({ modelType: 'classifier' });
    expect(editor().project.coreml).toMatchObject({ input: 'image', modelType: 'classifier' });
    expect(editor().past.length).toBe(steps);
    editor().undo();
    expect(editor().project.network.nodes).toEqual([]);
    expect(editor().project.coreml).toMatchObject({ input: 'image', modelType: 'classifier' });
    editor().redo();
    expect(editor().project.coreml).toMatchObject({ input: 'image', modelType: 'classifier' });
  });

  it('of another project come and go with it', () => {
    const { editor } = open();
    editor().setCoreML({ input: 'image' });
    editor().replaceProject(newProject());
    expect(editor().project.coreml).toBeUndefined();
    editor().undo();
    expect(editor().project.coreml).toMatchObject({ input: 'image' });
  });
});
