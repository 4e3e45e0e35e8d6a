/** What the person wants of a run, as commands set it and the loop reads it between two batches. */

export class RunControl {
  #wanted: 'run' | 'pause' | 'stop' = 'run';
  #save = false;
  #wake: (() => void) | undefined;
  readonly #abort = new AbortController();

  get wanted(): 'run' | 'pause' | 'stop' {
    return this.#wanted;
  }

  /** Aborted by `stop`; for work that has no batches, such as loading. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  pause(): void {
    this.#want('pause');
  }

  resume(): void {
    this.#want('run');
  }

  /** Final: nothing that comes later takes it back. */
  stop(): void {
    this.#want('stop');
    this.#abort.abort();
  }

  save(): void {
    this.#save = true;
    this.#wake?.();
  }

  /** Whether a checkpoint was asked for since the last call. */
  takeSave(): boolean {
    const save = this.#save;
    this.#save = false;
    return save;
  }

  /** Waits for the next command. */
  async changed(): Promise<void> {
    if (this.#save) return;
    await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#wake = undefined;
  }

  #want(wanted: 'run' | 'pause' | 'stop'): void {
    if (this.#wanted === 'stop') return;
    this.#wanted = wanted;
    this.#wake?.();
  }
}
