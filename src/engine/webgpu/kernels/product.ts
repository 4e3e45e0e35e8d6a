/**
 * A product of two matrices, C = A·B, as WGSL: convolutions and dense layers are nothing else, forward and backward. The
 * matrices need not exist: A and B are functions of row and column, so that patches of images are never unfolded, and C
 * goes to a function too, which adds biases, bends by curves, pools, or keeps parts of sums apart.
 */
import { extentOf, type Extent } from './kernel';
import {
  copyText,
  factsText,
  factWords,
  layoutOf,
  multiplyText,
  namesOf,
  nextDepthText,
  putsText,
  stepOf,
  togetherText,
} from './productText';
import { extentText } from './text';
import { tileColumns, tileRows, type DeviceModel, type Tile } from './tile';

/**
 * What there is to know of a row, a column or a step along the depth, found once and kept in the workgroup's memory: with
 * it, and no more divisions, the values are found.
 */
export interface Fact {
  readonly type: 'u32' | 'vec2u' | 'vec3u' | 'vec4u';
  /** A function body that returns it; it sees `row`, `column` or `k`, which lie inside the matrix, and `part`. */
  readonly body: string;
}

/** A matrix as a function body that returns an f32. */
export interface Operand {
  /** It sees what is known of the row or column as `own`, of the depth as `deep`, and `k` and `part`. */
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
  readonly facts: Readonly<Record<'row' | 'column' | 'depth', Fact>>;
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
  /** Words of facts about rows and columns, likewise as `facts`, and of those about the depth. */
  readonly facts: number;
}

/** A `put` that treats each of the four rows by itself: `statement` gets its number and its value as expressions. */
export const putRows = (statement: (row: string, value: string) => string): string =>
  `  for (var i = 0u; i < 4u; i++) {
    if (row + i < rows) { ${statement('(row + i)', 'quad[i]')} }
  }`;

/** @param started workgroups at most; each takes every so many tiles. */
export function productWork(product: Product, { started }: Pick<DeviceModel, 'started'>): Work {
  const { name, tile, rows, columns, depth, parts, splits, facts, a, b, put, putSum } = product;
  const columnTiles = Math.ceil(columns / tileColumns(tile));
  const rest = columnTiles * parts * splits;
  const names = namesOf(product);
  const step = stepOf(product);
  const perSplit = `(((depth + ${splits * step - 1}u) / ${splits * step}u) * ${step}u)`;
  const functions = `
fn ${name}_row(row: u32, part: u32) -> ${facts.row.type} {
${facts.row.body}
}
fn ${name}_column(column: u32, part: u32) -> ${facts.column.type} {
${facts.column.body}
}
fn ${name}_depth(k: u32, part: u32) -> ${facts.depth.type} {
${facts.depth.body}
}
fn ${name}_a(own: ${facts.row.type}, deep: ${facts.depth.type}, k: u32, part: u32) -> f32 {
${a.body}
}
fn ${name}_b(own: ${facts.column.type}, deep: ${facts.depth.type}, k: u32, part: u32) -> f32 {
${b.body}
}
fn ${name}_put(row: u32, column: u32, quad: vec4f, part: u32, split: u32, rows: u32) {
${put}
}
fn ${name}_put_sum(column: u32, value: f32, part: u32, split: u32) {
${putSum ?? ''}
}
fn ${name}_tile(index: u32, thread: u32, rows: u32, row_tiles: u32) {
  let depth = ${extentText(depth)};
  let first_column = (index % ${columnTiles}u) * ${tileColumns(tile)}u;
  let first_row = ((index / ${columnTiles}u) % row_tiles) * ${tileRows(tile)}u;
  let outer = index / (row_tiles * ${columnTiles}u);
  let part = outer % ${parts}u;
  let split = outer / ${parts}u;
  let across = thread % ${tile.across}u;
  let down = (thread / ${tile.across}u) % ${tile.down}u;
  let deep = thread / ${tile.across * tile.down}u;
  let begin = ${splits > 1 ? `split * ${perSplit}` : '0u'};
  let end = ${splits > 1 ? `min(depth, begin + ${perSplit})` : 'depth'};
${names.map((one) => `  var ${one} = vec4f();`).join('\n')}
${factsText(product)}
  for (var depth_start = begin; depth_start < end; depth_start += ${step}u) {
${copyText(product, 'a')}
${copyText(product, 'b')}
    workgroupBarrier();
${nextDepthText(product)}
${multiplyText(product)}
    workgroupBarrier();
  }
  // From here on sums go by number: what follows is run once, and short code compiles fast.
  var sums = array<vec4f, ${names.length}>(${names.join(', ')});
${togetherText(product)}
${putsText(product)}
}
fn ${name}_run(index: u32, thread: u32) {
  let rows = ${extentText(rows)};
  let row_tiles = (rows + ${tileRows(tile) - 1}u) / ${tileRows(tile)}u;
  ${
    Number.isFinite(started)
      ? `for (var at = index; at < row_tiles * ${rest}u; at += ${started}u) { ${name}_tile(at, thread, rows, row_tiles); }`
      : `${name}_tile(index, thread, rows, row_tiles);`
  }
}`;
  const { deep, down, across } = tile;
  const all = `((${extentText(rows)} + ${tileRows(tile) - 1}u) / ${tileRows(tile)}u * ${rest}u)`;
  return {
    functions,
    run: `${name}_run`,
    workgroups: (count) => Math.min(started, Math.ceil(extentOf(rows, count) / tileRows(tile)) * rest),
    workgroupsText: Number.isFinite(started) ? `min(${started}u, ${all})` : all,
    memory: Math.max(layoutOf(product).size, (deep - 1) * across * down * names.length),
    facts: factWords(product),
  };
}
