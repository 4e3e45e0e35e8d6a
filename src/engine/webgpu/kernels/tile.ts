/**
 * How a product of matrices is cut up for a graphics processor. A workgroup computes a tile of the result, each of its
 * threads a block of 4 or 8 rows by 4 or 8 columns in registers, from parts of both matrices that the workgroup has
 * copied to its own memory. Which cut is best depends on the matrices and on the device.
 */
import { THREADS } from './kernel';

export interface Tile {
  /** Threads along the columns, along the rows, and along the depth; their sums are added at the end. */
  readonly across: number;
  readonly down: number;
  readonly deep: number;
  /** Rows and columns of a thread's own block. */
  readonly rows: number;
  readonly columns: number;
}

/** Steps along the depth for which both matrices are copied at once. */
export const DEPTH = 16;

export const tileRows = ({ down, rows }: Tile): number => down * rows;
export const tileColumns = ({ across, columns }: Tile): number => across * columns;

/** What a device spends, in units of four multiply-adds of one thread. */
export interface DeviceModel {
  /** Reading four floats of the workgroup's memory. */
  readonly read: number;
  /** Copying a float from the device's memory to the workgroup's, with finding its address. */
  readonly copy: number;
  /** Workgroups that run at once at full speed. */
  readonly workgroups: number;
}

/** Eight to ten cores of which each runs four workgroups, such as an Apple M-series has. */
export const hardware: DeviceModel = { read: 1, copy: 6, workgroups: 40 };
/** SwiftShader on two cores, measured: a read costs more than the arithmetic on it. */
export const emulated: DeviceModel = { read: 10, copy: 20, workgroups: 2 };

const blocks = [
  [8, 8],
  [8, 4],
  [4, 8],
  [4, 4],
] as const;

/** Bytes of its own memory that every device gives a workgroup. */
const MEMORY = 16_384;

/** All cuts that fit: the threads are shared out by powers of two. */
export const tiles: readonly Tile[] = blocks
  .flatMap(([rows, columns]) =>
    [1, 2, 4].flatMap((deep) => {
      const flat = THREADS / deep;
      return Array.from({ length: Math.log2(flat) + 1 }, (_, i): Tile => {
        const across = 2 ** i;
        return { across, down: flat / across, deep, rows, columns };
      });
    }),
  )
  // Two vectors of each copied row are spare.
  .filter((tile) => 4 * DEPTH * (tileRows(tile) + tileColumns(tile) + 8) <= MEMORY);

/** A product by its size; `spread` says that its depth may be cut among any number of workgroups. */
export interface Cut {
  readonly rows: number;
  readonly columns: number;
  readonly spread: boolean;
}

/** Time of one step along the depth of the whole product, in the units of the model. */
function costOf(tile: Tile, { rows, columns, spread }: Cut, model: DeviceModel): number {
  const count = Math.ceil(rows / tileRows(tile)) * Math.ceil(columns / tileColumns(tile));
  const multiply = (tile.rows * tile.columns) / 4;
  const read = ((tile.rows + tile.columns) / 4) * model.read;
  const copy = ((tileRows(tile) + tileColumns(tile)) / THREADS) * model.copy;
  const rounds = spread ? count / model.workgroups : Math.ceil(count / model.workgroups);
  return rounds * ((multiply + read) / tile.deep + copy);
}

/** The cut that takes the least time on the device. */
export function chooseTile(cut: Cut, model: DeviceModel): Tile {
  const costs = tiles.map((tile) => costOf(tile, cut, model));
  return tiles[costs.indexOf(Math.min(...costs))]!;
}

/**
 * Among how many workgroups the depth of a product is cut, so that the device is busy: each gets at least 4 copies, and
 * the parts together take no more than `most` floats.
 */
export function chooseSplits(
  tile: Tile,
  { rows, columns, depth }: { readonly rows: number; readonly columns: number; readonly depth: number },
  model: DeviceModel,
  most = 2 ** 20,
): number {
  const count = Math.ceil(rows / tileRows(tile)) * Math.ceil(columns / tileColumns(tile));
  const busy = Math.ceil((4 * model.workgroups) / count);
  const filled = Math.floor(depth / (4 * DEPTH));
  return Math.max(1, Math.min(busy, filled, Math.floor(most / (rows * columns)), 128));
}
