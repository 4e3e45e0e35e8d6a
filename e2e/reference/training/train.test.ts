/** Tests of the optimizers against steps worked out by hand, and of what an epoch is. */
import { describe, expect, it } from 'vitest';
import { updateOf } from '../testing/refused';
import { dense, floats, layer, plainModel, regressionModel, trainableModel } from '../testing/samples';
import type { Model, Optimizer } from '../types';
import { weightsOfUpdatable } from './gradients';
import { trainModel, type TrainingData } from './train';

const double = (value: number) => ({ value, range: undefined });
const integer = (value: number) => ({ value, allowed: undefined });
const shared = { learningRate: double(0.5), miniBatchSize: integer(1) };
const sgd: Optimizer = { kind: 'sgd', ...shared, momentum: double(0.5) };
const adam: Optimizer = { kind: 'adam', ...shared, beta1: double(0.5), beta2: double(0.75), eps: double(0) };

/** One weight, times the input, without a bias: the loss is (w x - t) squared, its gradient 2 x (w x - t). */
function oneWeight(optimizer: Optimizer, epochs: number): Model {
  const body = { ...dense(1, 1, true), weights: floats([1], true), hasBias: false, bias: undefined };
  const model = plainModel([1], [layer('dense', ['in'], body, true)]);
  model.network.update = { ...updateOf(regressionModel()), optimizer, epochs: integer(epochs) };
  return model;
}

function weightAfter(optimizer: Optimizer, epochs: number): [weight: number, losses: number[]] {
  const data = { count: 1, example: () => ({ input: [1], target: [0] }) };
  const { model, losses } = trainModel(oneWeight(optimizer, epochs), data);
  return [weightsOfUpdatable(model.network.layers[0]!).weights.floats[0]!, losses.flat()];
}

describe('a step', () => {
  it('of SGD goes against the gradient, with a part of the step before', () => {
    expect(weightAfter({ ...sgd, momentum: undefined }, 1)).toEqual([0, [1]]);
    // Gradient 2, velocity -1, weight 0; then gradient 0, velocity -0.5; then gradient -1, velocity 0.25.
    expect(weightAfter(sgd, 2)).toEqual([-0.5, [1, 0]]);
    expect(weightAfter(sgd, 3)).toEqual([-0.25, [1, 0, 0.25]]);
  });

  it('of Adam is as long as the rate at first, and weighs its moments as the paper says', () => {
    // m = 1, v = 1, corrected to 2 and 4: 2 / sqrt(4) times the rate.
    expect(weightAfter(adam, 1)).toEqual([0.5, [1]]);
    // Gradient 1: m = 1, v = 1, corrected by 0.75 and 1 - 0.75^2 = 0.4375.
    const expected = 0.5 - (0.5 * (1 / 0.75)) / Math.sqrt(1 / 0.4375);
    expect(weightAfter(adam, 2)[0]).toBeCloseTo(expected, 7);
    // An eps of 2 doubles what sqrt(4) divides by.
    expect(weightAfter({ ...adam, eps: double(2) }, 1)[0]).toBe(0.75);
  });
});

describe('training', () => {
  const data: TrainingData = {
    count: 5,
    example: (at) => ({
      input: Array.from({ length: 16 }, (_, i) => Math.sin(i * (at + 1))),
      target: at % 3,
    }),
  };

  function small(epochs: number): Model {
    const model = trainableModel();
    const update = updateOf(model);
    update.epochs = integer(epochs);
    update.optimizer!.miniBatchSize = integer(2);
    return model;
  }

  it('takes batches of the size of the file in each of its epochs, and the rest as a batch', () => {
    const model = small(2);
    const before = structuredClone(model);
    const { losses } = trainModel(model, data);
    expect(losses.map((epoch) => epoch.length)).toEqual([3, 3]);
    expect(model).toEqual(before);
  });

  it('takes the examples in the order of the caller', () => {
    const seen: number[] = [];
    const watched = { count: 5, example: (at: number) => (seen.push(at), data.example(at)) };
    trainModel(small(2), watched, (epoch) => (epoch === 0 ? [4, 2, 0] : [1]));
    expect(seen).toEqual([4, 2, 0, 1]);
  });

  it('learns five examples by heart', () => {
    const model = small(60);
    updateOf(model).optimizer!.learningRate = double(0.02);
    const { losses } = trainModel(model, data);
    expect(losses[0]![0]).toBeGreaterThan(0.5);
    expect(Math.max(...losses.at(-1)!)).toBeLessThan(0.05);
  });

  it('moves updatable layers alone', () => {
    const model = small(1);
    const [conv] = model.network.layers;
    conv!.isUpdatable = false;
    const trained = trainModel(model, data).model.network.layers;
    expect(trained[0]).toEqual(conv);
    expect(trained[3]).not.toEqual(model.network.layers[3]);
  });

  it('refuses files without epochs, optimizer or loss in a sentence', () => {
    const without = (part: 'epochs' | 'optimizer') => {
      const model = small(1);
      updateOf(model)[part] = undefined;
      return model;
    };
    expect(() => trainModel(without('epochs'), data)).toThrow(/should state epochs/);
    expect(() => trainModel(without('optimizer'), data)).toThrow(/mini-batch size/);
    const lossless = small(1);
    updateOf(lossless).losses = [];
    expect(() => trainModel(lossless, data)).toThrow('The file states no loss.');
  });
});
