/** Archives hold the files as they were, large ones too, and packing stops where nobody waits for it. */
import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { zipOf } from './zip';

test('files come out as they went in, with their folders, also empty and large ones', async () => {
  const large = Uint8Array.from({ length: 9_000_001 }, (_, i) => i * 7);
  const zip = await zipOf([
    { path: 'a/b.txt', bytes: new TextEncoder().encode('hello') },
    { path: 'a/empty', bytes: new Uint8Array() },
    { path: 'large', bytes: large },
  ]);
  const files = unzipSync(zip);
  expect(Object.keys(files)).toEqual(['a/b.txt', 'a/empty', 'large']);
  expect(new TextDecoder().decode(files['a/b.txt'])).toBe('hello');
  expect(files['a/empty']).toHaveLength(0);
  expect(Buffer.compare(files['large']!, large)).toBe(0);
  // Stored, not compressed: signature of a local header, then no flag, since the size stands in front, and method 0.
  expect([...zip.subarray(0, 4), ...zip.subarray(6, 10)]).toEqual([0x50, 0x4b, 3, 4, 0, 0, 0, 0]);
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  expect(view.getUint32(18, true)).toBe(5);
  // The list of files at the end, whose place its own end states: made on Unix, readable by everyone.
  const list = view.getUint32(zip.length - 6, true);
  expect(view.getUint32(list, true)).toBe(0x02014b50);
  expect(zip[list + 5]).toBe(3);
  expect(view.getUint32(list + 38, true) >>> 16).toBe(0o100644);
});

test('packing stops when it is told to', async () => {
  const entry = { path: 'a', bytes: new Uint8Array(1) };
  await expect(zipOf([entry], AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
});
