/** `npm run bench`: measures every engine on every network, in turns, and prints the tables. See `--help`. */
import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { root } from '../install.mjs';
import { buildWorkerPage, serveWorkerPage } from '../workerPage.mjs';
import { visit } from './chromium.mjs';
import { engineBytes } from './codeSize.mjs';
import { browserRows, writeInputs } from './inputs.mjs';
import { isChosen, parseOptions, usage } from './options.mjs';
import { exactLosses, pytorchRows, visitPytorch } from './pytorch.mjs';
import { callTable, compare, legend, rounded, speedTable, summarize } from './table.mjs';

/** Where everything goes that the benchmark makes. */
const folder = join(root, 'test-results', 'bench');
const pageFolder = join(folder, 'page');

/** A row whose visit took longer than this many seconds is not visited again. */
const LONG = 20;

/** All rows in turns, as many rounds as are asked for, so that what else the machine does falls on all alike. */
async function measureNetwork(network, rows, options, measure) {
  const answers = new Map(rows.map((row) => [row, []]));
  const done = new Set();
  for (let round = 1; round <= options.rounds; round++)
    for (const row of rows.filter((candidate) => !done.has(candidate))) {
      const start = performance.now();
      const answer = await measure(row, {
        network,
        threads: options.threads,
        seconds: options.seconds,
        limit: options.limit,
      });
      answers.get(row).push(answer);
      const seconds = (performance.now() - start) / 1000;
      if (answer.error !== undefined || seconds > LONG) done.add(row);
      const said = answer.error ?? `${rounded(answer.imagesPerSecond)} images/s`;
      console.log(`${network}, round ${round}, ${row.id}: ${said} (${seconds.toFixed(0)} s)`);
    }
  return rows.map((row) => summarize(network, row, answers.get(row)));
}

function print(network, results) {
  console.log(
    `\n## ${network}, ${results.find(({ parameters }) => parameters)?.parameters ?? 'unknown'} parameters\n`,
  );
  console.log(speedTable(results));
  const calls = callTable(results);
  if (calls) console.log(`\nPer step:\n\n${calls}`);
}

async function main() {
  const options = parseOptions(process.argv.slice(2), availableParallelism());
  if (options.help) return console.log(usage);
  const { engines, threads } = options;
  const inBrowser = (await browserRows(threads)).filter(({ id }) => isChosen(id, engines));
  const native = pytorchRows(threads).filter(({ id }) => isChosen(id, engines));
  if (inBrowser.length + native.length === 0) throw new Error(`--engines ${engines} names no engine.`);
  const [load] = loadavg();
  if (load > 0.5)
    console.log(`Something else is running here (load ${load.toFixed(1)}): the figures will not hold.`);
  await buildWorkerPage('src/engine/testing/bench/page.ts', pageFolder);
  const inputs = native.length > 0 ? await writeInputs(folder, options.networks) : undefined;
  const server = await serveWorkerPage(pageFolder);
  const measure = (row, request) =>
    row.python ? visitPytorch(row, inputs, request) : visit(server.url, row, request, options.gpu);
  const all = [];
  try {
    for (const network of options.networks) {
      const measured = await measureNetwork(network, [...inBrowser, ...native], options, measure);
      const exact = native[0] && (await exactLosses(native[0], inputs, network));
      const results = compare(measured, exact);
      print(network, results);
      all.push(...results);
      console.log('');
    }
  } finally {
    server.close();
  }
  const bytes = await engineBytes();
  console.log(legend);
  const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores`;
  console.log(`${machine}; code of the engine, gzipped: ${rounded(bytes / 1000)} KB`);
  if (options.json)
    await writeFile(
      options.json,
      `${JSON.stringify(
        all.map((result) => ({ ...result, machine })),
        null,
        2,
      )}\n`,
    );
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
