/** Brings values back from the device through buffers that are used again, in the order in which they were asked for. */
import type { DeviceWatch } from '../watch';
import { Buffers } from './buffers';

/** Takes the results of a job: loss and whether it is right, for each of `count` examples. */
export type ResultSink = (values: Float32Array, count: number) => void;

export class ResultReader {
  readonly #buffers: Buffers;
  readonly #free: GPUBuffer[] = [];
  #last: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(
    device: GPUDevice,
    private readonly watch: DeviceWatch,
  ) {
    this.#buffers = new Buffers(device);
  }

  get count(): number {
    return this.#buffers.count;
  }

  /** Lets the values be copied, at the end of what is encoded so far, to a buffer that can be read. */
  stage(encoder: GPUCommandEncoder, from: GPUBuffer, bytes: number, start = 0): GPUBuffer {
    const found = this.#free.findIndex(({ size }) => size >= bytes);
    const staging =
      found < 0
        ? this.#buffers.make('read back', bytes, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST)
        : this.#free.splice(found, 1)[0]!;
    encoder.copyBufferToBuffer(from, start, staging, 0, bytes);
    return staging;
  }

  /**
   * Hands the values over when they are there, after all that was asked for before. `take` copies what it keeps.
   * @throws DeviceLostError where the device goes away meanwhile.
   */
  read(staging: GPUBuffer, bytes: number, take: (values: Float32Array) => void): Promise<void> {
    // Asked for at once, so that the device need not wait for what is read before.
    const mapped = staging.mapAsync(GPUMapMode.READ, 0, bytes).catch((error: unknown) => {
      throw this.#closed ? new Error('This trainer has been disposed of.') : error;
    });
    const before = this.#last;
    const done = (async () => {
      await Promise.allSettled([before]);
      await this.watch.race(mapped);
      take(new Float32Array(staging.getMappedRange(0, bytes)));
      staging.unmap();
      this.#free.push(staging);
    })();
    // A failure is told by `settled` too; whoever does not wait for this one is not asked.
    done.catch(() => undefined);
    this.#last = (async () => {
      await before;
      await done;
    })();
    this.#last.catch(() => undefined);
    return done;
  }

  /**
   * Waits for everything that was asked for so far.
   * @throws DeviceLostError where some of it did not come.
   */
  settled(): Promise<void> {
    return this.#last;
  }

  destroy(): void {
    this.#closed = true;
    this.#buffers.destroy();
    this.#free.length = 0;
  }
}
