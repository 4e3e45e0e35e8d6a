/**
 * Reads from the app's own sources what the benchmark shares: the rows that run in a browser, and for PyTorch the
 * weights and examples of each network, as files.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runnerImport } from 'vite';
import { root } from '../install.mjs';

/** A TypeScript module of the bench, run here. */
async function load(name) {
  const { module } = await runnerImport(join(root, 'src/engine/testing/bench', name), {
    root,
    configFile: false,
    logLevel: 'error',
  });
  return module;
}

/** @returns the rows that run in a browser, as src/engine/testing/bench/rows.ts has them. */
export async function browserRows(threads) {
  const { benchRows } = await load('rows.ts');
  return benchRows(threads).map(({ id, engine, threads: count, browser }) => ({
    id,
    engine,
    threads: count,
    browser,
  }));
}

/** Writes what scripts/bench/pytorch.py reads, and returns the folder. */
export async function writeInputs(folder, networks) {
  const { benchCase, adam, BATCH, STRIDE } = await load('data.ts');
  const asset = async (path) => new Response(await readFile(join(root, 'public', path)));
  const inputs = join(folder, 'inputs');
  await mkdir(inputs, { recursive: true });
  for (const id of networks) {
    const { network, weights, data } = await benchCase(id, asset);
    const about = {
      shape: network.inputShape,
      scale: data.scale,
      batch: BATCH,
      stride: STRIDE,
      learningRate: adam.learningRate,
      epsilon: adam.epsilon,
    };
    const arrays = network.layers.flatMap((layer) =>
      layer.weights.map(({ name }) => weights[`${layer.name}/${name}`]),
    );
    const bytes = arrays.map(({ buffer, byteOffset, byteLength }) =>
      Buffer.from(buffer, byteOffset, byteLength),
    );
    await writeFile(join(inputs, `${id}.json`), JSON.stringify(about));
    await writeFile(join(inputs, `${id}.weights`), Buffer.concat(bytes));
    await writeFile(join(inputs, `${id}.images`), data.images);
    await writeFile(join(inputs, `${id}.labels`), data.labels);
  }
  return inputs;
}
