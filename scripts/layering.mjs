/**
 * The layers of the house, as data, and the lint rule that holds them: a folder imports only from folders to its left,
 * and each heavy library has one owner. The README says why. It looks at every way to import: static, type-only,
 * dynamic, re-export, and `new URL(…, import.meta.url)`, by which workers are started.
 */
import { dirname, relative, resolve, sep } from 'node:path';
import { root } from './install.mjs';

/** From left to right. */
export const folders = [
  'core',
  'coreml',
  'layers',
  'datasets',
  'network',
  'engine',
  'training',
  'project',
  'formats',
  'state',
  'ui',
];

/**
 * Who may import a library: paths below src, a folder or one file. `types` may import its types only; `tests` says that
 * tests everywhere may import it too.
 */
export const owners = [
  { library: '@tensorflow/', by: ['engine'], types: ['layers'], tests: true },
  { library: '@jax-js/jax', by: ['engine/testing/bench'] },
  { library: 'protobufjs', by: ['coreml'] },
  { library: '@xyflow/react', by: ['ui/canvas'] },
  { library: 'react', by: ['ui', 'main.tsx'] },
  { library: 'react-dom', by: ['ui', 'main.tsx'] },
  { library: '@base-ui/react', by: ['ui'] },
  { library: 'lucide-react', by: ['ui'] },
  { library: '@dagrejs/dagre', by: ['network/layout.ts'] },
  { library: 'fflate', by: ['formats/zip.ts'], tests: true },
  { library: 'web-tree-sitter', by: ['formats/swift/testing.ts'] },
  { library: 'idb', by: ['project', 'training'] },
  { library: 'uplot', by: ['ui/lab'] },
  { library: 'zustand', by: ['state', 'ui'] },
];

const isBelow = (path, place) => path === place || path.startsWith(`${place}/`);
const isOf = (source, library) =>
  library.endsWith('/') ? source.startsWith(library) : isBelow(source, library);
const isTest = (path) => path.startsWith('e2e/') || /\.test\.tsx?$/.test(path);
const slashes = (path) => path.split(sep).join('/');

/**
 * Judges one import.
 * @param {string} file the importing file, relative to the repository, with forward slashes.
 * @param {string} source what it imports, as written.
 * @param {boolean} typeOnly whether the import leaves nothing behind when types are erased.
 * @returns {string | undefined} a sentence that says what is wrong, or undefined.
 */
export function judgeImport(file, source, typeOnly) {
  if (source.startsWith('.'))
    return judgeFolders(file, slashes(relative(root, resolve(root, dirname(file), source))));
  const rule = owners.find(({ library }) => isOf(source, library));
  if (!rule || (rule.tests && isTest(file))) return undefined;
  const path = file.replace(/^src\//, '');
  const places = typeOnly ? [...rule.by, ...(rule.types ?? [])] : rule.by;
  if (file.startsWith('src/') && places.some((place) => isBelow(path, place))) return undefined;
  return `${source} belongs to ${rule.by.map((place) => `src/${place}`).join(' and ')}; go through what that offers.`;
}

function judgeFolders(file, target) {
  const [top, from] = file.split('/');
  if (top === 'e2e') {
    if (isBelow(file, 'e2e/reference') && !isBelow(target, 'e2e/reference'))
      return 'e2e/reference is written from the public rules alone: it imports nothing from outside itself.';
    return undefined;
  }
  if (top !== 'src' || !file.slice(4).includes('/')) return undefined;
  const here = folders.indexOf(from);
  if (here < 0) return `src/${from} is no folder of the house; they are ${folders.join(', ')}.`;
  const [targetTop, to] = target.split('/');
  if (targetTop !== 'src' && isTest(file)) return undefined;
  if (targetTop !== 'src') return `${target} lies outside src.`;
  const there = folders.indexOf(to);
  if (there >= 0 && there <= here) return undefined;
  const allowed = folders.slice(0, here + 1).join(', ');
  return `src/${from} may import from ${allowed}; src/${to} is not one of them.`;
}

const isTypeOnly = (node, kind, specifiers) =>
  node[kind] === 'type' ||
  (specifiers.length > 0 && specifiers.every((specifier) => specifier[kind] === 'type'));

const isUrlOfModule = ({ callee, arguments: [, base] }) =>
  callee.name === 'URL' && base?.type === 'MemberExpression' && base.object.type === 'MetaProperty';

const rule = {
  meta: { type: 'problem', schema: [], messages: { refused: '{{reason}}' } },
  create(context) {
    const file = slashes(relative(root, context.filename));
    const check = (node, source, typeOnly) => {
      if (source?.type !== 'Literal' || typeof source.value !== 'string') return;
      const reason = judgeImport(file, source.value, typeOnly);
      if (reason) context.report({ node, messageId: 'refused', data: { reason } });
    };
    return {
      ImportDeclaration: (node) => check(node, node.source, isTypeOnly(node, 'importKind', node.specifiers)),
      ExportNamedDeclaration: (node) =>
        check(node, node.source, isTypeOnly(node, 'exportKind', node.specifiers)),
      ExportAllDeclaration: (node) => check(node, node.source, node.exportKind === 'type'),
      ImportExpression: (node) => check(node, node.source, false),
      TSImportType: (node) => check(node, node.source ?? node.argument?.literal, true),
      NewExpression: (node) => isUrlOfModule(node) && check(node, node.arguments[0], false),
    };
  },
};

/** The ESLint plugin. */
export const layering = { rules: { imports: rule } };
