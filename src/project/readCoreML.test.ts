/** The stored choices of the Core ML export: what is taken, and the sentence for what is not. */
import { describe, expect, it } from 'vitest';
import { defaultCoreMLSettings } from './coremlSettings';
import { newProject, parseProject } from './project';

const read = (coreml: unknown) => parseProject(JSON.parse(JSON.stringify({ ...newProject(), coreml })));

it('a project without choices has none, and one with some has the defaults for the rest', () => {
  const plain = read(undefined);
  expect('project' in plain && 'coreml' in plain.project).toBe(false);
  expect(read({ input: 'image' })).toMatchObject({
    project: { coreml: { ...defaultCoreMLSettings, input: 'image' } },
  });
});

it('gives back every choice that was written', () => {
  const coreml = {
    input: 'image',
    modelType: 'classifier',
    allowed: {
      learningRate: { type: 'range', min: 0.001, max: 0.1 },
      epochs: { type: 'set', values: [1, 5, 10] },
    },
    texts: { description: 'Digits', version: '2', author: 'Ada', license: '' },
    userDefined: [{ key: 'camera', value: '' }],
    names: { input: 'x', output: 'y', label: 'digit', target: 'y_true', loss: 'loss' },
    blobs: { n1: 'conv_out' },
  };
  expect(read(coreml)).toMatchObject({ project: { coreml } });
});

describe('a project is refused, with a sentence, where', () => {
  it.each([
    ['they are no object', [], 'The choices of the Core ML export are not an object.'],
    ['one is unknown', { colour: 1 }, 'The Core ML export has an unknown choice "colour".'],
    [
      'the input is unknown',
      { input: 'sound' },
      'The input of the Core ML export is not one of array, image.',
    ],
    [
      'the model type is unknown',
      { modelType: 7 },
      'The model type of the Core ML export is not one of network, classifier.',
    ],
    [
      'something may change that is no number of training',
      { allowed: { width: { type: 'range', min: 0, max: 1 } } },
      'The device cannot change "width"; it may change learningRate, batchSize, momentum, beta1, beta2, epsilon, epochs, seed.',
    ],
    [
      'a range lacks an end',
      { allowed: { epochs: { type: 'range', min: 1 } } },
      'What the device may set epochs to is no range of two numbers and no set of at most 1000 whole numbers.',
    ],
    [
      'a set holds a half',
      { allowed: { epochs: { type: 'set', values: [0.5] } } },
      'What the device may set epochs to is no range of two numbers and no set of at most 1000 whole numbers.',
    ],
    [
      'a real number has a set',
      { allowed: { momentum: { type: 'set', values: [1] } } },
      'What the device may set momentum to is no range of two numbers.',
    ],
    ['a text is a number', { texts: { author: 7 } }, 'Its author is not a text.'],
    [
      'two pairs have one key',
      { userDefined: [pair('a'), pair('a')] },
      'Two pairs of the model have the key "a".',
    ],
    ['a key is empty', { userDefined: [pair(' ')] }, 'A key of the model is not a text.'],
    ['a name is missing', { names: { input: 'x' } }, 'The name of the output is not a text.'],
    ['a blob is no text', { blobs: { n1: 4 } }, 'The blob of n1 is not a text.'],
    [
      'a layer of a file has texts for sizes',
      { spellings: { n1: { as: 'a', instead: '[]', layers: [spelledLayer({ flatten: { mode: 'x' } })] } } },
      'The layers of the file for n1 are no layers of Core ML.',
    ],
    [
      'a layer of a file is of no type',
      { spellings: { n1: { as: 'a', instead: '[]', layers: [spelledLayer({ constructor: { mode: 1 } })] } } },
      'The layers of the file for n1 are no layers of Core ML.',
    ],
    ['a version is none', { version: 1e300 }, 'The version of the Core ML specification is no whole number.'],
    [
      'class labels are mixed',
      { classLabels: { type: 'int64', values: [1, 'two'] } },
      'The class labels of the file are neither texts nor whole numbers.',
    ],
    [
      'more is unsaid than can be',
      { omitted: ['epochs'] },
      'A file can leave unsaid momentum, shuffle, seed, nothing else.',
    ],
  ])('%s', (_, coreml, message) => {
    expect(read(coreml)).toEqual({ error: message });
  });
});

function pair(key: string) {
  return { key, value: 'v' };
}

function spelledLayer(type: object) {
  return { name: 'a', input: ['x'], output: ['y'], ...type };
}
