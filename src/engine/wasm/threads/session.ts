/**
 * One network on several threads: what a helping thread is told to open, and how it follows commands. It blocks while it
 * waits, as only workers may.
 */
import { instantiateKernels, machineOf, type Layout } from '../memory';
import { makeProgram, purposes, type ProgramOptions } from '../program';
import { passOf } from '../run/pass';
import { runStages } from '../run/runStages';
import { control, together, waitWhile } from './sync';

/** Opens a network for a helping thread. Everything is cloned or shared. */
export interface OpenMessage {
  readonly options: ProgramOptions;
  readonly seed: number;
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly layout: Layout;
  readonly threads: number;
  /** Number of this thread; the one that commands is 0. */
  readonly thread: number;
  /** Commands before it was opened. */
  readonly commands: number;
}

/** Milliseconds of sleep before a waiting thread looks again. */
const SLEEP_MS = 1000;

/** Follows commands until one says to leave. A failure is told to the others through the memory. */
export function serve(message: OpenMessage): void {
  const { options, seed, module, memory, layout, threads, thread } = message;
  const integers = new Int32Array(memory.buffer);
  try {
    const program = makeProgram(options);
    const machine = machineOf(layout, memory, instantiateKernels(module, memory), thread);
    const sync = together(integers, threads);
    const settings = { optimizer: options.optimizer, seed, chunks: program.chunks };
    let commands = message.commands;
    for (;;) {
      while (!waitWhile(integers, control.command, commands, SLEEP_MS));
      commands = Atomics.load(integers, control.command);
      const purpose = purposes[integers[control.purpose]!]!;
      if (purpose === 'leave') return;
      const pass = passOf(settings, {
        count: integers[control.count]!,
        step: integers[control.step]!,
        scale: machine.floats[control.scale]!,
        training: purpose === 'train',
      });
      runStages(program.stages[purpose], machine, pass, sync);
    }
  } catch (error) {
    Atomics.store(integers, control.failed, 1);
    Atomics.add(integers, control.barriers, 1);
    Atomics.notify(integers, control.barriers);
    throw error;
  }
}
