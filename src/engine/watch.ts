/**
 * Watches over one device: remembers why it was lost, so that whatever waits for it ends with an error, not never.
 * It knows neither WebGPU nor WebGL; their drivers tell it.
 */
import { DeviceLostError } from './engine';

const outOfMemory = /out of memory|allocation failed|array length|failed to allocate|unable to create webgl/i;
const lostContext = /context (is |was )?lost|device (is |was )?lost|lost device|CONTEXT_LOST/i;
/** How WebGPU ends a read on a device that is going away, before it says so. */
const abortedRead: ReadonlySet<string> = new Set(['AbortError', 'OperationError']);

export class DeviceWatch {
  readonly #lost: Promise<never>;
  #reject: (error: DeviceLostError) => void = () => undefined;
  #error: DeviceLostError | undefined;
  #closed = false;

  /**
   * @param inspect asks the device whether it is still there and well: a sentence where it is not. `idle` says that the
   * device has just answered, so that asking for its errors makes nobody wait.
   */
  constructor(private readonly inspect: (idle: boolean) => string | undefined = () => undefined) {
    this.#lost = new Promise((_, reject) => (this.#reject = reject));
    // A loss that nobody waits for is found by the next `check`.
    this.#lost.catch(() => undefined);
  }

  /** To be called when the device goes away or reports that it cannot do what it was asked. The first reason stays. */
  lose(reason: string): DeviceLostError {
    this.#error ??= new DeviceLostError(reason);
    if (!this.#closed) this.#reject(this.#error);
    return this.#error;
  }

  /** From now on the device may go away: it is being given back. */
  close(): void {
    this.#closed = true;
  }

  /** @throws DeviceLostError where the device is lost. */
  check(idle = false): void {
    if (this.#error) throw this.#error;
    const reason = this.inspect(idle);
    if (reason !== undefined) throw this.lose(reason);
  }

  /** Waits for the device's answer, and no longer than there is a device. */
  async race<T>(answer: Promise<T>): Promise<T> {
    try {
      const value = await Promise.race([answer, this.#lost]);
      this.check(true);
      return value;
    } catch (error) {
      throw this.explain(error);
    }
  }

  /** Runs `work` on a device that is there. What it throws because the device ran out of memory or went away becomes a DeviceLostError. */
  run<T>(work: () => T): T {
    this.check();
    try {
      return work();
    } catch (error) {
      throw this.explain(error);
    }
  }

  private explain(error: unknown): Error {
    if (error instanceof DeviceLostError) return error;
    if (this.#error) return this.#error;
    const message = error instanceof Error ? error.message : String(error);
    if (outOfMemory.test(message)) return this.lose(`The device ran out of memory (${message}).`);
    const reason = this.inspect(false);
    if (reason !== undefined) return this.lose(reason);
    const aborted = error instanceof DOMException && abortedRead.has(error.name);
    if (aborted || lostContext.test(message)) return this.lose(`The device was lost (${message}).`);
    return error instanceof Error ? error : new Error(message);
  }
}
