/** What `npm run bench` can be told. */
import { parseArgs } from 'node:util';

export const networks = ['lenet', 'mlp', 'residual', 'colour'];

export const usage = `Trains the same networks on every engine there is, and prints how fast and at what cost.

npm run bench -- [options]

  --json FILE       writes the results to FILE, too: one object per network and engine
  --networks LIST   of ${networks.join(', ')}; all of them without it
  --engines LIST    names or beginnings of names, such as wasm,tfjs-webgl,pytorch; all of them without it
  --threads LIST    numbers of threads for the engines that can be told, such as 1,2; from one to all cores without it
  --rounds N        how often each is measured, in turns; the median counts (3)
  --seconds N       how long each is timed in a round, at least (2)
  --limit N         seconds that a step may take, about; slower engines are left out (30)
  --gpu             WebGL and WebGPU on this machine's graphics processor, not on emulated ones
  --help            this text

Nothing else should run meanwhile.`;

const flags = {
  json: { type: 'string' },
  networks: { type: 'string' },
  engines: { type: 'string' },
  threads: { type: 'string' },
  rounds: { type: 'string', default: '3' },
  seconds: { type: 'string', default: '2' },
  limit: { type: 'string', default: '30' },
  gpu: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
};

/** From one thread to all, by doubling. */
export function threadCounts(cores) {
  const counts = [];
  for (let count = 1; count < cores; count *= 2) counts.push(count);
  return [...counts, cores];
}

/**
 * @param {string[]} args as the shell gives them.
 * @param {number} cores of this machine.
 * @throws Error with a sentence where something cannot be understood.
 */
export function parseOptions(args, cores) {
  const { values } = parseArgs({ args, options: flags });
  const chosen = list(values.networks) ?? networks;
  const unknown = chosen.find((name) => !networks.includes(name));
  if (unknown !== undefined)
    throw new Error(`There is no network ${unknown}; there are ${networks.join(', ')}.`);
  const threads = list(values.threads)?.map((text) => number('threads', text)) ?? threadCounts(cores);
  return {
    help: values.help,
    gpu: values.gpu,
    json: values.json,
    networks: chosen,
    engines: list(values.engines),
    threads: [...new Set(threads)].sort((a, b) => a - b),
    rounds: number('rounds', values.rounds),
    seconds: number('seconds', values.seconds, false),
    limit: number('limit', values.limit, false),
  };
}

const list = (text) => text?.split(',').filter(Boolean);

function number(name, text, whole = true) {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value) && (!whole || Number.isInteger(value))) return value;
  throw new Error(`--${name} takes ${whole ? 'whole numbers' : 'numbers'} above 0; ${text} came.`);
}

/** Whether `--engines` asks for the row of this id. */
export function isChosen(id, engines) {
  return engines === undefined || engines.some((name) => id === name || id.startsWith(`${name}-`));
}
