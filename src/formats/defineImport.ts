/**
 * The contract of a file that is opened. To add one: one file beside this one and one line in `index.ts`. Not of the
 * app's own project files: they are the app's memory, not a format.
 */
import type { CompiledNetwork, Weights } from '../network/compiled';
import type { Project } from '../project/project';

/** What the person should know before opening. */
export interface ImportNote {
  /** `lost`: the file has it, the project will not. `note`: good to know. */
  readonly severity: 'lost' | 'note';
  /** Name of the layer of the file that it is about, or undefined for the whole file. */
  readonly layer?: string;
  readonly message: string;
}

/** A layer of the file that the app has no layer for. */
export interface UnknownLayer {
  /** Its place in the file, from 0. It may share its name with others. */
  readonly index: number;
  readonly name: string;
  /** What the format calls its type. */
  readonly type: string;
  /** Why it cannot be opened, as a sentence. */
  readonly reason: string;
  /** Whether the layer before it can be joined with the one after: their shapes fit. */
  readonly joinable: boolean;
  /** Whether that was done. Otherwise the network is cut there. */
  readonly joined: boolean;
}

/** A file as the app would have it. */
export interface Imported {
  /** With an id of its own. Its layers have no places on the canvas yet. */
  readonly project: Project;
  /** Of every layer that was read. */
  readonly weights: Weights;
  /** The project's network, where it has no problem and `weights` are exactly its own. */
  readonly compiled?: CompiledNetwork;
  /** What comes in, as label and value: "Parameters", "585,958". */
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly notes: readonly ImportNote[];
  readonly unknown: readonly UnknownLayer[];
}

export interface OpenedFile {
  /**
   * @param joined indices of unknown layers that are left out with their neighbours joined.
   */
  read(joined: ReadonlySet<number>): Imported;
}

export interface ImportDefinition {
  readonly id: string;
  /** As a dialog calls it: "Core ML model". */
  readonly label: string;
  /** With the dot. */
  readonly extension: string;
  /** Whether a file looks like one, by its first bytes; its name is not asked. */
  matches(bytes: Uint8Array): boolean;
  /**
   * Reads the bytes. Loads what it needs on first use.
   * @param name of the file, without its extension; the project is called so.
   * @throws Error with whole sentences where it cannot be opened at all.
   */
  open(bytes: Uint8Array, name: string): Promise<OpenedFile>;
}
