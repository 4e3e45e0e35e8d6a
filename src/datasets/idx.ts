/**
 * Reads a gzip-compressed IDX file of bytes as it streams in, straight into one block of its final size. IDX is the
 * format that MNIST is published in: two zero bytes, 8 for unsigned bytes, the number of dimensions, each dimension as
 * a big-endian 32-bit number, then the values. Knows nothing of what the values mean.
 * Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits", section "File formats".
 */
import { DatasetError, type FetchAsset } from './defineDataset';

export interface IdxExpectation {
  /** Path of the asset, which messages name. */
  readonly path: string;
  /** What the first dimension counts, for messages: "images", "labels". */
  readonly what: string;
  /** Every dimension as it must be; the first is the number of examples. */
  readonly dimensions: readonly number[];
}

const ADVICE = 'Please try again; if that does not help, reload the app.';
const UNSIGNED_BYTE = 8;

/**
 * Loads one file.
 * @param onExamples is told how many examples have come so far, once per chunk.
 * @returns the product of `dimensions` bytes, without the header.
 * @throws DatasetError where the asset is missing, damaged, too short or too long, or of other dimensions.
 * @throws the signal's reason where it is aborted.
 */
export async function loadIdx(
  fetchAsset: FetchAsset,
  expected: IdxExpectation,
  onExamples: (count: number) => void,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  signal?.throwIfAborted();
  const body = await open(fetchAsset, expected.path, signal);
  // The first bytes and the count are kept, so that a failed decompression can be told in words.
  const head: number[] = [];
  let received = 0;
  const tap = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      if (head.length < 16) head.push(...chunk.subarray(0, 16 - head.length));
      received += chunk.length;
      controller.enqueue(chunk);
    },
  });
  const reader = body.pipeThrough(tap).pipeThrough(new DecompressionStream('gzip')).getReader();
  const cancel = (): void => void reader.cancel(signal?.reason).catch(() => undefined);
  signal?.addEventListener('abort', cancel, { once: true });
  const sink = createSink(expected);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      signal?.throwIfAborted();
      if (done) return sink.finish();
      onExamples(sink.write(value));
    }
  } catch (error) {
    cancel();
    signal?.throwIfAborted();
    if (error instanceof DatasetError) throw error;
    throw new DatasetError(describeBrokenStream(expected, head, received, error));
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

async function open(
  fetchAsset: FetchAsset,
  path: string,
  signal: AbortSignal | undefined,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  let response: Response;
  try {
    response = await fetchAsset(path, signal);
  } catch (error) {
    signal?.throwIfAborted();
    throw new DatasetError(`${path} could not be fetched (${textOf(error)}). Are you online? ${ADVICE}`);
  }
  const type = response.headers.get('Content-Type') ?? '';
  if (!response.ok || response.body === null) {
    throw new DatasetError(
      `${path} could not be fetched: expected the file, got status ${response.status}. ${ADVICE}`,
    );
  }
  if (type.startsWith('text/html')) {
    await response.body.cancel();
    throw new DatasetError(`${path} is missing: expected a compressed IDX file, got a web page. ${ADVICE}`);
  }
  return response.body;
}

function describeBrokenStream(
  { path, what, dimensions }: IdxExpectation,
  head: readonly number[],
  received: number,
  error: unknown,
): string {
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    const came = head.length === 0 ? 'nothing' : `"${String.fromCharCode(...head).replace(/[^ -~]/g, '.')}…"`;
    return `${path} is not what was expected: a gzip-compressed IDX file should come, ${came} came. ${ADVICE}`;
  }
  const came = `${format(received)} bytes came that do not unpack to them (${textOf(error)})`;
  return `${path} is cut short or damaged: ${format(dimensions[0] ?? 0)} ${what} were expected, ${came}. ${ADVICE}`;
}

/** Takes the decompressed chunks: the header is checked as soon as it is complete, the values go to their place. */
function createSink({ path, what, dimensions }: IdxExpectation) {
  const size = dimensions.reduce((product, n) => product * n, 1);
  const exampleSize = size / (dimensions[0] ?? 1);
  const header = new Uint8Array(4 + 4 * dimensions.length);
  const values = allocate(size, path);
  let headerBytes = 0;
  let filled = 0;

  return {
    write(chunk: Uint8Array): number {
      let rest = chunk;
      if (headerBytes < header.length) {
        const part = rest.subarray(0, header.length - headerBytes);
        header.set(part, headerBytes);
        headerBytes += part.length;
        rest = rest.subarray(part.length);
        if (headerBytes === header.length) checkHeader(header, path, dimensions);
      }
      if (filled + rest.length > size) {
        throw new DatasetError(
          `${path} is too long: expected ${format(dimensions[0] ?? 0)} ${what}, more came after them. ${ADVICE}`,
        );
      }
      values.set(rest, filled);
      filled += rest.length;
      return Math.floor(filled / exampleSize);
    },
    finish(): Uint8Array {
      if (headerBytes < header.length || filled < size) {
        const came = format(Math.floor(filled / exampleSize));
        throw new DatasetError(
          `${path} is cut short: expected ${format(dimensions[0] ?? 0)} ${what}, got ${came}. ${ADVICE}`,
        );
      }
      return values;
    },
  };
}

function allocate(size: number, path: string): Uint8Array {
  try {
    return new Uint8Array(size);
  } catch {
    const megabytes = Math.ceil(size / 1e6);
    throw new DatasetError(
      `There is not enough memory for ${path}: ${megabytes} MB are needed. Close other tabs or apps, then try again.`,
    );
  }
}

function checkHeader(header: Uint8Array, path: string, dimensions: readonly number[]): void {
  const [zero, alsoZero, type, rank] = header;
  if (zero !== 0 || alsoZero !== 0 || type !== UNSIGNED_BYTE || rank !== dimensions.length) {
    const came = [...header.subarray(0, 4)].join(' ');
    throw new DatasetError(
      `${path} does not start as expected: IDX bytes with ${dimensions.length} dimensions start with ` +
        `0 0 ${UNSIGNED_BYTE} ${dimensions.length}, got ${came}. ${ADVICE}`,
    );
  }
  const view = new DataView(header.buffer);
  const found = dimensions.map((_, i) => view.getUint32(4 + 4 * i));
  if (found.some((n, i) => n !== dimensions[i])) {
    throw new DatasetError(
      `${path} holds ${found.join('×')} values; expected ${dimensions.join('×')}. ${ADVICE}`,
    );
  }
}

/** Refuses labels that name no class. @throws DatasetError which names the first one. */
export function checkLabels(labels: Uint8Array, classes: number, path: string): void {
  const at = labels.findIndex((label) => label >= classes);
  if (at >= 0) {
    throw new DatasetError(
      `${path} is damaged: labels run from 0 to ${classes - 1}, number ${at + 1} is ${labels[at]}. ${ADVICE}`,
    );
  }
}

function format(count: number): string {
  return count.toLocaleString('en-US');
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
