import { describe, expect, it } from 'vitest';
import { lenet } from '../network/templates/lenet';
import { newProject, parseProject } from './project';

/** A project as JSON, free to be spoilt. */
interface Loose {
  [key: string]: unknown;
  network: { nodes: Record<string, unknown>[]; edges: Record<string, unknown>[] };
  settings: Record<string, unknown>;
}

function spoilt(spoil: (project: Loose) => void): unknown {
  const project = JSON.parse(JSON.stringify({ ...newProject(), network: lenet.build() })) as Loose;
  spoil(project);
  return project;
}

function errorOf(json: unknown): string | undefined {
  const parsed = parseProject(json);
  return 'error' in parsed ? parsed.error : undefined;
}

describe('a new project', () => {
  it('is empty, has the default settings, and an id of its own', () => {
    const project = newProject();
    expect(project).toMatchObject({ version: 1, datasetId: 'mnist', network: { nodes: [], edges: [] } });
    expect(project.settings).toMatchObject({
      optimizer: 'adam',
      learningRate: 0.001,
      batchSize: 128,
      epochs: 10,
    });
    expect(newProject().id).not.toBe(project.id);
  });
});

describe('reading a project', () => {
  it('gives back what was written', () => {
    const project = { ...newProject(), name: 'Digits', network: lenet.build() };
    expect(parseProject(JSON.parse(JSON.stringify(project)))).toEqual({ project });
  });

  it('fills in settings and parameters that are missing', () => {
    const json = spoilt((p) => {
      p.settings = { epochs: 3 };
      p.network.nodes[0]!['params'] = {};
    });
    const parsed = parseProject(json);
    expect('project' in parsed && parsed.project.settings).toEqual({ ...newProject().settings, epochs: 3 });
    expect('project' in parsed && parsed.project.network.nodes[0]?.params).toEqual({
      form: 'image',
      shape: [28, 28, 1],
      size: 784,
    });
  });

  it.each([undefined, null, 7, 'text', [], {}, { format: 'other' }])(
    'refuses what is no project: %j',
    (json) => {
      expect(errorOf(json)).toBe(
        'It is not a Layerpad project: the line "format": "layerpad-project" is missing.',
      );
    },
  );

  it.each<[string, (project: Loose) => void, string]>([
    [
      'a newer version',
      (p) => (p['version'] = 2),
      'It is of version 2, made by a newer Layerpad; this one reads version 1. Reload the page to update.',
    ],
    [
      'an unknown version',
      (p) => (p['version'] = 'one'),
      'Its version is "one"; this Layerpad reads version 1.',
    ],
    ['no version', (p) => delete p['version'], 'Its version is missing; this Layerpad reads version 1.'],
    [
      'a strange id',
      (p) => (p['id'] = '../x'),
      'The id of the project has other characters than letters, digits and hyphens.',
    ],
    ['no name', (p) => (p['name'] = ''), 'The name of the project is not a text.'],
    [
      'a long name',
      (p) => (p['name'] = 'x'.repeat(81)),
      'The name of the project is longer than 80 characters.',
    ],
    [
      'an unknown data set',
      (p) => (p['datasetId'] = 'pets'),
      'It uses the data set "pets"; this Layerpad has mnist.',
    ],
    [
      'settings out of limits',
      (p) => (p.settings['epochs'] = 0),
      'Training: Epochs takes a whole number from 1 to 1,000; got 0.',
    ],
    [
      'NaN, which JSON writes as null',
      (p) => (p.settings['learningRate'] = null),
      'Training: Learning rate takes a number from 1e-7 to 10.',
    ],
    ['an unknown setting', (p) => (p.settings['warmup'] = 1), 'Training has an unknown setting "warmup".'],
    ['no settings', (p) => delete (p as Partial<Loose>).settings, 'The settings of Training are missing.'],
    ['no network', (p) => ((p as Record<string, unknown>)['network'] = null), 'Its network is missing.'],
    ['layers that are no list', (p) => (p.network.nodes = {} as never), 'The layers are not a list.'],
    [
      'an unknown kind',
      (p) => (p.network.nodes[1]!['kind'] = 'lstm'),
      'Layer 2 (conv2d) is of the kind "lstm", which this Layerpad lacks.',
    ],
    [
      'a kind that objects inherit',
      (p) => (p.network.nodes[1]!['kind'] = 'constructor'),
      'Layer 2 (conv2d) is of the kind "constructor", which this Layerpad lacks.',
    ],
    [
      'a parameter out of limits',
      (p) => (p.network.nodes[1]!['params'] = { filters: -1 }),
      'Layer 2 (conv2d): Filters takes a whole number from 1 to 4,096; got -1.',
    ],
    [
      'a parameter of another sort',
      (p) => (p.network.nodes[1]!['params'] = { kernelSize: 3 }),
      'Layer 2 (conv2d): Kernel size takes 2 whole numbers (height, width).',
    ],
    [
      'an unknown parameter',
      (p) => (p.network.nodes[1]!['params'] = JSON.parse('{"__proto__":1}') as unknown),
      'Layer 2 (conv2d) has an unknown setting "__proto__".',
    ],
    [
      'no position',
      (p) => (p.network.nodes[1]!['position'] = { x: null, y: 0 }),
      'Layer 2 (conv2d) has no place on the canvas: its position takes two numbers, x and y.',
    ],
    [
      'two layers of one id',
      (p) => (p.network.nodes[1]!['id'] = p.network.nodes[0]!['id']),
      'Two layers have the id "n1".',
    ],
    [
      'two layers of one name',
      (p) => (p.network.nodes[3]!['name'] = 'conv2d'),
      'Two layers are named "conv2d".',
    ],
    [
      'a name that cannot be',
      (p) => (p.network.nodes[1]!['name'] = 'a/b'),
      'Layer 2 cannot be named "a/b". A name begins with a letter (a to z) or a digit, then takes letters, digits, spaces and _ - . too.',
    ],
    [
      'a connection that dangles',
      (p) => (p.network.edges[2]!['target'] = 'n99'),
      'Connection 3 has the target "n99", which is no layer.',
    ],
    [
      'a connection twice',
      (p) => p.network.edges.push(p.network.edges[0]!),
      'Connection 8 cannot be. input is connected to conv2d already.',
    ],
    [
      'a circle',
      (p) => (p.network.edges = [...p.network.edges.slice(1), { source: 'n8', target: 'n2' }]),
      'Connection 7 cannot be. conv2d comes before dense_1, so this would close a circle.',
    ],
  ])('refuses %s', (_, spoil, message) => {
    expect(errorOf(spoilt(spoil))).toBe(message);
  });
});
