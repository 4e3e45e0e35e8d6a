/** The contract of a template: a network to begin with. To add one: one file beside this one and one line in `index.ts`. */
import type { ParamValues } from '../../core/params';
import type { LayerKind } from '../../layers';
import { addLayer } from '../add';
import { emptyNetwork, type Network } from '../network';

export interface Template {
  /** Never renamed. */
  readonly id: string;
  /** As the menu shows it. */
  readonly label: string;
  /** One sentence about what it is good for. */
  readonly documentation: string;
  /** Training settings that belong to it, by the names of the training schema; the others stay as they are. */
  readonly settings?: ParamValues;
  /** A fresh copy, laid out. */
  build(): Network;
}

/** A chain of layers with Keras's automatic names, each below the one before; what is not given has its default. */
export function chain(layers: readonly (readonly [kind: LayerKind, params?: ParamValues])[]): Network {
  return layers.reduce((before, [kind, params]) => {
    const last = before.nodes.at(-1);
    return addLayer(before, kind, last ? { after: last.id } : {}, params).network;
  }, emptyNetwork);
}
