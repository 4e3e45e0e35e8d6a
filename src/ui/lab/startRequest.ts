/** A wish to train, before it is clear whether to go on from kept weights or to start over. */
import { createStore } from 'zustand/vanilla';
import type { CompiledNetwork } from '../../network/compiled';

export interface StartRequest {
  readonly projectId: string;
  readonly network: CompiledNetwork;
}

export const startRequest = createStore<{ readonly request: StartRequest | undefined }>(() => ({
  request: undefined,
}));

export function requestStart(request: StartRequest): void {
  startRequest.setState({ request });
}

export function endStartRequest(): void {
  startRequest.setState({ request: undefined });
}
