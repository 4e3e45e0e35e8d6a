/**
 * What is queued for the device: steps and evaluations, up to 32 at once. Their parameters and the numbers of their
 * examples lie in one array that goes to the device in one write. The array is made once.
 */

/** Jobs that go to the device together at most. */
export const QUEUED = 32;
/** Bytes of a job's parameters: where each begins, every device allows a multiple of 256. */
export const JOB_BYTES = 256;

/** What differs from job to job; the kernels know it as `step` (kernels/text.ts). */
export interface JobParameters {
  readonly training: boolean;
  /** Dropout's, of 32 bits. */
  readonly seed: number;
  /** Of this step's update. */
  readonly rate: number;
}

export class JobQueue {
  readonly #bytes: ArrayBuffer;
  readonly #view: DataView<ArrayBuffer>;
  readonly #indices: Uint32Array<ArrayBuffer>;
  #jobs = 0;
  #examples = 0;

  /** @param batch examples of a job at most. */
  constructor(private readonly batch: number) {
    this.#bytes = new ArrayBuffer(QUEUED * (JOB_BYTES + 4 * batch));
    this.#view = new DataView(this.#bytes);
    this.#indices = new Uint32Array(this.#bytes, QUEUED * JOB_BYTES);
  }

  /** Jobs in it. */
  get length(): number {
    return this.#jobs;
  }

  get isFull(): boolean {
    return this.#jobs === QUEUED;
  }

  /** Where in the array the numbers of the examples begin, in bytes. */
  readonly indicesAt = QUEUED * JOB_BYTES;

  /** What is to be written to the device: from the start of the array, so many bytes. */
  get content(): { readonly bytes: ArrayBuffer; readonly length: number } {
    return { bytes: this.#bytes, length: QUEUED * JOB_BYTES + 4 * this.#examples };
  }

  /** Adds a job on the examples at `indices`; there is room for it. */
  add(indices: Uint32Array, parameters: JobParameters): void {
    this.#indices.set(indices, this.#examples);
    this.#write(indices.length, parameters);
  }

  /** Adds a job on examples that lie in the network's input already. */
  addCount(count: number, parameters: JobParameters): void {
    this.#write(count, parameters);
  }

  clear(): void {
    this.#jobs = 0;
    this.#examples = 0;
  }

  #write(count: number, { training, seed, rate }: JobParameters): void {
    if (count === 0 || count > this.batch)
      throw new Error(`A batch of ${count} is not between 1 and ${this.batch}.`);
    const at = this.#jobs * JOB_BYTES;
    const words = [count, this.#examples, this.#jobs, training ? 1 : 0, seed];
    words.forEach((word, i) => this.#view.setUint32(at + 4 * i, word, true));
    this.#view.setFloat32(at + 20, rate, true);
    this.#view.setFloat32(at + 24, 1 / count, true);
    this.#jobs++;
    this.#examples += count;
  }
}
