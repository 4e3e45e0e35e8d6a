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

/** Steps along the depth for which both matrices are copied at once, at most. */
export const DEPTH = 16;

export const tileRows = ({ down, rows }: Tile): number => down * rows;
export const tileColumns = ({ across, columns }: Tile): number => across * columns;

/** What a device spends, in units of four multiply-adds of one thread. */
export interface DeviceModel {
  /** Reading four floats of the workgroup's memory that neighbouring threads read too, and that they do not. */
  readonly readShared: number;
  readonly readOwn: number;
  /** Copying a float from the device's memory to the workgroup's. */
  readonly copy: number;
  /** Workgroups that run at once at full speed. */
  readonly workgroups: number;
  /** Workgroups of a product that are started at most; they take several tiles one after the other where there are more. */
  readonly started: number;
  /** Sums that a thread holds in registers at most. */
  readonly sums: number;
}

/** Eight to ten cores of which each runs four workgroups, such as an Apple M-series has. */
export const hardware: DeviceModel = {
  readShared: 1,
  readOwn: 1,
  copy: 6,
  workgroups: 40,
  started: Infinity,
  sums: 64,
};
/**
 * SwiftShader on two cores: it runs four threads as one, and a read costs more than the arithmetic on it where they read
 * at four places. A workgroup that waits at barriers takes a tenth of a millisecond to start.
 */
export const emulated: DeviceModel = {
  readShared: 3,
  readOwn: 7,
  copy: 12,
  workgroups: 4,
  started: 8,
  sums: 128,
};

const blocks = [
  [16, 8],
  [16, 4],
  [8, 8],
  [8, 4],
  [4, 8],
  [4, 4],
] as const;

/** Bytes of its own memory that every device gives a workgroup. */
const MEMORY = 16_384;

/** What a tile takes of it: copies with a spare vector each, up to four words of facts each, or sums on their way. */
function memoryOf({ across, down, deep, rows, columns }: Tile): number {
  const around = down * rows + across * columns;
  const together = (deep - 1) * across * down * (rows + 1) * columns;
  return 4 * (Math.max(DEPTH * (around + 8), together) + 4 * (around + DEPTH));
}

/** All cuts that fit: the threads are shared out by powers of two. */
export const tiles: readonly Tile[] = blocks
  .flatMap(([rows, columns]) =>
    [1, 2, 4, 8].flatMap((deep) => {
      const flat = THREADS / deep;
      return Array.from({ length: Math.log2(flat) + 1 }, (_, i): Tile => {
        const across = 2 ** i;
        return { across, down: flat / across, deep, rows, columns };
      });
    }),
  )
  .filter((tile) => memoryOf(tile) <= MEMORY);

/** A product by its size; `spread` says that its depth may be cut among any number of workgroups. */
export interface Cut {
  readonly rows: number;
  readonly columns: number;
  readonly spread: boolean;
}

/** Time of one step along the depth of the whole product, in the units of the model. */
function costOf(tile: Tile, { rows, columns, spread }: Cut, model: DeviceModel): number {
  if (tile.rows * tile.columns > model.sums) return Infinity;
  const count = Math.ceil(rows / tileRows(tile)) * Math.ceil(columns / tileColumns(tile));
  const multiply = (tile.rows * tile.columns) / 4;
  // Threads go across first, so neighbours have the same rows where there are several across, else the same columns.
  const [readA, readB] =
    tile.across >= 4 ? [model.readShared, model.readOwn] : [model.readOwn, model.readShared];
  const read = (tile.rows * readA + tile.columns * readB) / 4;
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
