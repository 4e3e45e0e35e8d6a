/**
 * A product of two matrices, C = A·B, as WGSL: convolutions and dense layers are nothing else, forward and backward. The
 * matrices need not exist: A and B are functions of row and column, so that patches of images are never unfolded, and C
 * goes to a function too, which adds biases, bends by curves, pools, or keeps parts of sums apart.
 */
import { extentOf, THREADS, type Extent } from './kernel';
import { extentText, repeat } from './text';
import { DEPTH, tileColumns, tileRows, type Tile } from './tile';

/** A matrix as a function body that returns an f32. */
export interface Operand {
  /** Of A it sees `row` and `k`, of B `k` and `column`, both see `part`; all lie inside the matrix. */
  readonly body: string;
  /** The way along which neighbours lie side by side in memory; neighbouring threads read along it. */
  readonly along: 'depth' | 'across';
}

export interface Product {
  /** Begins the names of its functions. */
  readonly name: string;
  readonly tile: Tile;
  readonly rows: Extent;
  readonly columns: number;
  readonly depth: Extent;
  /** Products of this size, side by side: the groups of a convolution. */
  readonly parts: number;
  /** Workgroups among which the depth is cut; each puts its own sums. */
  readonly splits: number;
  readonly a: Operand;
  readonly b: Operand;
  /**
   * Takes four rows of one column: sees `row` (the first; those at `rows` and beyond are none), `column`, `quad`,
   * `part` and `split`.
   */
  readonly put: string;
  /** Takes the sum of a column of B: sees `column`, `value`, `part` and `split`. Missing: none is computed. */
  readonly putSum?: string;
}

/** A part of a kernel's work, of so many workgroups. `run` takes the number of the workgroup among them, and `thread`. */
export interface Work {
  readonly functions: string;
  readonly run: string;
  readonly workgroups: (count: number) => number;
  /** The same as an expression. */
  readonly workgroupsText: string;
  /** vec4f of the workgroup's memory, which all works of a kernel share as `tiles`. */
  readonly memory: number;
}

/** Where B begins in the workgroup's memory, and the rows' lengths there, in vec4f. A spare one keeps columns apart. */
function layoutOf({ tile, a, b }: Product) {
  const length = (floats: number, { along }: Operand): number => floats / 4 + (along === 'depth' ? 1 : 0);
  const [lengthA, lengthB] = [length(tileRows(tile), a), length(tileColumns(tile), b)];
  return { lengthA, lengthB, startB: lengthA * DEPTH, size: (lengthA + lengthB) * DEPTH };
}

/** Copies a tile of one matrix: each thread finds four neighbours across and keeps them as one vector. */
function copyText(product: Product, which: 'a' | 'b'): string {
  const { name, tile, columns, depth, rows } = product;
  const { lengthA, lengthB, startB } = layoutOf(product);
  const isA = which === 'a';
  const quads = (isA ? tileRows(tile) : tileColumns(tile)) / 4;
  const place = product[which].along === 'depth' ? `e % ${DEPTH}u` : `e / ${quads}u`;
  const quad = product[which].along === 'depth' ? `e / ${DEPTH}u` : `e % ${quads}u`;
  const whole = isA ? rows.size % tileRows(tile) === 0 : columns % tileColumns(tile) === 0;
  const at = (i: number): string => {
    const sum = i === 0 ? 'first' : `first + ${i}u`;
    const inside = whole ? sum : `min(${sum}, ${isA ? 'rows' : `${columns}u`} - 1u)`;
    return `${name}_${which}(${isA ? `${inside}, at` : `at, ${inside}`}, part)`;
  };
  const value = `vec4f(${repeat(4, at, ', ')})`;
  const to = isA ? `k * ${lengthA}u + quad` : `${startB}u + k * ${lengthB}u + quad`;
  const deep = depth.size % DEPTH === 0;
  return `    for (var e = thread; e < ${quads * DEPTH}u; e += ${THREADS}u) {
      let k = ${place};
      let quad = ${quad};
      let at = depth_start + k;
      let first = ${isA ? 'first_row' : 'first_column'} + quad * 4u;
      ${deep ? `tiles[${to}] = ${value};` : `var value = vec4f();\n      if (at < end) { value = ${value}; }\n      tiles[${to}] = value;`}
    }`;
}

/** Adds up what threads along the depth have, in the order of the threads, and leaves it with the first. */
function gatherText({ tile }: Product, sums: readonly string[]): string {
  if (tile.deep === 1) return '';
  const flat = tile.across * tile.down;
  const place = (of: string, i: number): string =>
    `tiles[((${of}) * ${flat}u + thread % ${flat}u) * ${sums.length}u + ${i}u]`;
  return `  if (deep > 0u) {
${sums.map((sum, i) => `    ${place('deep - 1u', i)} = ${sum};`).join('\n')}
  }
  workgroupBarrier();
  if (deep > 0u) { return; }
  for (var other = 0u; other < ${tile.deep - 1}u; other++) {
${sums.map((sum, i) => `    ${sum} += ${place('other', i)};`).join('\n')}
  }`;
}

/** A `put` that treats each of the four rows by itself: `statement` gets its number and its value as expressions. */
export const putRows = (statement: (row: string, value: string) => string): string =>
  repeat(4, (i) => `  if (row + ${i}u < rows) { ${statement(`(row + ${i}u)`, `quad[${i}]`)} }`);

export function productWork(product: Product): Work {
  const { name, tile, rows, columns, depth, parts, splits, a, b, put, putSum } = product;
  const { lengthA, lengthB, startB, size } = layoutOf(product);
  const [quadRows, quadColumns] = [tile.rows / 4, tile.columns / 4];
  const columnTiles = Math.ceil(columns / tileColumns(tile));
  const flat = tile.across * tile.down;
  const sum = (row: number, quad: number): string => `sum_${row}_${quad}`;
  const rowNumbers = Array.from({ length: tile.rows }, (_, i) => i);
  const quadNumbers = Array.from({ length: quadColumns }, (_, i) => i);
  const sums = [
    ...rowNumbers.flatMap((row) => quadNumbers.map((quad) => sum(row, quad))),
    ...(putSum === undefined ? [] : quadNumbers.map((quad) => `column_sum_${quad}`)),
  ];
  const perSplit = splits > 1 ? `(((depth + ${splits * DEPTH - 1}u) / ${splits * DEPTH}u) * ${DEPTH}u)` : '';
  const columnOf = (quad: number): string => `first_column + (${quad * tile.across}u + across) * 4u`;
  const puts = quadNumbers.flatMap((quad) =>
    Array.from({ length: quadRows }, (_, block) => {
      const values = (lane: number): string => repeat(4, (i) => `${sum(4 * block + i, quad)}[${lane}]`, ', ');
      return `  ${name}_put_quad(first_row + (${block * tile.down}u + down) * 4u, ${columnOf(quad)}, ${repeat(
        4,
        (lane) => `vec4f(${values(lane)})`,
        ', ',
      )}, part, split, rows);`;
    }),
  );
  const functions = `
fn ${name}_a(row: u32, k: u32, part: u32) -> f32 {
${a.body}
}
fn ${name}_b(k: u32, column: u32, part: u32) -> f32 {
${b.body}
}
fn ${name}_put(row: u32, column: u32, quad: vec4f, part: u32, split: u32, rows: u32) {
${put}
}
fn ${name}_put_quad(row: u32, column: u32, c0: vec4f, c1: vec4f, c2: vec4f, c3: vec4f, part: u32, split: u32, rows: u32) {
  if (row >= rows) { return; }
${repeat(4, (i) => `  if (column + ${i}u < ${columns}u) { ${name}_put(row, column + ${i}u, c${i}, part, split, rows); }`)}
}
${
  putSum === undefined
    ? ''
    : `fn ${name}_put_sum(column: u32, value: f32, part: u32, split: u32) {
  if (column >= ${columns}u) { return; }
${putSum}
}`
}
fn ${name}_run(index: u32, thread: u32) {
  let rows = ${extentText(rows)};
  let depth = ${extentText(depth)};
  let row_tiles = (rows + ${tileRows(tile) - 1}u) / ${tileRows(tile)}u;
  let first_column = (index % ${columnTiles}u) * ${tileColumns(tile)}u;
  let first_row = ((index / ${columnTiles}u) % row_tiles) * ${tileRows(tile)}u;
  let outer = index / (row_tiles * ${columnTiles}u);
  let part = outer % ${parts}u;
  let split = outer / ${parts}u;
  let across = thread % ${tile.across}u;
  let down = (thread / ${tile.across}u) % ${tile.down}u;
  let deep = thread / ${flat}u;
  let begin = ${splits > 1 ? `split * ${perSplit}` : '0u'};
  let end = ${splits > 1 ? `min(depth, begin + ${perSplit})` : 'depth'};
${sums.map((one) => `  var ${one} = vec4f();`).join('\n')}
  for (var depth_start = begin; depth_start < end; depth_start += ${DEPTH}u) {
${copyText(product, 'a')}
${copyText(product, 'b')}
    workgroupBarrier();
    for (var k = deep; k < ${DEPTH}u; k += ${tile.deep}u) {
${repeat(quadRows, (i) => `      let a${i} = tiles[k * ${lengthA}u + ${i * tile.down}u + down];`)}
${repeat(quadColumns, (i) => `      let b${i} = tiles[${startB}u + k * ${lengthB}u + ${i * tile.across}u + across];`)}
${rowNumbers
  .flatMap((row) =>
    quadNumbers.map((quad) => `      ${sum(row, quad)} += a${row >> 2}[${row & 3}] * b${quad};`),
  )
  .join('\n')}
${putSum === undefined ? '' : `      if (first_row == 0u) { ${quadNumbers.map((quad) => `column_sum_${quad} += b${quad};`).join(' ')} }`}
    }
    workgroupBarrier();
  }
${gatherText(product, sums)}
${puts.join('\n')}
${
  putSum === undefined
    ? ''
    : `  if (first_row == 0u && down == 0u) {
${quadNumbers.map((quad) => repeat(4, (i) => `    ${name}_put_sum(${columnOf(quad)} + ${i}u, column_sum_${quad}[${i}], part, split);`)).join('\n')}
  }`
}
}`;
  const rest = columnTiles * parts * splits;
  return {
    functions,
    run: `${name}_run`,
    workgroups: (count) => Math.ceil(extentOf(rows, count) / tileRows(tile)) * rest,
    workgroupsText: `((${extentText(rows)} + ${tileRows(tile) - 1}u) / ${tileRows(tile)}u * ${rest}u)`,
    memory: Math.max(size, (tile.deep - 1) * flat * sums.length),
  };
}
