import { expect, it } from 'vitest';
import { analyze } from './analyze';
import { chain } from './templates/template';

const mnist = {
  inputShape: [28, 28, 1],
  classes: 10,
  loss: 'categoricalCrossentropy',
  datasetLabel: 'MNIST',
};

it('refuses a network that is too large for memory, at its largest layer', () => {
  const network = chain([
    ['input'],
    ['flatten'],
    ['dense', { units: 16384 }],
    ['dense', { units: 16384 }],
    ['dense', { units: 10, activation: 'softmax' }],
  ]);
  const { problems, compiled } = analyze(network, mnist);
  expect(problems).toHaveLength(1);
  const [{ nodeId, problem }] = problems as [(typeof problems)[0]];
  expect(network.nodes.find(({ id }) => id === nodeId)!.name).toBe('dense_1');
  expect(problem.message).toMatch(
    /^The network has 281,[\d,]+ parameters, most of them here; up to 100,000,000/,
  );
  expect(compiled).toBeUndefined();
});
