/**
 * One-tap ways out of what Core ML cannot train or would refuse. Plain data: the editor turns one into an edit. This
 * file finds those that change a layer; what the others change is decided where the trouble is found.
 */
import type { ParamValues } from '../../core/params';
import type { Repair } from '../../core/problem';
import { sameShape } from '../../core/shape';
import type { NeuralNetworkLayer } from '../../coreml/messages';
import { layerOf } from '../../layers';
import type { CompiledLayer } from '../../network/compiled';
import type { CoreMLSettings } from '../../project/coremlSettings';

export type WayOut =
  /** A repair of a layer, the same as Problems have. */
  | { readonly type: 'repair'; readonly nodeId: string; readonly repair: Repair; readonly label: string }
  /** Freezes layers, or lets them train. */
  | {
      readonly type: 'trainable';
      readonly ids: readonly string[];
      readonly trainable: boolean;
      readonly label: string;
    }
  /** Changes settings of the training. */
  | { readonly type: 'settings'; readonly settings: ParamValues; readonly label: string }
  /** Changes choices of the export. */
  | { readonly type: 'choices'; readonly choices: Partial<CoreMLSettings>; readonly label: string };

/**
 * Puts relu where a curve stops the gradients, or takes out a layer that changes no shape.
 * @param written the layer of the file that stops them; `layer` is where it comes from.
 */
export function passGradients(written: NeuralNetworkLayer, layer: CompiledLayer): WayOut | undefined {
  if (written.activation ?? written.softmax) return withActivation(layer, 'relu', 'Use ReLU');
  const [only, ...others] = layer.inputShapes;
  if (!only || others.length > 0 || !sameShape(only, layer.outputShape)) return undefined;
  const label = `Remove ${layerOf(layer.kind).label}`;
  return { type: 'repair', nodeId: layer.id, repair: { type: 'remove', label }, label };
}

/** The layer with another activation: its own where it has one to choose, else an Activation layer in its place. */
function withActivation({ id, kind }: CompiledLayer, activation: string, label: string): WayOut {
  const params = { activation };
  const repair: Repair = takes(kind, activation)
    ? { type: 'setParams', params, label }
    : { type: 'replace', kind: 'activation', params, label };
  return { type: 'repair', nodeId: id, repair, label };
}

/** The network's last layer with another activation: its own where it has one to choose, else a layer after it. */
export function endWith({ id, kind }: CompiledLayer, activation: string, label: string): WayOut {
  const params = { activation };
  const repair: Repair = takes(kind, activation)
    ? { type: 'setParams', params, label }
    : { type: 'appendAfter', kind: 'activation', params, label };
  return { type: 'repair', nodeId: id, repair, label };
}

function takes(kind: CompiledLayer['kind'], activation: string): boolean {
  const spec = layerOf(kind).params['activation'];
  return spec?.type === 'choice' && spec.options.includes(activation);
}
