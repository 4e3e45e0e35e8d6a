/** Data sets on the device, as the bytes that they are: each comes there once, in as many parts as bindings must be. */
import { formatShape, sizeOf, type Shape } from '../../core/shape';
import type { LabelledImages } from '../../datasets/defineDataset';
import { Buffers } from './buffers';
import type { ImagesPart } from './kernels/gather';

/** Bytes that are written at once, so that no second copy of a data set is ever waiting. */
const WRITTEN = 2 ** 23;

export interface StoredPart extends ImagesPart {
  readonly images: GPUBuffer;
  readonly classes: GPUBuffer;
}

export class DataSets {
  readonly #buffers: Buffers;
  readonly #stored = new Map<Uint8Array, readonly StoredPart[]>();

  constructor(
    private readonly device: GPUDevice,
    private readonly inputShape: Shape,
  ) {
    this.#buffers = new Buffers(device);
  }

  get count(): number {
    return this.#buffers.count;
  }

  /**
   * The parts of a data set, which comes to the device where it is not there.
   * @throws Error where an index or the images' size does not fit: a mistake of the caller.
   */
  find(data: LabelledImages, indices: Uint32Array): readonly StoredPart[] {
    const size = sizeOf(this.inputShape);
    if (sizeOf(data.shape) !== size)
      throw new Error(
        `The network takes ${formatShape(this.inputShape)}; the examples are ${formatShape(data.shape)}.`,
      );
    for (const index of indices)
      if (index >= data.count) throw new Error(`There is no example ${index}; there are ${data.count}.`);
    const stored = this.#stored.get(data.images) ?? this.#store(data, size);
    this.#stored.set(data.images, stored);
    return stored;
  }

  destroy(): void {
    this.#buffers.destroy();
    this.#stored.clear();
  }

  #store({ images, labels, count, scale }: LabelledImages, size: number): readonly StoredPart[] {
    const { maxBufferSize, maxStorageBufferBindingSize } = this.device.limits;
    // Room for the last word, which may be half full.
    const most = Math.floor((Math.min(maxBufferSize, maxStorageBufferBindingSize) - 16) / size);
    return Array.from({ length: Math.ceil(count / most) }, (_, i) => {
      const first = i * most;
      const own = Math.min(most, count - first);
      return {
        first,
        count: own,
        size,
        scale,
        images: this.#write('images', images.subarray(first * size, (first + own) * size)),
        classes: this.#write('classes', labels.subarray(first, first + own)),
      };
    });
  }

  #write(label: string, bytes: Uint8Array): GPUBuffer {
    const buffer = this.#buffers.storage(label, bytes.length);
    for (let at = 0; at < bytes.length; at += WRITTEN) {
      const piece = bytes.subarray(at, at + WRITTEN);
      const whole = piece.length % 4 === 0;
      const words = whole ? piece : new Uint8Array(Math.ceil(piece.length / 4) * 4);
      if (!whole) words.set(piece);
      this.device.queue.writeBuffer(buffer, at, words);
    }
    return buffer;
  }
}
