/**
 * Makes src/coreml/generated/ from proto/: static encoders and decoders with their types, which need no `eval` and of
 * protobufjs only its minimal part. Does nothing where the outputs are newer than all that they are made from.
 */
import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pbjs from 'protobufjs-cli/pbjs.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const protos = path.join(root, 'proto');
const folder = path.join(root, 'src/coreml/generated');
const outputs = ['coreml.js', 'coreml.d.ts'].map((name) => path.join(folder, name));

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
  await new Promise((resolve, reject) => {
    pbjs.main(
      // prettier-ignore
      [
        '--target', 'static-module', '--wrap', 'esm', '--es6', '--dts', '--keep-case', '--force-number',
        '--no-create', '--no-verify', '--no-convert', '--no-delimited', '--no-typeurl', '--no-service',
        '--path', protos, '--out', `${unfinished}.js`, path.join(protos, 'Model.proto'),
      ],
      (error) => (error ? reject(error) : resolve()),
    );
  });
  await rename(`${unfinished}.d.ts`, outputs[1]);
  await rename(`${unfinished}.js`, outputs[0]);
}
