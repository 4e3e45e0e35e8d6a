/** Holds the house rules that a machine can see: what may import what, how long a file is, what the lock file names. */
import { ESLint, Linter } from 'eslint';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import tseslint from 'typescript-eslint';
import { beforeAll, describe, expect, test } from 'vitest';
import { folders, layering } from '../scripts/layering.mjs';

const root = join(import.meta.dirname, '..');

/** Lints one line as if it stood in that file, with the import rule as the project's own configuration sets it. */
function messagesFor(file: string, code: string): string[] {
  const config = {
    files: ['**/*.{ts,tsx}'],
    languageOptions: { parser: tseslint.parser },
    plugins: { layering: layering as unknown as ESLint.Plugin },
    rules: { 'layering/imports': 'error' },
  } satisfies Linter.Config;
  return new Linter({ cwd: root }).verify(code, [config], join(root, file)).map(({ message }) => message);
}

const accepted: [file: string, code: string][] = [
  ['src/network/compile.ts', "import { layerOf } from '../layers';"],
  ['src/network/compile.ts', "import { a } from './network';"],
  ['src/ui/canvas/Canvas.tsx', "import { ReactFlow } from '@xyflow/react';"],
  ['src/ui/canvas/Canvas.tsx', "import { compile } from '../../network/compile';"],
  ['src/main.tsx', "import { App } from './ui/App';"],
  ['src/main.tsx', "import { createRoot } from 'react-dom/client';"],
  ['src/layers/dense.ts', "import type { SymbolicTensor } from '@tensorflow/tfjs-layers';"],
  ['src/layers/dense.ts', "import { type SymbolicTensor } from '@tensorflow/tfjs-layers';"],
  ['src/layers/dense.ts', "type Tf = typeof import('@tensorflow/tfjs-core');"],
  ['src/layers/contract.test.ts', "import * as tf from '@tensorflow/tfjs-core';"],
  ['src/engine/tensorflow.ts', "const tf = await import('@tensorflow/tfjs-core');"],
  ['src/network/layout.ts', "import dagre from '@dagrejs/dagre';"],
  ['src/formats/coreml.proof.test.ts', "import { readModel } from '../../e2e/reference';"],
  ['e2e/export.spec.ts', "import { readModel } from './reference';"],
  ['e2e/reference/rules.test.ts', "import { coreml } from './model';"],
];

const refused: [file: string, code: string, reason: string][] = [
  ['src/core/shape.ts', "import { layerOf } from '../layers';", 'src/layers is not one of them'],
  [
    'src/layers/dense.ts',
    "import type { Network } from '../network/network';",
    'src/network is not one of them',
  ],
  [
    'src/engine/kernels/dense.ts',
    "import { client } from '../../training/client';",
    'src/training is not one',
  ],
  ['src/training/loop.ts', "const ui = await import('../ui/App');", 'src/ui is not one of them'],
  ['src/network/edit.ts', "export { compile } from '../engine/engine';", 'src/engine is not one of them'],
  ['src/network/edit.ts', "export * from '../engine/engine';", 'src/engine is not one of them'],
  [
    'src/network/edit.ts',
    "new Worker(new URL('../training/worker.ts', import.meta.url));",
    'src/training is not one of them',
  ],
  ['src/network/edit.ts', "type Run = import('../state/run').Run;", 'src/state is not one of them'],
  ['src/helpers/text.ts', "import { a } from '../core/shape';", 'src/helpers is no folder of the house'],
  ['src/layers/dense.ts', "import { Tensor } from '@tensorflow/tfjs-core';", 'belongs to src/engine'],
  ['src/layers/dense.ts', "const tf = await import('@tensorflow/tfjs-core');", 'belongs to src/engine'],
  ['src/training/loop.ts', "import type { Tensor } from '@tensorflow/tfjs-core';", 'belongs to src/engine'],
  ['src/ui/Palette.tsx', "import { ReactFlow } from '@xyflow/react';", 'belongs to src/ui/canvas'],
  ['src/state/editor.ts', "import { useState } from 'react';", 'belongs to src/ui and src/main.tsx'],
  ['src/formats/coreml.ts', "import protobuf from 'protobufjs/minimal.js';", 'belongs to src/coreml'],
  ['src/network/edit.ts', "import dagre from '@dagrejs/dagre';", 'belongs to src/network/layout.ts'],
  ['src/ui/export/Dialog.tsx', "import { zip } from 'fflate';", 'belongs to src/formats/zip.ts'],
  ['src/state/run.ts', "import { openDB } from 'idb';", 'belongs to src/project and src/training'],
  ['src/ui/Chart.tsx', "import uPlot from 'uplot';", 'belongs to src/ui/lab'],
  ['src/coreml/codec.ts', "import { readModel } from '../../e2e/reference';", 'lies outside src'],
  [
    'e2e/reference/model.ts',
    "import { decode } from '../../src/coreml/codec';",
    'imports nothing from outside',
  ],
  ['e2e/reference/model.ts', "import protobuf from 'protobufjs';", 'belongs to src/coreml'],
];

describe('the import rule', () => {
  test.each(accepted)('accepts in %s: %s', (file, code) => {
    expect(messagesFor(file, code)).toEqual([]);
  });

  test.each(refused)('refuses in %s: %s', (file, code, reason) => {
    expect(messagesFor(file, code)).toEqual([expect.stringContaining(reason)]);
  });

  test('is an error in every folder of the house, in tests and in the reference', async () => {
    const eslint = new ESLint({ cwd: root });
    const files = [...folders.map((folder) => `src/${folder}/any.ts`), 'src/ui/any.tsx', 'src/main.tsx'];
    for (const file of [...files, 'src/core/any.test.ts', 'e2e/any.spec.ts', 'e2e/reference/any.ts']) {
      const config = (await eslint.calculateConfigForFile(join(root, file))) as Linter.Config;
      expect([file, config.rules?.['layering/imports']]).toEqual([file, [2]]);
    }
  });
});

describe('the tree', () => {
  let files: string[];
  beforeAll(() => {
    files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(
      (path) => /\.(ts|tsx|css)$/.test(path) && !path.startsWith(join('coreml', 'generated')),
    );
  });

  test('has no file past 300 lines under src', () => {
    expect(files.length).toBeGreaterThan(50);
    const long = files.filter(
      (path) => readFileSync(join(root, 'src', path), 'utf8').split('\n').length > 301,
    );
    expect(long).toEqual([]);
  });

  test('has under src only the folders of the house', () => {
    const present = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    expect(present.map(({ name }) => name).filter((name) => !folders.includes(name))).toEqual([]);
  });

  test('has a lock file that says no address to download from', () => {
    const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { resolved?: string }>;
    };
    const packages = Object.entries(lock.packages);
    expect(packages.length).toBeGreaterThan(100);
    expect(packages.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });
});
