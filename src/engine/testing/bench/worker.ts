/** The worker of `npm run bench`: measures one contender on one network. Not part of the app. */
import type { FetchAsset } from '../../../datasets/defineDataset';
import type { BenchNetworkId } from '../benchNetworks';
import { watchCalls } from './calls';
import { benchCase } from './data';
import { measure, type Measurement } from './measure';
import { benchRows } from './rows';

declare const self: DedicatedWorkerGlobalScope;

export interface BenchRequest {
  readonly row: string;
  readonly network: BenchNetworkId;
  readonly threads: readonly number[];
  readonly seconds: number;
  readonly limit: number;
}

export type BenchAnswer =
  (Measurement & { readonly dataBytes: number; readonly parameters: number }) | { readonly error: string };

const fetchAsset: FetchAsset = (path, signal) => fetch(`/${path}`, { signal });

async function bench({ row: id, network, threads, seconds, limit }: BenchRequest): Promise<BenchAnswer> {
  watchCalls();
  const start = await benchCase(network, fetchAsset);
  const row = benchRows(threads).find((candidate) => candidate.id === id)!;
  const contender = await row.open(start);
  const measurement = await measure(contender, seconds, limit);
  return { ...measurement, dataBytes: start.dataBytes, parameters: start.network.parameters };
}

self.addEventListener('message', ({ data: request }: MessageEvent<BenchRequest>) => {
  bench(request).then(
    (answer) => self.postMessage(answer),
    (error: unknown) => self.postMessage({ error: error instanceof Error ? error.message : String(error) }),
  );
});
