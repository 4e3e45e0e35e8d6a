/** Archives hold the files as they were, large ones too, and packing stops where nobody waits for it. */
import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { joined, zipOf } from './zip';

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
  expect(new DataView(zip.buffer, zip.byteOffset).getUint32(18, true)).toBe(5);
});

test('packing stops when it is told to', async () => {
  const entry = { path: 'a', bytes: new Uint8Array(1) };
  await expect(zipOf([entry], AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
});

test('parts are joined in their order', () => {
  expect(joined([Uint8Array.of(1, 2), new Uint8Array(), Uint8Array.of(3)])).toEqual(Uint8Array.of(1, 2, 3));
});
