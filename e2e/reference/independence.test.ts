/** The reference proves the exporter only as long as it shares nothing with it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const folder = import.meta.dirname;

it('imports nothing but its own files', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  );
  expect(files.length).toBeGreaterThan(20);
  for (const file of files) {
    const text = readFileSync(join(folder, file), 'utf8');
    const sources = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, source]) => source!);
    for (const source of sources) {
      const inside = join(file, '..', source);
      expect(source.startsWith('.') && !inside.startsWith('..'), `${file} imports '${source}'`).toBe(true);
    }
  }
});
