/**
 * `npm test`: gets what the tests need, runs every check, and sums up. Plain Node without dependencies, so that it works
 * straight after `git clone`. Its last line is "N passed, N failed": each static check counts as one, each unit and
 * end-to-end test as one. With `--webkit` it also runs the journey in WebKit, for which it gets Debian's packages.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ensureInstalled, root } from './install.mjs';

const results = join(root, 'test-results');
const bin = (...path) => join(root, 'node_modules', ...path);

/** Runs one Node program to its end; true where it succeeds. */
function run(args, minutes, env = {}) {
  const { status, error } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: 'inherit',
    timeout: minutes * 60_000,
    killSignal: 'SIGKILL',
    env: { ...process.env, ...env },
  });
  if (error) console.error(error.code === 'ETIMEDOUT' ? `Stopped after ${minutes} minutes.` : error.message);
  return status === 0;
}

function readReport(name) {
  const path = join(results, name);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/** What failed, a line each, so that the end of a long log says it. */
const failures = [];

function noteFailure(title, message = '') {
  const plain = stripVTControlCharacters(message).trim();
  failures.push(`${title}\n    ${plain.split('\n').slice(0, 6).join('\n    ')}`);
}

/** The tests of Playwright's report that did not pass, in suites that may hold suites. */
function noteEndToEnd(suites, path = '') {
  for (const { title, suites: inner = [], specs = [] } of suites) {
    const here = path ? `${path} › ${title}` : title;
    for (const spec of specs) {
      const results = spec.tests.flatMap((test) => test.results);
      const error = results.find(({ status }) => status !== 'passed')?.error;
      if (!spec.ok || error) noteFailure(`${here} › ${spec.title}`, error?.message);
    }
    noteEndToEnd(inner, here);
  }
}

/** A stage without counts of its own: one check that passes or fails. */
const check = (ok) => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1 });

/** A run that broke without naming a failed test is a failure all the same. */
const counted = (ok, passed, failed) => ({ passed, failed: ok ? failed : Math.max(1, failed) });

function unit() {
  const ok = run([bin('vitest', 'vitest.mjs'), 'run'], 10);
  const report = readReport('unit.json');
  if (!report) return check(false);
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  for (const { name, message, assertionResults } of report.testResults) {
    if (broken.some((file) => file.name === name)) noteFailure(name.slice(root.length), message);
    for (const { status, fullName, failureMessages } of assertionResults)
      if (status !== 'passed') noteFailure(fullName, failureMessages?.[0]);
  }
  const left = report.numTotalTests - report.numPassedTests;
  return counted(ok, report.numPassedTests, left + broken.length);
}

async function endToEnd() {
  const { getBrowser } = await import('./browser.mjs');
  const env = { CHROMIUM_PATH: getBrowser() };
  const ok = run([bin('@playwright', 'test', 'cli.js'), 'test'], 15, env);
  const report = readReport('e2e.json');
  if (!report) return check(false);
  noteEndToEnd(report.suites);
  const { expected, unexpected, flaky, skipped } = report.stats;
  return counted(ok, expected, unexpected + flaky + skipped);
}

async function webkit() {
  const { testWebKit } = await import('./test-webkit.mjs');
  return testWebKit({ install: true });
}

const stages = [
  ['generated files', () => check(run([join(root, 'scripts', 'generate.mjs')], 3))],
  ['data', () => check(run([join(root, 'scripts', 'prepare-mnist.mjs')], 5))],
  ['types', () => check(run([bin('typescript', 'bin', 'tsc'), '--noEmit', '-p', '.'], 5))],
  ['lint', () => check(run([bin('eslint', 'bin', 'eslint.js'), '--max-warnings', '0', '.'], 5))],
  [
    'format',
    () => check(run([bin('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.'], 3)),
  ],
  ['unit', unit],
  ['build', () => check(run([bin('vite', 'bin', 'vite.js'), 'build'], 5))],
  ['end to end', endToEnd],
  ...(process.argv.includes('--webkit') ? [['WebKit', webkit]] : []),
];

const total = { passed: 0, failed: 0 };
const summary = [];

async function stage(name, work) {
  console.log(`\n── ${name}`);
  const start = performance.now();
  let counts = check(false);
  try {
    counts = await work();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  }
  total.passed += counts.passed;
  total.failed += counts.failed;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  summary.push(
    `${counts.failed === 0 ? 'ok    ' : 'FAILED'} ${name}: ${counts.passed} passed, ${counts.failed} failed (${seconds} s)`,
  );
  return counts.failed === 0;
}

rmSync(results, { recursive: true, force: true });
const installed = await stage('install', () => {
  ensureInstalled();
  return { passed: 0, failed: 0 };
});
if (installed) for (const [name, work] of stages) await stage(name, work);

if (failures.length > 0) console.log(`\n── failed\n${failures.join('\n')}`);
console.log(`\n── summary\n${summary.join('\n')}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
