/** A wish to train where kept weights would be thrown away: it waits for the person's answer in the start dialog. */
import { createStore } from 'zustand/vanilla';
import type { CompiledNetwork } from '../../network/compiled';
import { signatureOf } from '../../network/weights';
import type { CheckpointSummary } from '../../training/protocol';
import type { Stores } from '../stores';

export interface StartRequest {
  readonly network: CompiledNetwork;
  /** What this network has learned already. */
  readonly kept: CheckpointSummary;
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

/** Starts at once, or asks where this very network has learned already. */
export function requestStart(stores: Stores, network: CompiledNetwork): void {
  const { checkpoint: kept } = stores.run.getState();
  if (kept && kept.step > 0 && kept.signature === signatureOf(network))
    startRequest.setState({ request: { network, kept } });
  else startRun(stores, network, false);
}
