/** The list of data sets, in the order in which they are offered. To add one: one file and one line here. */
import type { DatasetDefinition } from './defineDataset';
import { mnist } from './mnist';

export const datasets: readonly DatasetDefinition[] = [mnist];

/** The data set that a project names, or undefined where this version of the app does not have it. */
export function datasetOf(id: string): DatasetDefinition | undefined {
  return datasets.find((dataset) => dataset.id === id);
}
