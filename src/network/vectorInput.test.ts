/** An Input that takes images as flat vectors: which it takes, and how it is mended. */
import { describe, expect, test } from 'vitest';
import type { ParamValues } from '../core/params';
import { feeds } from '../core/shape';
import { analyze } from './analyze';
import { applyRepair } from './edits';
import type { Network } from './network';
import { chain } from './templates/template';

const task = { inputShape: [28, 28, 1], classes: 10, loss: 'categoricalCrossentropy', datasetLabel: 'MNIST' };
const output = ['dense', { units: 10, activation: 'softmax' }] as const;
const withInput = (params: ParamValues, ...middle: Parameters<typeof chain>[0]): Network =>
  chain([['input', params], ...middle, output]);

const problemsOf = (network: Network) => analyze(network, task).problems;

test('images feed inputs of their shape, and vectors of as many values', () => {
  expect(feeds([28, 28, 1], [28, 28, 1])).toBe(true);
  expect(feeds([28, 28, 1], [784])).toBe(true);
  expect(feeds([4], [4])).toBe(true);
  expect(feeds([28, 28, 1], [783])).toBe(false);
  expect(feeds([28, 28, 1], [28, 28, 3])).toBe(false);
  expect(feeds([784], [28, 28, 1])).toBe(false);
});

describe('an Input of the form vector', () => {
  test('takes the images of the data set without Flatten', () => {
    const { compiled } = analyze(withInput({ form: 'vector', size: 784 }), task);
    expect(compiled?.inputShape).toEqual([784]);
    expect(compiled?.parameters).toBe(7850);
  });

  test('of another size says how many values an image has, and takes them in one tap', () => {
    const network = withInput({ form: 'vector', size: 100 });
    const [found] = problemsOf(network);
    expect(found?.problem).toEqual({
      code: 'inputShape',
      message: 'The examples of MNIST are 28×28×1, 784 values each; Input takes a vector of 100.',
      repair: { type: 'setParams', params: { size: 784 }, label: 'Use 784' },
    });
    const repaired = applyRepair(network, found!.nodeId!, found!.problem.repair!);
    expect(problemsOf(repaired)).toEqual([]);
    expect(repaired.nodes[0]!.params).toMatchObject({ form: 'vector', size: 784 });
  });

  test('becomes an image by Reshape, whose repair is the shape of the images', () => {
    const network = withInput(
      { form: 'vector', size: 784 },
      ['reshape', { targetShape: [14, 14, 1] }],
      ['flatten'],
    );
    const [found] = problemsOf(network);
    expect(found?.problem.message).toBe(
      'Reshape keeps every value: its input 784 has 784, but 14×14×1 takes 196.',
    );
    expect(problemsOf(applyRepair(network, found!.nodeId!, found!.problem.repair!))).toEqual([]);
  });

  test('offers no repair where no vector is so long', () => {
    const network = withInput({ form: 'vector', size: 100 });
    const huge = { ...task, inputShape: [2048, 2048, 1] };
    expect(analyze(network, huge).problems[0]?.problem).not.toHaveProperty('repair');
  });
});
