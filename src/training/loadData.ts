/** Loads the images of a run, and tells how far it is. */
import { feeds, formatShape, sameShape } from '../core/shape';
import type { DatasetDefinition, FetchAsset, LoadedDataset, LoadProgress } from '../datasets/defineDataset';
import type { Clock } from './clock';
import type { RunEvent, StartCommand } from './protocol';

/** Milliseconds between two events that count what is loaded. */
const LOADING_MS = 50;

export interface LoadEnvironment {
  readonly emit: (event: RunEvent) => void;
  readonly datasetOf: (id: string) => DatasetDefinition | undefined;
  readonly fetchAsset: FetchAsset;
  readonly clock: Clock;
}

/** @throws DatasetError as the data set does; Error where there is none of that name or the network does not fit it. */
export async function loadData(
  { datasetId, network }: StartCommand,
  { datasetOf, fetchAsset, emit, clock }: LoadEnvironment,
  signal: AbortSignal,
): Promise<LoadedDataset> {
  const dataset = datasetOf(datasetId);
  if (!dataset) throw new Error(`This version of the app has no data set named "${datasetId}".`);
  if (
    !feeds(dataset.shape, network.inputShape) ||
    !sameShape([dataset.classLabels.length], network.outputShape)
  ) {
    const wanted = `${formatShape(dataset.shape)} in and ${dataset.classLabels.length} classes out`;
    const came = `${formatShape(network.inputShape)} in and ${formatShape(network.outputShape)} out`;
    throw new Error(`${dataset.label} needs a network with ${wanted}; this one has ${came}.`);
  }
  let toldAt = -Infinity;
  const tell = (progress: LoadProgress): void => {
    if (progress.loaded < progress.total && clock.now() - toldAt < LOADING_MS) return;
    toldAt = clock.now();
    emit({ type: 'loading', progress });
  };
  tell({ loaded: 0, total: dataset.trainCount + dataset.testCount });
  return dataset.load(fetchAsset, tell, signal);
}
