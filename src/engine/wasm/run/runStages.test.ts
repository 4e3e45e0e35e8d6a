import { describe, expect, test } from 'vitest';
import { createRandom, permutation, type Random } from '../../../core/random';
import type { Shape } from '../../../core/shape';
import type { CompiledNetwork } from '../../../network/compiled';
import { lenet } from '../../../network/templates/lenet';
import type { OptimizerSettings } from '../../engine';
import { compiled, compiledChain, examples } from '../../testing/examples';
import { randomNetwork, randomWeights } from '../../testing/networks';
import { emitModule } from '../emit';
import { WeightBlocks } from '../layout';
import { instantiateKernels, allocate, layOut, machineOf } from '../memory';
import { plannerOf } from '../planning';
import { makeProgram, type Purpose, type Stage } from '../program';
import { alone } from '../threads/sync';
import { chunksOf, chunkStart } from './chunks';
import type { Machine, Pass } from './machine';
import { passOf } from './pass';
import { runStages } from './runStages';

const adam: OptimizerSettings = { type: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };

/** How the stages of a pass are run on machines that share one memory. */
type Runner = (stages: readonly Stage[], machines: readonly Machine[], pass: Pass) => void;

const byOne: Runner = (stages, [machine], pass) => runStages(stages, machine!, pass, alone());

/**
 * Gives out the pieces of each stage in a shuffled order, each to whichever machine is drawn. What lies in the machine's
 * own memory before it begins is noise, because another piece may have been there.
 */
function shuffled(random: Random): Runner {
  return (stages, machines, pass) => {
    const scratchFloats = (machines[1]!.scratch - machines[0]!.scratch) / 4;
    for (const stage of stages)
      for (const piece of permutation(stage.kind === 'examples' ? pass.chunks : stage.units, random)) {
        const machine = machines[Math.floor(random.next() * machines.length)]!;
        const first = machine.scratch / 4;
        for (let i = first; i < first + scratchFloats; i++) machine.floats[i] = random.next() - 0.5;
        const pieces = [piece];
        runStages([stage], machine, pass, {
          claim: () => pieces.pop() ?? Infinity,
          alive: () => undefined,
          barrier: () => undefined,
        });
      }
  };
}

interface Training {
  readonly network: CompiledNetwork;
  readonly shape: Shape;
  readonly optimizer: OptimizerSettings;
  readonly batches: readonly number[];
}

/** Trains on batches of these sizes. @returns weights, slots, and the loss of every example. */
function train({ network, shape, optimizer, batches }: Training, threads: number, runner: Runner) {
  const planner = plannerOf({ network, loss: 'categoricalCrossentropy', optimizer });
  const program = makeProgram({ shape: planner(1, 0), optimizer, relaxed: false });
  const most = Math.max(...batches);
  const layout = layOut(program, planner, most, threads);
  const memory = allocate(layout, false);
  const module = new WebAssembly.Module(emitModule(program.kernels));
  const machines = Array.from({ length: threads }, (_, thread) =>
    machineOf(layout, memory, instantiateKernels(module, memory), thread),
  );
  const { floats, integers } = machines[0]!;
  const blocks = new WeightBlocks(network);
  const weights = randomWeights(network, createRandom(5), 0.2);
  blocks.write(layout.plan, floats, program.slots, { step: 0, weights, slots: {} });
  const data = examples(most, shape, 3);
  const results: number[] = [];
  const run = (purpose: Purpose, step: number, count: number): void => {
    new Uint8Array(memory.buffer).set(data.images, layout.images);
    data.labels.forEach((label, i) => (integers[layout.labels / 4 + i] = label));
    const training = purpose === 'train';
    const settings = { optimizer, seed: 9, chunks: program.chunks };
    runner(program.stages[purpose], machines, passOf(settings, { count, step, scale: data.scale, training }));
    results.push(...floats.subarray(layout.results / 4, layout.results / 4 + 2 * count));
  };
  run('refresh', 0, 1);
  batches.forEach((count, step) => {
    run('train', step, count);
    run('evaluate', step + 1, count);
  });
  return { ...blocks.read(layout.plan, floats, program.slots), results };
}

const image = [8, 7, 2];
const mnist = [28, 28, 1];
const everything = compiledChain(image, 3, [
  ['conv2d', { filters: 5, kernelSize: [3, 3], padding: 'same', activation: 'relu' }],
  ['maxPooling2d', { poolSize: [3, 2], strides: [2, 1], padding: 'same' }],
  ['batchNormalization'],
  ['conv2d', { filters: 10, kernelSize: [2, 2], groups: 5, activation: 'tanh' }],
  ['dropout', { rate: 0.3 }],
  ['averagePooling2d', { poolSize: [2, 2], strides: [1, 2], padding: 'same' }],
  ['flatten'],
  ['dense', { units: 70, activation: 'elu' }],
  ['dropout', { rate: 0.5 }],
  ['dense', { units: 3, activation: 'softmax' }],
]);
const sgd: OptimizerSettings = { type: 'sgd', learningRate: 0.05, momentum: 0.9 };
const cases: readonly (readonly [string, Training])[] = [
  ['LeNet', { network: compiled(lenet.build(), mnist, 10), shape: mnist, optimizer: adam, batches: [40, 7] }],
  [
    'one of every kind of layer, with dropout',
    { network: everything, shape: image, optimizer: adam, batches: [37, 5, 128] },
  ],
  ...[1, 2, 3, 4, 5, 6].map(
    (seed) =>
      [
        `random network ${seed}`,
        {
          network: randomNetwork(image, 3, seed),
          shape: image,
          optimizer: seed % 2 === 0 ? adam : sgd,
          batches: [21, 64, 3],
        },
      ] as const,
  ),
];

/** Names of what is not the same to the last bit. */
function differences(a: ReturnType<typeof train>, b: ReturnType<typeof train>): readonly string[] {
  const all = ({ weights, slots, results }: ReturnType<typeof train>) =>
    Object.entries({ ...weights, ...slots, results: Float32Array.from(results) });
  const others = new Map(all(b));
  return all(a)
    .filter(([key, values]) => {
      const [bits, other] = [values, others.get(key)!].map((floats) => new Int32Array(floats.buffer));
      return bits!.length !== other!.length || bits!.some((value, i) => value !== other![i]);
    })
    .map(([key]) => key);
}

describe.each(cases)('what comes out of %s', (_, training) => {
  test('does not hang on which thread does which piece, in which order, with which memory', () => {
    const expected = train(training, 1, byOne);
    expect(expected.results.every(Number.isFinite)).toBe(true);
    for (const threads of [2, 3])
      expect(differences(train(training, threads, shuffled(createRandom(threads))), expected)).toEqual([]);
  });
});

test('a batch is cut into chunks that follow each other, by its size alone', () => {
  for (const count of [1, 7, 8, 9, 64, 127, 128, 129, 1000]) {
    const chunks = chunksOf(count, 16);
    expect(chunks).toBe(Math.min(16, Math.ceil(count / 8)));
    const starts = Array.from({ length: chunks + 1 }, (_, chunk) => chunkStart(count, chunks, chunk));
    expect([starts[0], starts.at(-1)]).toEqual([0, count]);
    const sizes = starts.slice(1).map((end, i) => end - starts[i]!);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    expect(Math.min(...sizes)).toBeGreaterThan(0);
  }
  expect(chunksOf(1000, 3)).toBe(3);
});

test('stages say which barrier comes after them, and each piece is taken once', () => {
  const taken: string[] = [];
  const examplesPart = (name: string) => ({
    kind: 'examples' as const,
    run: (...[, , from, to, chunk]: [Machine, Pass, number, number, number]) =>
      void taken.push(`${name} ${from}..${to} as ${chunk}`),
  });
  const unitsPart = (name: string, units: number) => ({
    ...{ kind: 'units' as const, units },
    run: (...[, , unit]: [Machine, Pass, number]) => void taken.push(`${name} ${unit}`),
  });
  const stages: readonly Stage[] = [
    { kind: 'examples', parts: [examplesPart('a'), examplesPart('b')] },
    { kind: 'units', parts: [unitsPart('c', 2), unitsPart('d', 1)], units: 3 },
  ];
  const pass = passOf(
    { optimizer: sgd, seed: 1, chunks: 2 },
    { count: 9, step: 0, scale: 1, training: true },
  );
  const sync = alone();
  const barrier = (): void => {
    taken.push('barrier');
    sync.barrier();
  };
  runStages(stages, {} as Machine, pass, { ...sync, barrier });
  expect(taken).toEqual([
    ...['a 0..4 as 0', 'b 0..4 as 0', 'a 4..9 as 1', 'b 4..9 as 1', 'barrier'],
    ...['c 0', 'c 1', 'd 0', 'barrier'],
  ]);
});
