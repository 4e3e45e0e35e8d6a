/** Unit tests: beside the code, in Node, the same on every run. It does not inherit the app's build: no test needs it. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['src/**/*.test.ts', 'e2e/reference/**/*.test.ts', 'scripts/**/*.test.ts'],
    setupFiles: ['scripts/fixed-seed.ts'],
    maxWorkers: 2,
    testTimeout: 30_000,
    allowOnly: false,
    reporters: ['default', 'json'],
    outputFile: { json: 'test-results/unit.json' },
  },
});
