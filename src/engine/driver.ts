/** What the choice of an engine needs to know of each: whether it is there, and how to open it. Not the engine itself. */
import type { LayerKind } from '../layers';
import type { Engine, EngineId } from './engine';

/** What can be said of a device without starting it. */
export type Probe =
  | { readonly available: true; readonly device: string; readonly software: boolean }
  /** Why not, as one sentence. */
  | { readonly available: false; readonly reason: string };

export type AvailableProbe = Extract<Probe, { available: true }>;

export interface EngineDriver {
  readonly id: EngineId;
  /** As `labels.ts` has it. */
  readonly label: string;
  /** The kinds of layers that it has kernels for. Missing: all. */
  readonly kinds?: ReadonlySet<LayerKind>;
  probe(): Promise<Probe>;
  /**
   * Loads the engine's code and starts its device.
   * @throws Error whose message is one sentence for the person.
   */
  open(probe: AvailableProbe): Promise<Engine>;
}

/** Names of adapters that compute on the CPU. */
export const softwareAdapter = /swiftshader|llvmpipe|lavapipe|softpipe|software|basic render|\bwarp\b/i;
