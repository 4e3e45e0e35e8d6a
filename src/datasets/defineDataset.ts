/**
 * The contract of a data set: what it is, and how its examples come into memory. To add one: one file beside this one
 * and one line in `index.ts`.
 */
import type { Shape } from '../core/shape';

/** Images as bytes, one after the other, and their classes. */
export interface LabelledImages {
  /** `count` × size of `shape` bytes, channels last. */
  readonly images: Uint8Array;
  /** `count` class indices. */
  readonly labels: Uint8Array;
  readonly count: number;
  readonly shape: Shape;
  /** What a byte is multiplied by when a batch is gathered. */
  readonly scale: number;
  readonly classes: number;
}

export interface LoadedDataset {
  readonly train: LabelledImages;
  readonly test: LabelledImages;
}

export interface LoadProgress {
  readonly loaded: number;
  readonly total: number;
}

/**
 * Opens an asset of the app's own origin by its path below the base, e.g. "datasets/mnist/…".
 * @throws the signal's reason where it is aborted, also before an answer has come.
 */
export type FetchAsset = (path: string, signal?: AbortSignal) => Promise<Response>;

export interface DatasetDefinition {
  /** Stored in projects; never renamed. */
  readonly id: string;
  readonly label: string;
  /** One sentence about what the images show. */
  readonly documentation: string;
  readonly shape: Shape;
  readonly scale: number;
  readonly classLabels: readonly string[];
  readonly trainCount: number;
  readonly testCount: number;
  readonly licence: string;
  /**
   * How a drawing becomes an example of one channel: light ink on a dark ground, scaled so that its longer side has `box`
   * pixels, its centre of mass in the middle. Missing: nobody could draw one.
   */
  readonly drawing?: { readonly box: number };
  /** Bytes that travel from the app's own origin. */
  readonly downloadBytes: number;
  /**
   * Loads all examples, in a worker or in Node.
   * @param onProgress counts examples, not bytes.
   * @throws DatasetError, which says what was expected, what came and what to do.
   */
  load(
    fetchAsset: FetchAsset,
    onProgress: (progress: LoadProgress) => void,
    signal?: AbortSignal,
  ): Promise<LoadedDataset>;
}

/** A data set that cannot be loaded as it stands; trying again may help. */
export class DatasetError extends Error {
  override name = 'DatasetError';
}

export function defineDataset(definition: DatasetDefinition): DatasetDefinition {
  return definition;
}
