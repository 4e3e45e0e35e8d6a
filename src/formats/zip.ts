/**
 * Packs files into a zip archive, stored as they are: what is large in them is compressed already. Every file's size stands
 * in front of it, not after it as a stream would have it: Apple's Archive Utility has refused archives of that kind
 * (github.com/gildas-lormeau/zip.js/issues/274).
 */
import { zipSync, type Zippable } from 'fflate';

/** Plain files that their owner may write, and everyone may read: in the upper half, as Unix has it. */
const UNIX = { os: 3, attrs: (0o100644 << 16) >>> 0 } as const;

export interface ZipEntry {
  /** With forward slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** @throws the signal's reason where it is aborted. */
export async function zipOf(entries: readonly ZipEntry[], signal?: AbortSignal): Promise<Uint8Array> {
  // The page shows first what it has to say before this.
  await new Promise((resolve) => setTimeout(resolve));
  signal?.throwIfAborted();
  const files: Zippable = Object.fromEntries(entries.map(({ path, bytes }) => [path, bytes]));
  return zipSync(files, { level: 0, ...UNIX });
}
