/** A memory to run kernels on in tests. Blocks lie in it between rims that no kernel may write to. */
import { expect } from 'vitest';
import { createRandom, type Random } from '../../../core/random';
import { instantiateKernels } from '../memory';
import { emitModule, type Kernel } from '../emit';
import type { Kernels } from '../run/machine';

/** A NaN, so that whatever is computed from a rim shows. */
const RIM = 0x7fc01dea;
const RIM_FLOATS = 16;

export interface Block {
  readonly at: number;
  /** The block itself, not a copy. */
  readonly values: Float32Array;
  readonly integers: Int32Array;
  readonly bytes: Uint8Array;
}

export class TestMemory {
  readonly #memory = new WebAssembly.Memory({ initial: 160 });
  readonly #floats = new Float32Array(this.#memory.buffer);
  readonly #integers = new Int32Array(this.#memory.buffer);
  #rims: readonly number[] = [];
  #end = 0;
  #random: Random = createRandom(0);

  /** Forgets all blocks; what is drawn from now on hangs on the seed. */
  begin(seed: number): void {
    this.#rims = [];
    this.#end = 0;
    this.#random = createRandom(seed);
    this.#rim();
  }

  /** Room for what a kernel is to write: NaN so far. */
  room(count: number): Block {
    const start = this.#end;
    const end = Math.ceil((start + count) / 4) * 4;
    if ((end + RIM_FLOATS) * 4 > this.#memory.buffer.byteLength)
      throw new Error('The test needs more memory.');
    this.#integers.fill(RIM, start, end);
    this.#end = end;
    this.#rim();
    return {
      at: 4 * start,
      values: this.#floats.subarray(start, start + count),
      integers: this.#integers.subarray(start, start + count),
      bytes: new Uint8Array(this.#memory.buffer, 4 * start, 4 * count),
    };
  }

  put(values: ArrayLike<number>): Block {
    const block = this.room(values.length);
    block.values.set(values);
    return block;
  }

  zeros(count: number): Block {
    return this.put(new Float32Array(count));
  }

  /** Normal numbers. */
  noise(count: number): Block {
    return this.put(Float32Array.from({ length: count }, () => this.#random.normal()));
  }

  /** Whole numbers from −4 to 4: their sums of products are exact, in any order. */
  whole(count: number): Block {
    return this.put(Float32Array.from({ length: count }, () => this.below(9) - 4));
  }

  /** A whole number from 0 to `count` − 1. */
  below(count: number): number {
    return Math.floor(this.#random.next() * count);
  }

  instantiate(...kernels: readonly Kernel[]): Kernels {
    return instantiateKernels(new WebAssembly.Module(emitModule(kernels)), this.#memory);
  }

  /** Fails where a kernel has written past a block. */
  expectWholeRims(): void {
    const broken = this.#rims.filter((start) =>
      this.#integers.subarray(start, start + RIM_FLOATS).some((value) => value !== RIM),
    );
    expect(broken, 'rims written to').toEqual([]);
  }

  #rim(): void {
    this.#rims = [...this.#rims, this.#end];
    this.#integers.fill(RIM, this.#end, this.#end + RIM_FLOATS);
    this.#end += RIM_FLOATS;
  }
}
