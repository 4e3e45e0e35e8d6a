/** The parts of a product's text: the copies to the workgroup's memory, the multiplications, and what becomes of the sums. */
import { THREADS } from './kernel';
import type { Fact, Operand, Product } from './product';
import { divided, repeat } from './text';
import { DEPTH, tileColumns, tileRows } from './tile';

/** Steps along the depth that are copied at once: all, where there are few. */
export const stepOf = ({ depth }: Pick<Product, 'depth'>): number =>
  depth.perExample ? DEPTH : Math.min(DEPTH, depth.size);

/** Where B begins in the workgroup's memory, and the rows' lengths there, in vec4f. A spare one keeps columns apart. */
export function layoutOf({ tile, a, b, depth }: Product) {
  const step = stepOf({ depth });
  const length = (floats: number, { along }: Operand): number => floats / 4 + (along === 'depth' ? 1 : 0);
  const [lengthA, lengthB] = [length(tileRows(tile), a), length(tileColumns(tile), b)];
  return { lengthA, lengthB, startB: lengthA * step, size: (lengthA + lengthB) * step };
}

/** Words of a fact, and where the facts about the columns and about the depth begin after those about the rows. */
const wordsOf = ({ type }: Fact): number => ({ u32: 1, vec2u: 2, vec3u: 3, vec4u: 4 })[type];
function factLayout({ tile, facts }: Product) {
  const startColumns = tileRows(tile) * wordsOf(facts.row);
  const startDepth = startColumns + tileColumns(tile) * wordsOf(facts.column);
  return { row: 0, column: startColumns, depth: startDepth };
}
/** Words of all facts of a workgroup. */
export const factWords = (product: Product): number =>
  factLayout(product).depth + stepOf(product) * wordsOf(product.facts.depth);

/** Reads and writes the fact number `i` of a kind. */
function factAt(product: Product, kind: keyof Product['facts'], i: string) {
  const start = factLayout(product)[kind];
  const words = wordsOf(product.facts[kind]);
  const places = Array.from({ length: words }, (_, word) => `facts[${start + word}u + (${i}) * ${words}u]`);
  return {
    read: words === 1 ? places[0]! : `vec${words}u(${places.join(', ')})`,
    write: (value: string): string =>
      words === 1
        ? `${places[0]} = ${value};`
        : `let fact = ${value}; ${places.map((place, word) => `${place} = fact[${word}];`).join(' ')}`,
  };
}

/** The facts about the depth from `start` on. */
function depthFacts(product: Product, start: string): string {
  const value = `${product.name}_depth(min(${start} + thread, depth - 1u), part)`;
  return `if (thread < ${stepOf(product)}u) { ${factAt(product, 'depth', 'thread').write(value)} }`;
}

/** Finds the facts about the tile's rows and columns, and about the first steps along the depth. */
export function factsText(product: Product): string {
  const { name, tile, columns } = product;
  const find = (kind: 'row' | 'column', count: number, first: string, end: string): string => {
    // What lies beyond the matrix is not put anywhere, so any value will do.
    const value = `${name}_${kind}(min(${first} + e, ${end} - 1u), part)`;
    return `  for (var e = thread; e < ${count}u; e += ${THREADS}u) { ${factAt(product, kind, 'e').write(value)} }`;
  };
  return `${find('row', tileRows(tile), 'first_row', 'rows')}
${find('column', tileColumns(tile), 'first_column', `${columns}u`)}
  ${depthFacts(product, 'begin')}
  workgroupBarrier();`;
}

/** Finds the facts about the next steps along the depth, while nobody reads those about the present ones. */
export const nextDepthText = (product: Product): string =>
  `    ${depthFacts(product, `depth_start + ${stepOf(product)}u`)}`;

/** Copies a tile of one matrix: each thread finds four neighbours across and keeps them as one vector. */
export function copyText(product: Product, which: 'a' | 'b'): string {
  const { name, tile, depth } = product;
  const { lengthA, lengthB, startB } = layoutOf(product);
  const isA = which === 'a';
  const quads = (isA ? tileRows(tile) : tileColumns(tile)) / 4;
  const along = product[which].along === 'depth';
  const step = stepOf(product);
  const inner = along ? step : quads;
  const [place, quad] = along ? ['inner', 'outer'] : ['outer', 'inner'];
  const to = isA ? `k * ${lengthA}u + quad` : `${startB}u + k * ${lengthB}u + quad`;
  const own = factAt(product, isA ? 'row' : 'column', 'quad * 4u + j').read;
  const loop = `for (var j = 0u; j < 4u; j++) { value[j] = ${name}_${which}(${own}, deep, depth_start + k, part); }`;
  return `    for (var e = thread; e < ${quads * step}u; e += ${THREADS}u) {
${divided(['outer', 'inner'], 'e', inner, quads * step)}
      let k = ${place};
      let quad = ${quad};
      let deep = ${factAt(product, 'depth', 'k').read};
      var value = vec4f();
      ${depth.size % step === 0 ? loop : `if (depth_start + k < end) { ${loop} }`}
      tiles[${to}] = value;
    }`;
}

const sumName = (row: number, quad: number): string => `sum_${row}_${quad}`;
const quadsOf = ({ tile }: Product): readonly number[] =>
  Array.from({ length: tile.columns / 4 }, (_, quad) => quad);

/** The variables that hold a thread's sums: four columns each, row by row, then the sums of B's columns. */
export function namesOf(product: Product): readonly string[] {
  const rows = Array.from({ length: product.tile.rows }, (_, row) => row);
  const quads = quadsOf(product);
  return [
    ...rows.flatMap((row) => quads.map((quad) => sumName(row, quad))),
    ...(product.putSum === undefined ? [] : quads.map((quad) => `column_sum_${quad}`)),
  ];
}

/** Multiplies what was copied. Everything is written out: the sums stay in registers. */
export function multiplyText(product: Product): string {
  const { tile, putSum } = product;
  const { lengthA, lengthB, startB } = layoutOf(product);
  const rows = Array.from({ length: tile.rows }, (_, row) => row);
  const quads = quadsOf(product);
  const products = rows.flatMap((row) =>
    quads.map((quad) => `      ${sumName(row, quad)} += a${row >> 2}[${row & 3}] * b${quad};`),
  );
  const columnSums = quads.map((quad) => `column_sum_${quad} += b${quad};`).join(' ');
  return `    for (var k = deep; k < ${stepOf(product)}u; k += ${tile.deep}u) {
${repeat(tile.rows / 4, (i) => `      let a${i} = tiles[k * ${lengthA}u + ${i * tile.down}u + down];`)}
${repeat(quads.length, (i) => `      let b${i} = tiles[${startB}u + k * ${lengthB}u + ${i * tile.across}u + across];`)}
${products.join('\n')}
${putSum === undefined ? '' : `      if (first_row == 0u) { ${columnSums} }`}
    }`;
}

/** Adds up what the threads along the depth have, in the order of the threads, and leaves it with the first. */
export function togetherText(product: Product): string {
  const { across, down, deep } = product.tile;
  if (deep === 1) return '';
  const count = namesOf(product).length;
  const place = (of: string): string =>
    `tiles[((${of}) * ${across * down}u + thread % ${across * down}u) * ${count}u + i]`;
  return `  if (deep > 0u) {
    for (var i = 0u; i < ${count}u; i++) { ${place('deep - 1u')} = sums[i]; }
  }
  workgroupBarrier();
  // The others put nothing.
  if (deep > 0u) { return; }
  for (var other = 0u; other < ${deep - 1}u; other++) {
    for (var i = 0u; i < ${count}u; i++) { sums[i] += ${place('other')}; }
  }`;
}

/** Puts the sums, four rows of one column at a time. */
export function putsText(product: Product): string {
  const { name, tile, columns, putSum } = product;
  const quads = tile.columns / 4;
  const column = (quad: string): string => `first_column + (${quad} * ${tile.across}u + across) * 4u`;
  const rows = repeat(4, (i) => `sums[(block * 4u + ${i}u) * ${quads}u + quad][lane]`, ', ');
  const puts = `  for (var i = 0u; i < ${(tile.rows / 4) * tile.columns}u; i++) {
    let block = i / ${tile.columns}u;
    let quad = (i / 4u) % ${quads}u;
    let lane = i % 4u;
    let row = first_row + (block * ${tile.down}u + down) * 4u;
    let column = ${column('quad')} + lane;
    if (row < rows && column < ${columns}u) { ${name}_put(row, column, vec4f(${rows}), part, split, rows); }
  }`;
  if (putSum === undefined) return puts;
  return `${puts}
  if (first_row == 0u && down == 0u) {
    for (var i = 0u; i < ${tile.columns}u; i++) {
      let column = ${column('(i / 4u)')} + i % 4u;
      if (column < ${columns}u) { ${name}_put_sum(column, sums[${tile.rows * quads}u + i / 4u][i % 4u], part, split); }
    }
  }`;
}
