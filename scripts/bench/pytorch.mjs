/**
 * Runs scripts/bench/pytorch.py, the native reference, where the system's Python has PyTorch (Debian's python3-torch).
 */
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const script = fileURLToPath(new URL('./pytorch.py', import.meta.url));
const pythons = ['/usr/bin/python3', 'python3'];

/** What would make OpenBLAS choose other kernels than it does by itself. */
const unset = { OPENBLAS_CORETYPE: undefined, OPENBLAS_L2_SIZE: undefined };
/** As fast as it is without AVX-512: WebAssembly's vectors have 128 bits, and so has much of the hardware it runs on. */
const avx2 = { ...unset, ONEDNN_MAX_CPU_ISA: 'AVX2', OPENBLAS_CORETYPE: 'Haswell' };

function findPython() {
  return pythons.find((python) => {
    try {
      execFileSync(python, ['-c', 'import torch'], { stdio: 'ignore', timeout: 60_000 });
      return true;
    } catch {
      return false;
    }
  });
}

function hasAvx512() {
  try {
    return /\bavx512f\b/.test(readFileSync('/proc/cpuinfo', 'utf8'));
  } catch {
    return false;
  }
}

/** One for each number of threads, twice where the processor has AVX-512; none where there is no PyTorch. */
export function pytorchRows(threads) {
  const python = findPython();
  if (!python) return [];
  const row = (count, name, engine, env) => ({ id: `${name}-${count}`, engine, threads: count, python, env });
  return [
    ...threads.map((count) => row(count, 'pytorch', 'PyTorch', unset)),
    ...(hasAvx512() ? threads.map((count) => row(count, 'pytorch-avx2', 'PyTorch, AVX2', avx2)) : []),
  ];
}

async function runScript(row, timeout, ...args) {
  const env = { ...process.env, ...row.env, OMP_NUM_THREADS: String(row.threads) };
  try {
    const { stdout } = await promisify(execFile)(row.python, [script, ...args], { env, timeout });
    return JSON.parse(stdout.trim().split('\n').at(-1));
  } catch (error) {
    return { error: error.stderr?.trim().split('\n').at(-1) || error.message };
  }
}

/** @returns what the script prints, or `{ error }`. */
export function visitPytorch(row, inputs, { network, seconds, limit }) {
  const told = ['--threads', String(row.threads), '--seconds', String(seconds)];
  return runScript(row, 1000 * (20 * limit), inputs, network, ...told);
}

/** The losses of the first steps in double precision; undefined where it cannot be run. */
export async function exactLosses(row, inputs, network) {
  const { losses } = await runScript(
    row,
    600_000,
    inputs,
    network,
    '--double',
    '--threads',
    String(row.threads),
  );
  return losses;
}
