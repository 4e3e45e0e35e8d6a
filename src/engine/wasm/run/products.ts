/** Products of matrices of any size: they are cut into blocks of B that fit the cache when packed. */
import { TILE_BYTES } from '../kernels/matrix';
import type { Machine } from './machine';

/** Rows of a block of B. A panel of this depth fits a first-level cache of 32 KB beside the tile's part of A. */
const DEPTH = 512;
/** Columns of a block of B; a packed block fits a second-level cache of 1 MB. */
const COLUMNS = 256;

/** Where the packed block begins, after the tile. */
export const PACKED_AT = TILE_BYTES;
/** Bytes at the start of the memory that products need. */
export const PRODUCT_BYTES = TILE_BYTES + 4 * DEPTH * COLUMNS;

/** A matrix in memory; `stride` floats lie between its rows, or between its columns where it is `transposed`. */
export interface Matrix {
  /** Bytes. */
  readonly at: number;
  readonly stride: number;
  readonly transposed?: boolean;
}

export interface Product {
  readonly a: Matrix;
  readonly b: Matrix;
  /** Never transposed. */
  readonly c: Matrix;
  readonly rows: number;
  readonly columns: number;
  /** Columns of A and rows of B. */
  readonly depth: number;
  /** C += A·B, not C = A·B. */
  readonly accumulate?: boolean;
}

/** Address of a row and column of a matrix. */
const at = ({ at: start, stride, transposed }: Matrix, row: number, column: number): number =>
  start + 4 * (transposed ? column * stride + row : row * stride + column);

/** C = A·B, `rows` × `depth` times `depth` × `columns`. Sums are taken in a fixed order. */
export function multiply({ kernels, packed }: Machine, product: Product): void {
  const { a, b, c, rows, columns, depth } = product;
  const pack = b.transposed ? kernels.packColumns : kernels.packRows;
  const run = a.transposed ? kernels.multiplyColumns : kernels.multiplyRows;
  for (let k = 0; k < depth; k += DEPTH) {
    const deep = Math.min(DEPTH, depth - k);
    const add = product.accumulate || k > 0 ? 1 : 0;
    for (let n = 0; n < columns; n += COLUMNS) {
      const wide = Math.min(COLUMNS, columns - n);
      pack(at(b, k, n), b.stride, packed, deep, wide);
      run(at(a, 0, k), a.stride, packed, at(c, 0, n), c.stride, rows, wide, deep, add);
    }
  }
}
