/** What freezing saves: operations, kernels and memory that a network with frozen layers does not have. */
import { describe, expect, test } from 'vitest';
import { lenet } from '../../network/templates/lenet';
import type { CompiledNetwork } from '../../network/compiled';
import { slotNames } from '../optimizer';
import { makePlan } from '../plan/makePlan';
import type { Plan } from '../plan/plan';
import { printPlan } from '../plan/printPlan';
import { plannerOf } from '../wasm/planning';
import { makeProgram as makeWasmProgram } from '../wasm/program';
import { hardware } from '../webgpu/kernels/tile';
import { makeProgram as makeGpuProgram } from '../webgpu/program';
import { compiled, compiledChain } from './examples';
import { freeze } from './networks';

const adam = { type: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const;
const loss = 'categoricalCrossentropy';
const slots = slotNames(adam).length;
const planOf = (network: CompiledNetwork): Plan =>
  makePlan({ network, loss, batch: 8, slots, reserved: 0, weightAlignment: 64 });
const backwardOf = (network: CompiledNetwork) =>
  planOf(network).backward.map(({ type, frozen = false, inputGradient }) => [
    type,
    frozen ? 'frozen' : 'trains',
    inputGradient === undefined ? 'ends here' : 'goes on',
  ]);

const mnist = compiled(lenet.build(), [28, 28, 1], 10);
const all = mnist.layers.map(({ name }) => name);

describe('the plan', () => {
  test('has no way back below the first layer that trains', () => {
    expect(backwardOf(freeze(mnist, ['conv2d', 'conv2d_1']))).toEqual([
      ['denseGradient', 'trains', 'goes on'],
      ['denseGradient', 'trains', 'ends here'],
    ]);
    expect(backwardOf(freeze(mnist, ['conv2d', 'conv2d_1', 'dense']))).toEqual([
      ['denseGradient', 'trains', 'ends here'],
    ]);
  });

  test('goes through frozen layers to those before them', () => {
    expect(backwardOf(freeze(mnist, ['conv2d_1', 'dense_1']))).toEqual([
      ['denseGradient', 'frozen', 'goes on'],
      ['denseGradient', 'trains', 'goes on'],
      ['convolutionGradient', 'frozen', 'goes on'],
      ['convolutionGradient', 'trains', 'ends here'],
    ]);
  });

  test('keeps nothing of the optimizer for what is frozen', () => {
    const [free, frozen] = [planOf(mnist), planOf(freeze(mnist, ['dense']))];
    expect(free.trainableSize - frozen.trainableSize).toBeGreaterThanOrEqual(576_500);
    expect(frozen.weightSize).toBe(free.weightSize);
    expect(free.bytes - frozen.bytes).toBeGreaterThanOrEqual(2 * 4 * 576_500);
  });

  test('has no way back at all where everything is frozen', () => {
    const plan = planOf(freeze(mnist, all));
    expect(plan.backward).toEqual([]);
    expect(plan.loss.gradient).toBeUndefined();
    expect(plan.trainableSize).toBe(0);
  });

  test('says what it updates', () => {
    const updates = (network: CompiledNetwork): number =>
      printPlan(planOf(network)).split(' + update').length - 1;
    expect(updates(mnist)).toBe(4);
    expect(updates(freeze(mnist, ['conv2d_1', 'dense_1']))).toBe(2);
  });

  test('normalizes by the moving statistics where batch normalization is frozen', () => {
    const network = compiledChain([6, 6, 1], 3, [
      ['conv2d'],
      ['batchNormalization'],
      ['flatten'],
      ['dense', { units: 3, activation: 'softmax' }],
    ]);
    const normalizations = (made: CompiledNetwork) =>
      planOf(made).forward.filter(({ type }) => type === 'normalization');
    expect(normalizations(network)[0]).not.toHaveProperty('frozen');
    expect(normalizations(freeze(network, ['batch_normalization']))[0]).toHaveProperty('frozen', true);
  });
});

describe('the program', () => {
  const frozen = freeze(mnist, ['conv2d_1', 'dense_1']);

  test('of WebAssembly emits no kernel and moves no panel for what is frozen', () => {
    const programOf = (network: CompiledNetwork) => {
      const planner = plannerOf({ network, loss, optimizer: adam });
      return makeWasmProgram({ shape: planner(1, 0), optimizer: adam, relaxed: false });
    };
    const [before, after] = [programOf(mnist), programOf(frozen)];
    const names = ({ kernels }: typeof before) => kernels.map(({ name }) => name);
    const has = (pattern: RegExp) => [before, after].map((one) => names(one).filter((n) => pattern.test(n)));
    // Operations 4 to 7 are the way back: dense_1, dense, conv2d_1, conv2d.
    expect(has(/^update \d/)).toEqual([['update 4', 'update 5'], ['update 5']]);
    expect(has(/^to panel/)).toEqual([['to panel 6', 'to panel 7'], ['to panel 7']]);
    expect(before.end - after.end).toBeGreaterThan(4 * 4128);
    const late = (program: typeof before) => program.stages.train.at(-1)!;
    expect([late(before), late(after)].map((stage) => stage.parts.length)).toEqual([2, 1]);
  });

  test('of WebGPU takes no gradient of what is frozen', () => {
    const programOf = (network: CompiledNetwork) => makeGpuProgram(planOf(network), adam, hardware, 2 ** 28);
    const [before, after] = [programOf(mnist), programOf(frozen)];
    const bound = ({ kernels }: typeof before) =>
      kernels.train.filter(({ bindings }) => 'partials' in bindings).length;
    expect([bound(before), bound(after)]).toEqual([4, 2]);
    expect(before.gradientSize - after.gradientSize).toBeGreaterThanOrEqual(4128 + 5010);
    const nothing = programOf(freeze(mnist, all)).kernels.train.map(({ name }) => name);
    expect(nothing).toEqual(['convolution, pooled', 'convolution, pooled', 'dense', 'dense', 'loss']);
  });
});
