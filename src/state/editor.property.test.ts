import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkParam, type ParamSpec, type ParamValue } from '../core/params';
import { isLayerKind, layerOf, layers } from '../layers';
import { structureOf } from '../network/structure';
import { layoutNetwork } from '../network/layout';
import { newProject, parseProject } from '../project/project';
import { createEditor, type EditorState, type EditorStore } from './editor';

/** Picks from a list by a number between 0 and 1. */
function pick<T>(list: readonly T[], at: number): T | undefined {
  return list[Math.min(Math.floor(at * list.length), list.length - 1)];
}

/** A value of a parameter, mostly inside its limits, small so that networks stay small. */
function valueOf(spec: ParamSpec, at: number): ParamValue {
  const number = (min: number, max: number): number =>
    Math.round(min + at * at * (Math.min(max, min + 12) - min)) - 1;
  switch (spec.type) {
    case 'integer':
      return number(spec.min, spec.max);
    case 'real':
      return spec.min + at * (spec.max - spec.min);
    case 'tuple':
      return spec.parts.map((_, i) => number(spec.min, spec.max) + i);
    case 'boolean':
      return at < 0.5;
    case 'choice':
      return pick(spec.options, at)!;
  }
}

type Act = (editor: EditorState, a: number, b: number, c: number) => void;
const nodeAt = (editor: EditorState, at: number) => pick(editor.project.network.nodes, at);
const edgeAt = (editor: EditorState, at: number) => pick(editor.project.network.edges, at);

const acts: Record<string, Act> = {
  add: (editor, a, b) => editor.addLayer(pick(layers, a)!.kind, { after: nodeAt(editor, b)?.id }),
  addAtEnd: (editor, a) => editor.addLayer(pick(layers, a)!.kind, {}),
  addAt: (editor, a, b, c) =>
    editor.addLayer(pick(layers, a)!.kind, { position: { x: b * 900, y: c * 900 } }),
  insert: (editor, a, b) => editor.addLayer(pick(layers, a)!.kind, { edge: edgeAt(editor, b)?.id ?? 'gone' }),
  connect: (editor, a, b) => editor.connect(nodeAt(editor, a)?.id ?? 'gone', nodeAt(editor, b)?.id ?? 'gone'),
  disconnect: (editor, a) => editor.disconnect([edgeAt(editor, a)?.id ?? 'gone']),
  select: (editor, a, b, c) =>
    editor.select({
      nodes: [nodeAt(editor, a)?.id ?? 'gone', ...(c < 0.3 ? [nodeAt(editor, b)?.id ?? 'gone'] : [])],
      edges: c < 0.2 ? [edgeAt(editor, b)?.id ?? 'gone'] : [],
    }),
  remove: (editor) => editor.removeSelection(),
  setParams(editor, a, b, c) {
    const node = nodeAt(editor, a);
    const entry = node && pick(Object.entries(layerOf(node.kind).params), b);
    if (entry) editor.setParams(node.id, { [entry[0]]: valueOf(entry[1], c) });
  },
  freeze: (editor, a, b) => editor.setTrainable([nodeAt(editor, a)?.id ?? 'gone'], b < 0.5),
  rename: (editor, a, b) =>
    editor.renameLayer(nodeAt(editor, a)?.id ?? 'gone', pick(['a', 'b', 'dense', '', '/'], b)!),
  repair(editor, a) {
    const found = pick(
      editor.analysis.problems.filter(({ problem }) => problem.repair),
      a,
    );
    if (found?.nodeId) editor.applyRepair(found.nodeId, found.problem.repair!);
  },
  move: (editor, a, b, c) =>
    editor.moveLayers({ [nodeAt(editor, a)?.id ?? 'gone']: { x: b * 900, y: c * 900 } }),
  layout: (editor) => editor.arrange(layoutNetwork),
  template: (editor, a) =>
    a < 0.2 ? editor.loadTemplate('lenet') : a > 0.95 ? editor.clearNetwork() : undefined,
  settings: (editor, a) =>
    editor.setSettings({
      epochs: Math.round(a * 20),
      loss: a < 0.5 ? 'meanSquaredError' : 'categoricalCrossentropy',
    }),
  endGesture: (editor) => editor.endGesture(),
  undo: (editor) => editor.undo(),
  redo: (editor) => editor.redo(),
};

// Without bias: fast-check's preference for extremes would pick the first and the last layer most of the time.
const part = fc.noBias(fc.nat({ max: 9999 })).map((n) => n / 10_000);
const script = fc.array(
  fc.tuple(fc.constantFrom(...Object.keys(acts), 'connect', 'connect', 'select'), part, part, part),
  {
    minLength: 60,
    maxLength: 180,
    size: 'max',
  },
);

/** What holds for every project that the editor makes. */
function expectConsistent({ project, analysis, selection }: EditorState): void {
  const { nodes, edges } = project.network;
  const ids = new Set(nodes.map(({ id }) => id));
  expect(ids.size).toBe(nodes.length);
  expect(new Set(nodes.map(({ name }) => name)).size).toBe(nodes.length);
  expect(new Set(edges.map(({ id }) => id)).size).toBe(edges.length);
  for (const { source, target } of edges) expect(ids.has(source) && ids.has(target)).toBe(true);
  expect(structureOf(project.network).cut.size).toBe(0);
  for (const { id, kind, params, position } of nodes) {
    expect(isLayerKind(kind) && Number.isFinite(position.x) && Number.isFinite(position.y)).toBe(true);
    for (const [key, spec] of Object.entries(layerOf(kind).params))
      expect(checkParam(spec, params[key])).toBeUndefined();
    expect(edges.filter(({ target }) => target === id).length).toBeLessThanOrEqual(layerOf(kind).inputs.max);
    expect(analysis.nodes.get(id)).toBeDefined();
  }
  expect(analysis.compiled !== undefined).toBe(analysis.problems.length === 0);
  for (const id of selection.nodes) expect(ids.has(id)).toBe(true);
}

function play(store: EditorStore, [act, a, b, c]: readonly [string, number, number, number]): void {
  acts[act]!(store.getState(), a, b, c);
}

describe('hundreds of random edits', () => {
  it('keep the network consistent, can be stored, and are all taken back by undo', () => {
    let longest = 0;
    let compiled = 0;
    fc.assert(
      fc.property(script, (steps) => {
        const first = newProject();
        const store = createEditor(first, () => 0);
        for (const step of steps) {
          play(store, step);
          expectConsistent(store.getState());
          if (store.getState().analysis.compiled) compiled++;
        }
        const { project, past } = store.getState();
        longest = Math.max(longest, past.length);
        expect(parseProject(JSON.parse(JSON.stringify(project)))).toEqual({ project });
        while (store.getState().canUndo) store.getState().undo();
        expect(store.getState().project).toEqual(first);
        past.forEach(() => store.getState().redo());
        expect(store.getState().project).toEqual(project);
      }),
      { seed: 20240607, numRuns: 25, endOnFailure: true },
    );
    expect(longest).toBeGreaterThan(40);
    expect(compiled).toBeGreaterThan(100);
  }, 120_000);
});
