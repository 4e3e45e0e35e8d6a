/** MNIST as the app gets it: prepared by the build's script, read by the loader, checked against known facts. */
import { execFileSync } from 'node:child_process';
import { createReadStream, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LoadedDataset, LoadProgress } from './defineDataset';
import { datasetOf, datasets } from './index';
import { mnist } from './mnist';

const assetFile = (path: string): URL => new URL(`../../public/${path}`, import.meta.url);

function fetchAsset(path: string): Promise<Response> {
  const stream = Readable.toWeb(createReadStream(assetFile(path))) as ReadableStream<Uint8Array<ArrayBuffer>>;
  return Promise.resolve(new Response(stream));
}

describe('MNIST', () => {
  let loaded: LoadedDataset;
  const progress: LoadProgress[] = [];

  beforeAll(async () => {
    execFileSync(process.execPath, [new URL('../../scripts/prepare-mnist.mjs', import.meta.url).pathname]);
    loaded = await mnist.load(fetchAsset, (p) => progress.push(p));
  }, 120_000);

  it('has all 60,000 training and 10,000 test images as bytes', () => {
    expect(loaded.train.images.byteLength).toBe(60_000 * 784);
    expect(loaded.test.images.byteLength).toBe(10_000 * 784);
    expect(loaded.train.labels.byteLength).toBe(60_000);
    expect(loaded.test.labels.byteLength).toBe(10_000);
    expect(loaded.train.images.buffer.byteLength).toBe(60_000 * 784);
  });

  it('starts with the digits that everybody knows', () => {
    expect([...loaded.train.labels.subarray(0, 5)]).toEqual([5, 0, 4, 1, 9]);
    expect([...loaded.test.labels.subarray(0, 5)]).toEqual([7, 2, 1, 0, 4]);
  });

  it('has the known number of images of every class', () => {
    const counts = (labels: Uint8Array): number[] => {
      const found = new Array<number>(10).fill(0);
      for (const label of labels) found[label] = (found[label] ?? 0) + 1;
      return found;
    };
    expect(counts(loaded.train.labels)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    expect(counts(loaded.test.labels)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
  });

  it('has the known mean brightness of 0.1307', () => {
    let sum = 0;
    for (const byte of loaded.train.images) sum += byte;
    expect((sum * loaded.train.scale) / loaded.train.images.length).toBeCloseTo(0.1307, 4);
  });

  it('counts the examples upwards, often, to 70,000', () => {
    expect(progress.length).toBeGreaterThan(100);
    expect(progress.every((p, i) => p.total === 70_000 && p.loaded >= (progress[i - 1]?.loaded ?? 0))).toBe(
      true,
    );
    expect(progress.at(-1)).toEqual({ loaded: 70_000, total: 70_000 });
  });

  it('states about as many bytes as travel', () => {
    const names = ['train-images.idx3', 'train-labels.idx1', 'test-images.idx3', 'test-labels.idx1'];
    const bytes = names.reduce((sum, n) => sum + statSync(assetFile(`datasets/mnist/${n}.bin`)).size, 0);
    // Other versions of zlib may find slightly other codes.
    expect(Math.abs(mnist.downloadBytes / bytes - 1)).toBeLessThan(0.01);
  });

  it('stops loading where it is told to', async () => {
    const abort = new AbortController();
    const loading = mnist.load(fetchAsset, () => abort.abort(), abort.signal);
    await expect(loading).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('the list of data sets', () => {
  it('finds each by its id and knows no others', () => {
    for (const dataset of datasets) expect(datasetOf(dataset.id)).toBe(dataset);
    expect(new Set(datasets.map((d) => d.id)).size).toBe(datasets.length);
    expect(datasetOf('elsewhere')).toBeUndefined();
  });

  it('gives every class a label and every image a size', () => {
    for (const dataset of datasets) {
      expect(dataset.classLabels.length).toBeGreaterThan(1);
      expect(dataset.shape.every((n) => n > 0)).toBe(true);
    }
  });
});
