/**
 * Time and memory that Core ML files take to write and to read: LeNet, and a LeNet so wide that its file has 50 MB. Each
 * case runs in a process of its own: the time is the median of five runs after a first one, the memory the most by
 * which the process grew in that first run.
 *
 *     npm run bench:coreml [-- --json FILE]
 */
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { withSources } from './sources.mjs';

const RUNS = 5;
const megabytes = (bytes) => Math.round(bytes / 1e5) / 10;

/** Units of LeNet's hidden layer by the name of the network. */
const networks = { LeNet: 500, 'LeNet of 50 MB': 10_740 };
const tasks = ['write', 'read'];

/** Everything that a file is written from. */
async function sourceOf(load, units) {
  const { templates } = await load('/src/network/templates/index.ts');
  const { setParams } = await load('/src/network/setParams.ts');
  const { analyze } = await load('/src/network/analyze.ts');
  const { initialWeights } = await load('/src/network/weights.ts');
  const { defaultTrainingSettings } = await load('/src/training/settings.ts');
  const { defaultCoreMLSettings } = await load('/src/project/coremlSettings.ts');
  const { datasetOf } = await load('/src/datasets/index.ts');
  const template = templates.find(({ id }) => id === 'lenet');
  const drawn = template.build();
  const hidden = drawn.nodes.find(({ name }) => name === 'dense');
  const settings = { ...defaultTrainingSettings, ...template.settings };
  const dataset = datasetOf('mnist');
  const task = { inputShape: dataset.shape, classes: 10, loss: settings.loss, datasetLabel: dataset.label };
  const network = analyze(setParams(drawn, hidden.id, { units }), task).compiled;
  const weights = initialWeights(network, 1);
  return { name: 'Benchmark', network, weights, settings, dataset, coreml: defaultCoreMLSettings };
}

/** One case: seconds of each run, bytes of the file, and bytes by which the process grew. */
async function measure(load, name, task) {
  const source = await sourceOf(load, networks[name]);
  const { modelOf } = await load('/src/formats/coreml.ts');
  const { encodeModel } = await load('/src/coreml/codec.ts');
  const { openBytes } = await load('/src/formats/coreml/read/index.ts');
  const write = () => encodeModel(modelOf(source));
  let file;
  if (task === 'read') file = write();
  globalThis.gc();
  const before = process.memoryUsage.rss();
  const most = () => process.resourceUsage().maxRSS * 1024;
  const mostBefore = most();
  const seconds = [];
  let grown = 0;
  for (let run = 0; run <= RUNS; run++) {
    const start = performance.now();
    if (task === 'write') file = write();
    else openBytes(file, 'model').read(new Set());
    if (run > 0) seconds.push((performance.now() - start) / 1000);
    else grown = Math.max(0, (most() > mostBefore ? most() : process.memoryUsage.rss()) - before);
  }
  return { seconds, file: file.length, grown };
}

const { values } = parseArgs({
  options: { json: { type: 'string' }, network: { type: 'string' }, task: { type: 'string' } },
});

if (values.network) {
  const measured = await withSources((load) => measure(load, values.network, values.task));
  process.stdout.write(JSON.stringify(measured));
} else {
  const rows = Object.keys(networks).flatMap((network) =>
    tasks.map((task) => {
      const args = ['--expose-gc', fileURLToPath(import.meta.url), '--network', network, '--task', task];
      const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
      if (status !== 0) throw new Error(`${task} ${network} failed:\n${stderr}`);
      const { seconds, file, grown } = JSON.parse(stdout);
      const median = seconds.sort((a, b) => a - b)[Math.floor(seconds.length / 2)];
      return { task, network, milliseconds: Math.round(median * 1000), file, grown };
    }),
  );
  console.log('| task | network | file MB | milliseconds | memory MB |\n|---|---|--:|--:|--:|');
  for (const { task, network, milliseconds, file, grown } of rows)
    console.log(`| ${task} | ${network} | ${megabytes(file)} | ${milliseconds} | ${megabytes(grown)} |`);
  if (values.json) await writeFile(values.json, `${JSON.stringify(rows, null, 2)}\n`);
}
