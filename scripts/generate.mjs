/**
 * Makes src/coreml/generated/ from proto/: static encoders with their types, which need no `eval` and of protobufjs only
 * its minimal part, and the messages as data, by which `src/coreml/decode.ts` reads. Does nothing where the outputs are
 * newer than all that they are made from.
 */
import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pbjs from 'protobufjs-cli/pbjs.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const protos = path.join(root, 'proto');
const folder = path.join(root, 'src/coreml/generated');
const outputs = ['coreml.js', 'coreml.d.ts', 'schema.json'].map((name) => path.join(folder, name));

/** When each file was last written, in milliseconds; 0 for one that is not there. */
const times = (files) =>
  Promise.all(
    files.map((file) =>
      stat(file).then(
        (s) => s.mtimeMs,
        () => 0,
      ),
    ),
  );

const sources = (await readdir(protos))
  .filter((name) => name.endsWith('.proto'))
  .map((name) => path.join(protos, name));
const inputs = [...sources, fileURLToPath(import.meta.url), path.join(root, 'package-lock.json')];

if (Math.max(...(await times(inputs))) > Math.min(...(await times(outputs)))) {
  await mkdir(folder, { recursive: true });
  // Written beside its place and renamed, so that two builds at once never read half a file.
  const unfinished = path.join(folder, `coreml.${process.pid}`);
  const run = (...args) =>
    new Promise((resolve, reject) => {
      pbjs.main([...args, '--keep-case', '--path', protos, path.join(protos, 'Model.proto')], (error) =>
        error ? reject(error) : resolve(),
      );
    });
  await run(
    // prettier-ignore
    ...[
      '--target', 'static-module', '--wrap', 'esm', '--es6', '--dts', '--force-number', '--no-create', '--no-decode',
      '--no-verify', '--no-convert', '--no-delimited', '--no-typeurl', '--no-service', '--out', `${unfinished}.js`,
    ],
  );
  await run('--target', 'json', '--out', `${unfinished}.json`);
  await rename(`${unfinished}.d.ts`, outputs[1]);
  await rename(`${unfinished}.json`, outputs[2]);
  await rename(`${unfinished}.js`, outputs[0]);
}
