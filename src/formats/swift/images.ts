/**
 * The images of a data set as the file `Images.data` of the exported app; `app/ExampleFile.swift` reads it and documents
 * its form. Each block is compressed by itself, so that the app can count what is ready.
 */
import { joined } from '../../core/bytes';
import type { DatasetDefinition, FetchAsset, LabelledImages } from '../../datasets/defineDataset';

/** Images of one block. */
const BLOCK = 1000;
const VERSION = 1;

export interface ImageCounts {
  readonly training: number;
  readonly test: number;
}

/** How many of each the file will hold: no more than there are. */
export function countsOf(dataset: DatasetDefinition, wanted: ImageCounts): ImageCounts {
  return {
    training: Math.min(wanted.training, dataset.trainCount),
    test: Math.min(wanted.test, dataset.testCount),
  };
}

/** The last file that was packed: another option of the dialog often asks for the same images again. */
let last: { readonly key: string; readonly file: Uint8Array } | undefined;

/**
 * Loads the data set and packs the first images of each part.
 * @throws DatasetError as the data set does; the signal's reason where it is aborted.
 */
export async function packedImages(
  dataset: DatasetDefinition,
  counts: ImageCounts,
  fetchAsset: FetchAsset,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const key = `${dataset.id} ${counts.training} ${counts.test}`;
  if (last?.key === key) return last.file;
  const { train, test } = await dataset.load(fetchAsset, () => undefined, signal);
  const [height, width, channels] = dataset.shape as readonly [number, number, number];
  const numbers = [VERSION, height, width, channels, counts.training, counts.test, BLOCK];
  const file = joined([
    new TextEncoder().encode('LPIM'),
    littleEndian(numbers),
    ...(await blocksOf(train, counts.training, signal)),
    ...(await blocksOf(test, counts.test, signal)),
  ]);
  last = { key, file };
  return file;
}

async function blocksOf(
  { images, labels, count: there, shape }: LabelledImages,
  count: number,
  signal: AbortSignal | undefined,
): Promise<readonly Uint8Array[]> {
  if (there < count) throw new Error(`The data set states ${count} images and loads ${there}.`);
  const size = shape.reduce((product, n) => product * n, 1);
  const parts: Uint8Array[] = [];
  for (let from = 0; from < count; from += BLOCK) {
    signal?.throwIfAborted();
    const to = Math.min(from + BLOCK, count);
    const block = joined([labels.subarray(from, to), images.subarray(from * size, to * size)]);
    const compressed = await deflate(block);
    parts.push(littleEndian([compressed.length]), compressed);
  }
  return parts;
}

/** DEFLATE without a header, as RFC 1951 has it and as Apple's `.zlib` wants it. Browsers do it off the page's thread. */
async function deflate(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Unsigned numbers of 32 bits, the lowest byte first. */
function littleEndian(numbers: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * numbers.length));
  numbers.forEach((number, i) => view.setUint32(4 * i, number, true));
  return new Uint8Array(view.buffer);
}
