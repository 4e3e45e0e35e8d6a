/** Buffers on the device that belong together and are given back together. */

export class Buffers {
  readonly #all: GPUBuffer[] = [];

  constructor(private readonly device: GPUDevice) {}

  /** How many there are. */
  get count(): number {
    return this.#all.length;
  }

  /** A buffer for kernels, filled with zeros. */
  storage(label: string, bytes: number): GPUBuffer {
    return this.make(
      label,
      bytes,
      GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
    );
  }

  make(label: string, bytes: number, usage: GPUBufferUsageFlags): GPUBuffer {
    // Kernels read vectors of four floats.
    const size = Math.max(16, Math.ceil(bytes / 16) * 16);
    const buffer = this.device.createBuffer({ label, size, usage });
    this.#all.push(buffer);
    return buffer;
  }

  destroy(): void {
    for (const buffer of this.#all) buffer.destroy();
    this.#all.length = 0;
  }
}
