/** From what was measured to what is printed: medians, ratios, and a table as Markdown. No input or output of its own. */

/**
 * One engine on one network, as `--json` writes it. What was not measured is not there.
 * @typedef {object} Result
 * @property {string} network
 * @property {string} id
 * @property {string} engine
 * @property {number} [threads]
 * @property {string} [error] why there is nothing else.
 * @property {string} [device] what it ran on, in its own words.
 * @property {number} [parameters]
 * @property {number} [imagesPerSecond] the median of the rounds.
 * @property {number[]} [rounds] images per second of each.
 * @property {number} [stepsTimed] in all rounds.
 * @property {boolean} [cold] whether only its first step was timed, compiling included.
 * @property {number} [dispatches] of WebGPU per step, as are the next five.
 * @property {number} [submits]
 * @property {number} [passes]
 * @property {number} [buffers]
 * @property {number} [bindGroups]
 * @property {number} [queueWrites]
 * @property {number} [engineMB] WebAssembly memory and GPU buffers at their most.
 * @property {number} [memoryMB] the same, and all examples beside it.
 * @property {number} [processMB] the most that its processes held.
 * @property {number[]} [losses] of the first steps.
 * @property {number} [againstPytorch] times as fast, as are the next two.
 * @property {number} [againstPytorchAvx2]
 * @property {number} [againstTfjs]
 * @property {number} [lossDifference]
 */

/** The middle value; the mean of the two in the middle where their number is even. */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** The largest relative difference of two lists of losses, as far as both go; undefined where one is empty. */
export function lossDifference(losses, reference) {
  const count = Math.min(losses.length, reference.length);
  if (count === 0) return undefined;
  return Math.max(
    ...losses.slice(0, count).map((loss, i) => Math.abs(loss - reference[i]) / Math.abs(reference[i])),
  );
}

/**
 * One result of the rounds of one row on one network.
 * @param {{ id: string, engine: string, threads?: number }} row
 * @param {string} network
 * @param {object[]} answers of each round; those with an `error` count only where there is no other.
 * @returns {Result}
 */
export function summarize(network, row, answers) {
  const { id, engine, threads } = row;
  const good = answers.filter(({ error }) => error === undefined);
  const start = { network, id, engine, threads };
  if (good.length === 0) return { ...start, error: answers[0].error };
  const [first] = good;
  const megabytes = (bytes) => (bytes === undefined ? undefined : Math.round(bytes / 1e6));
  return {
    ...start,
    device: first.device,
    parameters: first.parameters,
    imagesPerSecond: median(good.map(({ imagesPerSecond }) => imagesPerSecond)),
    rounds: good.map(({ imagesPerSecond }) => imagesPerSecond),
    stepsTimed: good.reduce((sum, { steps }) => sum + steps, 0),
    cold: first.cold ?? false,
    ...first.calls,
    engineMB: megabytes(first.memory),
    memoryMB: megabytes(first.memory && first.memory + first.dataBytes),
    processMB: megabytes(Math.max(...good.map(({ processBytes }) => processBytes ?? NaN)) || undefined),
    losses: first.losses,
  };
}

/** PyTorch with as many threads; with the most for a row that has no number of its own. */
function pytorchFor(result, results, id) {
  const rows = results.filter((other) => other.id.startsWith(`${id}-`) && other.id.slice(id.length + 1) > 0);
  return rows.find(
    ({ threads }) => threads === (result.threads ?? Math.max(...rows.map((row) => row.threads))),
  );
}

/**
 * Adds to the results of one network how they compare.
 * @param {Result[]} results
 * @param {number[]} [exact] the losses of the first steps in double precision; without them those of the
 * first row that has any count.
 * @returns {Result[]} the same with `againstPytorch` and `againstPytorchAvx2` (PyTorch with as many threads; the most where a row
 * has no number of threads), `againstTfjs` (the faster of TensorFlow.js's wasm and webgl) and `lossDifference`.
 */
export function compare(results, exact) {
  const speed = (result) => result?.imagesPerSecond;
  const ratio = (a, b) => (a === undefined || b === undefined ? undefined : a / b);
  const tfjs = results.filter(({ id, error }) => /^tfjs-(wasm|webgl)/.test(id) && error === undefined);
  const best = tfjs.length === 0 ? undefined : Math.max(...tfjs.map(speed));
  const reference = exact ?? results.find(({ losses }) => losses)?.losses;
  return results.map((result) => ({
    ...result,
    againstPytorch: ratio(speed(result), speed(pytorchFor(result, results, 'pytorch'))),
    againstPytorchAvx2: ratio(speed(result), speed(pytorchFor(result, results, 'pytorch-avx2'))),
    againstTfjs: ratio(speed(result), best),
    lossDifference: result.losses && lossDifference(result.losses, reference),
  }));
}

/** Three digits: enough for what varies by a tenth. */
export function rounded(value) {
  if (value === undefined) return '';
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

/** Enough of a message to know it by; `--json` has all of it. */
const firstLine = (message) => message?.split('\n')[0].slice(0, 100);

const times = (value) => (value === undefined ? '' : `${rounded(value)}×`);

const columns = [
  ['engine', ({ engine }) => engine],
  ['threads', ({ threads }) => threads ?? ''],
  [
    'images/s',
    ({ imagesPerSecond, cold, error }) =>
      firstLine(error) ?? `${rounded(imagesPerSecond)}${cold ? ' (first step)' : ''}`,
  ],
  ['PyTorch', ({ againstPytorch }) => times(againstPytorch)],
  ['PyTorch AVX2', ({ againstPytorchAvx2 }) => times(againstPytorchAvx2)],
  ['tfjs', ({ againstTfjs }) => times(againstTfjs)],
  ['engine + data MB', ({ engineMB, memoryMB }) => (memoryMB ? `${engineMB} + ${memoryMB - engineMB}` : '')],
  ['process MB', ({ processMB }) => processMB ?? ''],
  ['loss', ({ losses }) => (losses ? `${losses.at(-1).toFixed(6)} (${losses.length})` : '')],
  ['off by', ({ lossDifference: off }) => (off === undefined ? '' : off.toExponential(1))],
  ['on', ({ device }) => device ?? ''],
];

const callColumns = [
  ['engine', ({ engine }) => engine],
  ['dispatches', ({ dispatches }) => rounded(dispatches)],
  ['submits', ({ submits }) => rounded(submits)],
  ['passes', ({ passes }) => rounded(passes)],
  ['buffers made', ({ buffers }) => rounded(buffers)],
  ['bind groups made', ({ bindGroups }) => rounded(bindGroups)],
  ['queue writes', ({ queueWrites }) => rounded(queueWrites)],
];

/** What the columns mean, for those who read the tables. */
export const legend = `PyTorch, tfjs: times as fast as PyTorch on as many threads, and as TensorFlow.js wasm or webgl, whichever is faster.
engine + data MB: WebAssembly memory and GPU buffers at their most, and the bytes of all examples.
process MB: the most that the page's and the GPU's processes held; of PyTorch its own.
loss: after as many steps. off by: the largest relative difference of the losses up to there from exact ones: PyTorch's in
double precision, or the first row's where there is no PyTorch.
`;

/** Markdown, with its columns aligned. Columns without a value are left out. */
function markdown(all, rows) {
  const used = all.filter(([, cell]) => rows.some((row) => cell(row) !== ''));
  const cells = [used.map(([name]) => name), ...rows.map((row) => used.map(([, cell]) => String(cell(row))))];
  const widths = used.map((_, i) => Math.max(...cells.map((line) => line[i].length)));
  const line = (texts) => `| ${texts.map((text, i) => text.padEnd(widths[i])).join(' | ')} |`;
  const [head, ...body] = cells;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)].join(
    '\n',
  );
}

/** The table of one network, its fastest row first. */
export function speedTable(results) {
  const order = (result) => result.imagesPerSecond ?? -1;
  return markdown(
    columns,
    results.toSorted((a, b) => order(b) - order(a)),
  );
}

/** What each engine on WebGPU asks of it in a step; an empty string where none ran. */
export function callTable(results) {
  const rows = results.filter(({ dispatches }) => dispatches !== undefined);
  return rows.length === 0 ? '' : markdown(callColumns, rows);
}
