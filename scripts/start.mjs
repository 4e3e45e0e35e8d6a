/**
 * `npm start`: installs what is missing, prepares the data, builds the app and serves it. Plain Node until the
 * installation is done, so that it works straight after `git clone`. Options: `--https` serves the whole network with a
 * certificate of its own, for an iPad; `--port 4173`.
 */
import { spawnSync } from 'node:child_process';
import { hostname, networkInterfaces } from 'node:os';
import { parseArgs } from 'node:util';
import { selfSignedCertificate } from './certificate.mjs';
import { ensureInstalled, root } from './install.mjs';

function readOptions() {
  const { values } = parseArgs({
    options: { https: { type: 'boolean', default: false }, port: { type: 'string', default: '4173' } },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new Error(`--port takes a whole number from 1 to 65535; got ${values.port}.`);
  return { https: values.https, port };
}

/** What every other device of the network may call this one. */
function networkHosts() {
  const addresses = Object.values(networkInterfaces())
    .flat()
    .filter((address) => address?.family === 'IPv4' && !address.internal)
    .map((address) => address.address);
  const name = hostname();
  return ['localhost', '127.0.0.1', name, ...(name.includes('.') ? [] : [`${name}.local`]), ...addresses];
}

function build() {
  const { status } = spawnSync('npm', ['run', 'build'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error('The build failed; its output is above.');
}

async function serve({ https, port }) {
  const { preview } = await import('vite');
  const server = await preview({
    root,
    preview: {
      port,
      strictPort: true,
      ...(https ? { host: true, allowedHosts: true, https: selfSignedCertificate(networkHosts()) } : {}),
    },
  });
  console.log('\nLayerpad is served. Ctrl+C ends it.');
  server.printUrls();
  if (https)
    console.log('  The browser warns once that nobody vouches for this certificate: it was made just now.');
}

try {
  const options = readOptions();
  ensureInstalled();
  build();
  await serve(options);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
