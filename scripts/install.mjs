/**
 * Installs the dependencies where they are missing or older than the lock file. Plain Node, for the commands that must
 * work straight after `git clone`. It is not a build step: it knows nothing of the app.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const oldestNode = [20, 19];

/** Throws a whole sentence where this Node is too old for the tools. */
export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  throw new Error(
    `Layerpad needs Node ${oldestNode.join('.')} or newer; this is Node ${process.versions.node}. Install a newer one from nodejs.org.`,
  );
}

/** npm writes `node_modules/.package-lock.json` when an installation is complete. */
function isInstalled() {
  const marker = join(root, 'node_modules', '.package-lock.json');
  return existsSync(marker) && statSync(marker).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

/**
 * Runs `npm ci` where it is needed.
 * @throws Error with a whole sentence where Node is too old or the installation fails.
 */
export function ensureInstalled() {
  checkNode();
  if (isInstalled()) return;
  console.log('Installing the dependencies (npm ci) …');
  const { status } = spawnSync('npm', ['ci', '--loglevel', 'notice'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0)
    throw new Error('npm ci failed; its output is above. Check the connection and try again.');
}
