/**
 * The editor: the project, its history, and what is selected. No React, and nothing of the canvas's view or of runs.
 * Every change of the project goes through `edit`, so that it can be undone, but for the choices of the export.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { isProblem, type Problem, type Repair } from '../core/problem';
import type { ParamValues } from '../core/params';
import { datasetOf } from '../datasets';
import { layerOf, type LayerKind } from '../layers';
import { analyze, type Analysis } from '../network/analyze';
import * as edits from '../network/edits';
import { emptyNetwork, nodeOf, type Network } from '../network/network';
import { templates } from '../network/templates';
import { defaultCoreMLSettings, type CoreMLSettings } from '../project/coremlSettings';
import { newProject, UNTITLED, type Project } from '../project/project';
import { withSettings } from '../project/settings';
import { extend, record, sameProject, stepBack, stepForward, type History } from './history';

export interface Selection {
  readonly nodes: readonly string[];
  readonly edges: readonly string[];
}

export interface EditOptions {
  /** Edits of one key that follow each other within one gesture are one step of the history. */
  readonly coalesce?: string;
}

export interface EditorState extends History {
  /** Of the project's network, for its data set and loss. */
  readonly analysis: Analysis;
  readonly selection: Selection;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** An undoable step. A change that leaves the project as it is makes none. */
  edit(label: string, change: (project: Project) => Project, options?: EditOptions): void;
  /** The next edit begins a step of its own, whatever its key. A pause and another selection do the same. */
  endGesture(): void;
  undo(): void;
  redo(): void;
  /** Begins with another project and an empty history. */
  loadProject(project: Project): void;
  /** Puts another project in the place of this one, as a step that can be undone. */
  replaceProject(project: Project): void;
  renameProject(name: string): void;
  select(selection: Selection): void;
  /** Adds a layer, selects it, and answers its id. */
  addLayer(kind: LayerKind, where: edits.Where): string;
  /** Answers the Problem where the two cannot be connected. */
  connect(source: string, target: string): Problem | undefined;
  disconnect(edges: readonly string[]): void;
  removeSelection(): void;
  setParams(id: string, params: ParamValues): void;
  /** Freezes layers, or lets them train again. */
  setTrainable(ids: readonly string[], trainable: boolean): void;
  /** Lets these layers train and freezes the others. */
  trainOnly(ids: readonly string[]): void;
  /** Answers the Problem where the name cannot be. */
  renameLayer(id: string, name: string): Problem | undefined;
  moveLayers(positions: Readonly<Record<string, { readonly x: number; readonly y: number }>>): void;
  applyRepair(nodeId: string, repair: Repair): void;
  /** Puts a template in the place of the network; unknown ids do nothing. */
  loadTemplate(id: string): void;
  clearNetwork(): void;
  /** Moves cards to where a layout puts them. */
  arrange(layout: (network: Network) => Network): void;
  setSettings(settings: ParamValues): void;
  /** Sets some of the choices of the Core ML export. They are saved, but no step of the history. */
  setCoreML(choices: Partial<CoreMLSettings>): void;
}

export type EditorStore = StoreApi<EditorState>;

/** After this many milliseconds without an edit a gesture is over. */
const PAUSE = 1000;

const nothing: Selection = { nodes: [], edges: [] };

/**
 * @param project what it begins with. Missing: a new one.
 * @param now a clock in milliseconds, for the pauses between edits.
 */
export function createEditor(project: Project = newProject(), now: () => number = Date.now): EditorStore {
  let gesture: { readonly key: string; readonly at: number } | undefined;

  return createStore<EditorState>((set, get) => {
    const show = (history: History): void => {
      const { analysis, project: before, selection } = get();
      const after = history.project;
      set({
        ...history,
        analysis: sameTask(before, after) ? analysis : analyzeProject(after),
        selection: prune(selection, after.network),
        canUndo: history.past.length > 0,
        canRedo: history.future.length > 0,
      });
    };

    const editNetwork = (label: string, change: (network: Network) => Network, options?: EditOptions): void =>
      get().edit(label, (before) => withNetwork(before, change(before.network)), options);

    const labelOf = (id: string): string => {
      const node = nodeOf(get().project.network, id);
      return node ? layerOf(node.kind).label : 'layer';
    };

    return {
      project,
      past: [],
      future: [],
      analysis: analyzeProject(project),
      selection: nothing,
      canUndo: false,
      canRedo: false,

      edit(label, change, { coalesce } = {}) {
        const history = get();
        const after = change(history.project);
        if (sameProject(history.project, after)) return;
        const goesOn = coalesce !== undefined && gesture?.key === coalesce && now() - gesture.at < PAUSE;
        const next = goesOn ? extend(history, after) : record(history, label, after);
        const dropped = next.past.length < history.past.length;
        gesture = coalesce === undefined || dropped ? undefined : { key: coalesce, at: now() };
        show(next);
      },
      endGesture() {
        gesture = undefined;
      },
      undo() {
        gesture = undefined;
        const history = stepBack(get());
        if (history) show(history);
      },
      redo() {
        gesture = undefined;
        const history = stepForward(get());
        if (history) show(history);
      },

      loadProject(loaded) {
        gesture = undefined;
        show({ project: loaded, past: [], future: [] });
      },
      replaceProject: (other) => get().edit(`Open ${other.name}`, () => other),
      renameProject(name) {
        const trimmed = name.trim().slice(0, 80);
        if (trimmed) get().edit('Rename the project', (before) => ({ ...before, name: trimmed }));
      },
      select(selection) {
        const pruned = prune(selection, get().project.network);
        if (JSON.stringify(pruned) === JSON.stringify(get().selection)) return;
        gesture = undefined;
        set({ selection: pruned });
      },

      addLayer(kind, where) {
        const { network, id } = edits.addLayer(get().project.network, kind, where);
        editNetwork(`Add ${layerOf(kind).label}`, () => network);
        get().select({ nodes: [id], edges: [] });
        return id;
      },
      connect(source, target) {
        const refusal = edits.canConnect(get().project.network, source, target);
        if (!refusal) editNetwork('Connect', (network) => edits.connect(network, source, target));
        return refusal;
      },
      disconnect: (edges) => editNetwork('Disconnect', (network) => edits.disconnect(network, edges)),
      removeSelection() {
        const { nodes, edges } = get().selection;
        const label = nodes.length === 1 ? `Remove ${labelOf(nodes[0]!)}` : 'Remove the selection';
        editNetwork(label, (network) => edits.removeLayers(edits.disconnect(network, edges), nodes));
      },
      setParams(id, params) {
        const coalesce = `params ${id} ${Object.keys(params).join(' ')}`;
        editNetwork(`Change ${labelOf(id)}`, (network) => edits.setParams(network, id, params), { coalesce });
      },
      setTrainable(ids, trainable) {
        const what = ids.length === 1 ? labelOf(ids[0]!) : 'layers';
        const label = trainable ? `Let ${what} train` : `Freeze ${what}`;
        editNetwork(label, (network) => edits.setTrainable(network, ids, trainable));
      },
      trainOnly: (ids) =>
        editNetwork('Choose what trains', (network) => edits.trainOnly(network, ids), {
          coalesce: 'trainable',
        }),
      renameLayer(id, name) {
        const renamed = edits.rename(get().project.network, id, name);
        if (isProblem(renamed)) return renamed;
        editNetwork(`Rename ${labelOf(id)}`, () => renamed, { coalesce: `name ${id}` });
        return undefined;
      },
      moveLayers: (positions) => editNetwork('Move', (network) => edits.moveLayers(network, positions)),
      applyRepair: (nodeId, repair) =>
        editNetwork(repair.label, (network) => edits.applyRepair(network, nodeId, repair)),
      loadTemplate(id) {
        const template = templates.find((candidate) => candidate.id === id);
        if (!template) return;
        get().edit(`Open ${template.label}`, (before) => ({
          ...withNetwork(withSettings(before, template.settings ?? {}), template.build()),
          // A name that the person gave stays.
          name: before.name === UNTITLED ? template.label : before.name,
        }));
      },
      clearNetwork: () => editNetwork('Empty the network', () => emptyNetwork),
      arrange: (layout) => editNetwork('Arrange', layout),
      setSettings: (settings) =>
        get().edit('Change the training settings', (before) => withSettings(before, settings), {
          coalesce: `settings ${Object.keys(settings).join(' ')}`,
        }),
      setCoreML(choices) {
        const { project: before } = get();
        set({ project: { ...before, coreml: { ...defaultCoreMLSettings, ...before.coreml, ...choices } } });
      },
    };
  });
}

function withNetwork(project: Project, network: Network): Project {
  return network === project.network ? project : { ...project, network };
}

function sameTask(a: Project, b: Project): boolean {
  return a.network === b.network && a.datasetId === b.datasetId && a.settings.loss === b.settings.loss;
}

function analyzeProject({ network, datasetId, settings }: Project): Analysis {
  // `parseProject` admits known data sets only.
  const { shape, classLabels, label } = datasetOf(datasetId)!;
  return analyze(network, {
    inputShape: shape,
    classes: classLabels.length,
    loss: settings.loss,
    datasetLabel: label,
  });
}

/** The selection without what is no longer there; the very selection where all of it is. */
function prune(selection: Selection, network: Network): Selection {
  const nodes = new Set(network.nodes.map(({ id }) => id));
  const edges = new Set(network.edges.map(({ id }) => id));
  if (selection.nodes.every((id) => nodes.has(id)) && selection.edges.every((id) => edges.has(id)))
    return selection;
  return {
    nodes: selection.nodes.filter((id) => nodes.has(id)),
    edges: selection.edges.filter((id) => edges.has(id)),
  };
}
