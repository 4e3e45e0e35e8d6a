import { expect, test } from 'vitest';
import { initialWeights } from '../../../network/weights';
import type { OptimizerSettings } from '../../engine';
import { compiledChain, examples } from '../../testing/examples';
import { emitModule } from '../emit';
import { WeightBlocks } from '../layout';
import { instantiateKernels, allocate, layOut, machineOf } from '../memory';
import { plannerOf } from '../planning';
import { makeProgram, purposes, type ProgramOptions } from '../program';
import { passOf } from '../run/pass';
import { runStages } from '../run/runStages';
import { runThread } from '../testing/threads';
import { serve, type OpenMessage } from './session';
import { alone, control } from './sync';

const shape = [6, 6, 1];
const network = compiledChain(shape, 3, [
  ['conv2d', { filters: 4, kernelSize: [3, 3], activation: 'relu' }],
  ['maxPooling2d'],
  ['dropout', { rate: 0.25 }],
  ['flatten'],
  ['dense', { units: 3, activation: 'softmax' }],
]);
const optimizer: OptimizerSettings = { type: 'sgd', learningRate: 0.1, momentum: 0.9 };
const planner = plannerOf({ network, optimizer, loss: 'categoricalCrossentropy' });
const options: ProgramOptions = { shape: planner(1, 0), optimizer, relaxed: false };
const [batch, seed, step] = [20, 4, 2];
const data = examples(batch, shape, 3);

/** A memory with weights and a batch in it, and all that a thread is told to work on it. */
function open() {
  const program = makeProgram(options);
  const layout = layOut(program, planner, batch, 1);
  const memory = allocate(layout, true);
  const module = new WebAssembly.Module(emitModule(program.kernels, true));
  const machine = machineOf(layout, memory, instantiateKernels(module, memory), 0);
  const blocks = new WeightBlocks(network);
  const state = { step, weights: initialWeights(network, 7), slots: {} };
  blocks.write(layout.plan, machine.floats, program.slots, state);
  new Uint8Array(memory.buffer).set(data.images, layout.images);
  data.labels.forEach((label, i) => (machine.integers[layout.labels / 4 + i] = label));
  const message: OpenMessage = {
    ...{ options, seed, module, memory, layout, threads: 1, thread: 0, commands: 0 },
  };
  return {
    ...{ program, machine, message },
    read: () => blocks.read(layout.plan, machine.floats, program.slots),
  };
}

test('a thread does what it is commanded, as one by itself does, until it is to leave', async () => {
  const { program, machine, message, read } = open();
  const before = read();
  const { integers, floats } = machine;
  integers[control.count] = batch;
  integers[control.step] = step;
  floats[control.scale] = data.scale;
  integers[control.purpose] = purposes.indexOf('train');
  integers[control.command] = 1;
  // Once all stages are over, as their barriers tell, it is sent away.
  const commander = runThread(
    integers,
    `while (Atomics.load(integers, control.barriers) < ${program.stages.train.length}) Atomics.wait(integers, control.failed, 0, 1);
     integers[control.purpose] = ${purposes.indexOf('leave')};
     Atomics.add(integers, control.command, 1);
     Atomics.notify(integers, control.command);`,
  );
  serve(message);
  await commander;

  const other = open();
  const settings = { optimizer, seed, chunks: program.chunks };
  // The memory holds the scale as a float.
  const pass = passOf(settings, { count: batch, step, scale: Math.fround(data.scale), training: true });
  runStages(program.stages.train, other.machine, pass, alone());
  expect(read()).toEqual(other.read());
  expect(read()).not.toEqual(before);
});

test('a thread that fails tells the others', () => {
  const { program, machine, message } = open();
  const module = new WebAssembly.Module(emitModule(program.kernels, false));
  expect(() => serve({ ...message, module })).toThrow(WebAssembly.LinkError);
  expect(machine.integers[control.failed]).toBe(1);
  expect(machine.integers[control.barriers]).toBe(1);
});
