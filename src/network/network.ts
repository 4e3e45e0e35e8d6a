/**
 * The graph as plain JSON: what is drawn, stored and undone. Not what is trained: `analyze.ts` makes that of it.
 */
import type { ParamValues } from '../core/params';
import type { LayerKind } from '../layers';

export interface NetworkNode {
  readonly id: string;
  readonly kind: LayerKind;
  /** Unique in the network; Keras's automatic name unless the person gives another. */
  readonly name: string;
  readonly params: ParamValues;
  /** False where training leaves its weights as they are, as Keras names it. Missing: true. */
  readonly trainable?: boolean;
  /** Top left corner on the canvas, in points. */
  readonly position: { readonly x: number; readonly y: number };
}

export interface NetworkEdge {
  readonly id: string;
  /** Ids of nodes. The order of a node's incoming edges in the list is the order of its inputs. */
  readonly source: string;
  readonly target: string;
}

export interface Network {
  readonly nodes: readonly NetworkNode[];
  readonly edges: readonly NetworkEdge[];
}

export const emptyNetwork: Network = { nodes: [], edges: [] };

export function nodeOf(network: Network, id: string): NetworkNode | undefined {
  return network.nodes.find((node) => node.id === id);
}
