/** The linter. What stands here beyond the recommended rules is a rule of this project; scripts/layering.mjs has the layers. */
import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { layering } from './scripts/layering.mjs';

const nodeGlobals = [
  'process',
  'console',
  'fetch',
  'Response',
  'performance',
  'Buffer',
  'setTimeout',
  'clearTimeout',
  'URL',
  'AbortSignal',
];

export default defineConfig(
  globalIgnores([
    'dist',
    'public',
    'src/coreml/generated',
    'test-results',
    'playwright-report',
    'e2e/screenshots',
  ]),
  { linterOptions: { noInlineConfig: true } },
  js.configs.recommended,
  {
    rules: {
      eqeqeq: 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportAllDeclaration', message: 'Name what is exported: a reader must see it here.' },
        { selector: 'ExportDefaultDeclaration', message: 'Give it a name: a default export has none.' },
        {
          selector: 'CallExpression[callee.name=/^(test|it|describe)$/] > FunctionExpression',
          message: 'Use an arrow function.',
        },
        {
          selector:
            'CallExpression[callee.object.name=/^(test|it|describe)$/][callee.property.name=/^(skip|only|todo|fixme)$/]',
          message: 'Every test runs, or is not there.',
        },
      ],
    },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { layering },
    rules: {
      'layering/imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Brackets say that the key may be missing.
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      // Definitions and stores are plain objects: their methods use no `this`.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // Vitest's matchers are typed `any`, and a test double may do nothing.
    files: ['**/*.test.ts', '**/testing/**'],
    rules: {
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  { files: ['src/ui/**/*.{ts,tsx}'], extends: [reactHooks.configs.flat['recommended-latest']] },
  { files: ['*.config.{js,ts}'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: Object.fromEntries(nodeGlobals.map((name) => [name, 'readonly'])) },
  },
);
