/** A memory for a network in training: the plan's, and behind it what comes in and goes out. */
import { DeviceLostError } from '../engine';
import { megabytes } from '../memory';
import { aligned } from '../plan/memory';
import type { Planner } from './planning';
import type { Program } from './program';
import type { Kernels, Machine } from './run/machine';

const PAGE = 65_536;
/** What 32-bit addresses reach. */
const MOST_PAGES = 65_536;

/** Where everything lies in the memory of one batch size. */
export type Layout = ReturnType<typeof layOut>;

/**
 * @param batch the largest batch.
 * @throws Error with the sum of what is needed where no memory can be so large.
 */
export function layOut(
  { spans, end, scratch: own }: Program,
  planner: Planner,
  batch: number,
  threads: number,
) {
  const bytes = own(batch);
  const scratch = Array.from({ length: threads }, (_, thread) => end + thread * bytes);
  const plan = planner(batch, end + threads * bytes, spans);
  const results = aligned(plan.bytes);
  const labels = aligned(results + 8 * batch);
  const images = aligned(labels + 4 * batch);
  // Bytes are read four at a time.
  const pages = Math.ceil((images + plan.inputSize * batch + 16) / PAGE);
  if (pages > MOST_PAGES)
    throw new Error(
      `This network takes ${megabytes(pages * PAGE)} of memory with a batch of ${batch}; WebAssembly has at most 4,096 MB. ` +
        `Make the batch or the network smaller.`,
    );
  return { plan, scratch, results, labels, images, pages };
}

/** @throws DeviceLostError where the device has not so much memory left. */
export function allocate({ pages, plan }: Layout, shared: boolean): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  } catch {
    throw new DeviceLostError(
      `The device ran out of memory: this network takes ${megabytes(pages * PAGE)} with a batch of ${plan.batch}.`,
    );
  }
}

/** Puts compiled kernels on a memory. Threads do it for themselves, each on the same memory. */
export function instantiateKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
}

/** The memory as one thread sees it. */
export function machineOf(
  layout: Layout,
  memory: WebAssembly.Memory,
  kernels: Kernels,
  thread: number,
): Machine {
  const { plan, scratch, results, labels, images } = layout;
  return {
    ...{ plan, kernels, results, labels, images },
    floats: new Float32Array(memory.buffer),
    integers: new Int32Array(memory.buffer),
    scratch: scratch[thread]!,
  };
}
