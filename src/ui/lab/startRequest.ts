/** A wish to train where kept weights would be thrown away: it waits for the person's answer in the start dialog. */
import { createStore } from 'zustand/vanilla';
import type { CompiledNetwork } from '../../network/compiled';
import { signatureOf } from '../../network/weights';
import type { CheckpointSummary } from '../../training/protocol';
import type { Stores } from '../stores';

export interface StartRequest {
  readonly network: CompiledNetwork;
  /** What a start from new weights would forget. */
  readonly kept: CheckpointSummary;
  /** Whether the kept weights are of this very network, so that training can go on from them. */
  readonly fits: boolean;
}

export const startRequest = createStore<{ readonly request: StartRequest | undefined }>(() => ({
  request: undefined,
}));

export function endStartRequest(): void {
  startRequest.setState({ request: undefined });
}

/** Starts a run of the open project. */
export function startRun({ editor, run }: Stores, network: CompiledNetwork, fromCheckpoint: boolean): void {
  const { id, datasetId, settings } = editor.getState().project;
  run.getState().start({ projectId: id, datasetId, network, settings, fromCheckpoint });
}

/** Starts at once, or asks where the project keeps weights that a start would forget. */
export async function requestStart(stores: Stores, network: CompiledNetwork): Promise<void> {
  await stores.run.getState().ready();
  const { checkpoint: kept } = stores.run.getState();
  if (kept)
    startRequest.setState({ request: { network, kept, fits: kept.signature === signatureOf(network) } });
  else startRun(stores, network, false);
}
