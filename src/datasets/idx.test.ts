/** What the loader says about files that are missing, damaged, too short, too long, or something else. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../core/random';
import { DatasetError } from './defineDataset';
import { checkLabels, loadIdx } from './idx';

const expected = { path: 'datasets/made/images.bin', what: 'images', dimensions: [500, 3, 2] };

function header(...dimensions: number[]): number[] {
  return [
    0,
    0,
    8,
    dimensions.length,
    ...dimensions.flatMap((n) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]),
  ];
}

/** Bytes that do not compress to nothing. */
function values(count: number): number[] {
  const random = createRandom(7);
  return Array.from({ length: count }, () => Math.floor(random.next() * 256));
}

const good = Uint8Array.from(gzipSync(Uint8Array.from([...header(500, 3, 2), ...values(3000)])));

function answer(bytes: Uint8Array, chunk = 700): Response {
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + chunk));
      at += chunk;
    },
  });
  return new Response(body);
}

function load(response: Response | Error, signal?: AbortSignal): Promise<Uint8Array> {
  const fetchAsset = (): Promise<Response> =>
    response instanceof Error ? Promise.reject(response) : Promise.resolve(response);
  return loadIdx(fetchAsset, expected, () => undefined, signal);
}

async function messageOf(loading: Promise<unknown>): Promise<string> {
  const error: unknown = await loading.catch((e: unknown) => e);
  expect(error).toBeInstanceOf(DatasetError);
  return (error as DatasetError).message;
}

describe('loading an IDX file', () => {
  it.each([1, 7, 700, 100_000])(
    'gives the values whatever the size of the chunks (%d bytes)',
    async (chunk) => {
      const loaded = await load(answer(good, chunk));
      expect([...loaded]).toEqual(values(3000));
    },
  );

  it('says when a file is cut short', async () => {
    const message = await messageOf(load(answer(good.subarray(0, good.length - 900))));
    expect(message).toMatch(/cut short.*500 images.*came.*try again/);
  });

  it('says when a file ends between two examples', async () => {
    const short = gzipSync(Uint8Array.from([...header(500, 3, 2), ...values(2400)]));
    expect(await messageOf(load(answer(short)))).toContain('cut short: expected 500 images, got 400.');
  });

  it('says when nothing comes at all', async () => {
    expect(await messageOf(load(answer(new Uint8Array(0))))).toMatch(/nothing came|got 0/);
  });

  it('notices a single changed byte', async () => {
    const damaged = good.slice();
    damaged[1500]! ^= 0x10;
    expect(await messageOf(load(answer(damaged)))).toMatch(/damaged.*try again/);
  });

  it('says when more comes than was expected', async () => {
    const long = gzipSync(Uint8Array.from([...header(500, 3, 2), ...values(3006)]));
    expect(await messageOf(load(answer(long)))).toContain('too long: expected 500 images');
  });

  it('says when the file is of other dimensions', async () => {
    const other = gzipSync(Uint8Array.from([...header(600, 3, 2), ...values(3600)]));
    expect(await messageOf(load(answer(other)))).toContain('holds 600×3×2 values; expected 500×3×2');
  });

  it('says when the file is no IDX file of bytes', async () => {
    const floats = gzipSync(Uint8Array.from([0, 0, 13, 3, ...values(4000)]));
    expect(await messageOf(load(answer(floats)))).toContain('start with 0 0 8 3, got 0 0 13 3');
  });

  it('says when the file is missing', async () => {
    const message = await messageOf(load(new Response('Not found', { status: 404 })));
    expect(message).toContain('expected the file, got status 404');
  });

  it('recognises a web page that a server gives in place of the file', async () => {
    const page = new Response('<!doctype html><title>Layerpad</title>', {
      headers: { 'Content-Type': 'text/html; charset=utf-8' },
    });
    expect(await messageOf(load(page))).toContain('got a web page');
  });

  it('shows the start of something else that comes as a file', async () => {
    const text = answer(new TextEncoder().encode('version https://git-lfs'));
    expect(await messageOf(load(text))).toContain('"version https://…" came');
  });

  it('says when the network fails', async () => {
    expect(await messageOf(load(new TypeError('Failed to fetch')))).toMatch(
      /could not be fetched.*Failed to fetch.*online/,
    );
  });

  it('ends at once where it is aborted before any answer has come', async () => {
    const abort = new AbortController();
    const silent = (_path: string, signal?: AbortSignal): Promise<Response> =>
      new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));
    const loading = loadIdx(silent, expected, () => undefined, abort.signal);
    abort.abort();
    await expect(loading).rejects.toBe(abort.signal.reason);
  });

  it('does not begin where it was aborted before', async () => {
    await expect(load(answer(good), AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('the check of labels', () => {
  it('accepts the classes that there are', () => {
    expect(() => checkLabels(Uint8Array.of(0, 9, 3), 10, 'labels.bin')).not.toThrow();
  });

  it('names the first label that is out of range', () => {
    expect(() => checkLabels(Uint8Array.of(0, 9, 10, 200), 10, 'labels.bin')).toThrow(
      'labels.bin is damaged: labels run from 0 to 9, number 3 is 10.',
    );
  });
});
