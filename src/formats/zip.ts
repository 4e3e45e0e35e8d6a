/**
 * Packs files into a zip archive, stored as they are: what is large in them is compressed already. Works in small steps,
 * so that the page stays alive.
 */
import { Zip, ZipPassThrough } from 'fflate';

export interface ZipEntry {
  /** With forward slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Bytes that are packed before the page may do something else. */
const STEP = 1 << 22;

/** @throws the signal's reason where it is aborted. */
export async function zipOf(entries: readonly ZipEntry[], signal?: AbortSignal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    chunks.push(chunk);
  });
  for (const { path, bytes } of entries) {
    const file = new ZipPassThrough(path);
    zip.add(file);
    for (let at = 0; at < bytes.length; at += STEP) {
      file.push(bytes.subarray(at, at + STEP));
      await new Promise((resolve) => setTimeout(resolve));
      signal?.throwIfAborted();
    }
    file.push(new Uint8Array(), true);
  }
  zip.end();
  return joined(chunks);
}

/** The bytes of all parts, one after the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
