/**
 * The contract of a layer kind. One object holds all that the app derives from it: the palette's entry, the inspector's
 * form, validation, shapes, parameter counts, the TensorFlow.js layer, the Core ML layers, and the code snippets.
 * Facets return data and have no effects. To add a kind: one file beside this one, and one line in `index.ts`.
 */
import type * as TFCore from '@tensorflow/tfjs-core';
import type * as TFLayers from '@tensorflow/tfjs-layers';
import type { NeuralNetworkLayer } from '../coreml/messages';
import type { Fans, Initializer } from '../core/initializers';
import type { ParamSchema, ParamsOf, ParamValues } from '../core/params';
import type { Problem } from '../core/problem';
import type { Shape } from '../core/shape';

export type LayerGroup =
  'input' | 'convolution' | 'pooling' | 'dense' | 'shape' | 'activation' | 'regularization' | 'merge';

/** One weight tensor of a layer, in TensorFlow.js's layout. Declared once; everything about weights derives from it. */
export interface WeightSpec {
  /** Keras's name: "kernel", "bias", "gamma", … */
  readonly name: string;
  readonly shape: Shape;
  readonly initializer: Initializer;
  readonly fans: Fans;
  /** False for statistics that training updates without a gradient. */
  readonly trainable: boolean;
}

/** The two TensorFlow.js packages, passed in so that layer files import types only. */
export interface TensorFlow {
  readonly core: typeof TFCore;
  readonly layers: typeof TFLayers;
}

export interface TensorFlowContext {
  /** Unique in the model. */
  readonly name: string;
  readonly inputs: readonly TFLayers.SymbolicTensor[];
  /** A fresh whole number at every training step, drawn from the run's seed; for layers that draw at random. */
  readonly stepSeed: () => number;
}

export interface CoreMLContext<P> {
  /** The layer's name, unique in the file. Further layers that it writes are named `${name}_…`. */
  readonly name: string;
  readonly params: P;
  /** Names of the blobs it reads. */
  readonly inputs: readonly string[];
  /** Name of the blob that its last written layer produces. */
  readonly output: string;
  readonly inputShapes: readonly Shape[];
  readonly outputShape: Shape;
  /** By the names of `weights`, in TensorFlow.js's layout. */
  readonly weights: Readonly<Record<string, Float32Array>>;
}

/** What surrounds a layer of a file that is being read. */
export interface CoreMLReadContext {
  /** Of the blobs that it reads: `[height, width, channels]` or `[features]`. */
  readonly inputShapes: readonly Shape[];
}

/** A layer of a file as a layer of the app. */
export interface CoreMLRead {
  /** Values that are missing have their defaults. Whether they are within their limits is the reader's to check. */
  readonly params: ParamValues;
  /** By the names of the definition's `weights`, in TensorFlow.js's layout. */
  readonly weights: Readonly<Record<string, Float32Array>>;
}

export interface LayerDefinition<S extends ParamSchema = ParamSchema> {
  /** Stored in projects; never renamed. Lower camel case of the Keras class. */
  readonly kind: string;
  /** Keras's class name, shown everywhere. */
  readonly label: string;
  /** Keras's automatic name, to which "_1", "_2" … are added: "conv2d", "max_pooling2d". */
  readonly autoName: string;
  /** What else it is called, in PyTorch, in Core ML and in speech; the palette finds it by them. Missing: nothing. */
  readonly aliases?: readonly string[];
  readonly group: LayerGroup;
  /** Name of the picture in `ui/icons.ts`. */
  readonly icon: string;
  /** One or two sentences for somebody who meets the layer for the first time. */
  readonly documentation: string;
  readonly params: S;
  /** How many layers feed it. */
  readonly inputs: { readonly min: number; readonly max: number };
  /** The line on the card that tells one such layer from another, e.g. "32 · 3×3 · relu". May be empty. */
  summary(params: ParamsOf<S>): string;
  /** The shape rule: one shape per input in, the output's shape or a Problem out. Params are within their limits. */
  outputShape(inputs: readonly Shape[], params: ParamsOf<S>): Shape | Problem;
  /** In TensorFlow.js's order. Only called with inputs that `outputShape` accepts. Missing: no weights. */
  weights?(inputs: readonly Shape[], params: ParamsOf<S>): readonly WeightSpec[];
  /** Multiply-adds of one example, forward. Missing: none worth counting. */
  multiplyAdds?(inputs: readonly Shape[], params: ParamsOf<S>, output: Shape): number;
  /** The arithmetic of shape and parameters written out, a line each, for the inspector. */
  arithmetic?(inputs: readonly Shape[], params: ParamsOf<S>, output: Shape): readonly string[];
  /** Builds it and applies it to its inputs. */
  tensorflow(tf: TensorFlow, params: ParamsOf<S>, context: TensorFlowContext): TFLayers.SymbolicTensor;
  readonly coreml: {
    /** Why Core ML cannot express it with these parameters, as one sentence. Missing or undefined: it can. */
    gap?(params: ParamsOf<S>, inputs: readonly Shape[]): string | undefined;
    /** The layers of the file, in order. An empty list means that it has no layer there and is wired through. */
    write(context: CoreMLContext<ParamsOf<S>>): readonly NeuralNetworkLayer[];
    /**
     * Reads one layer of a file, so that writing it again gives the same message. An activation that the file keeps in
     * a layer of its own is not its concern.
     * @returns undefined where the layer is not of this kind; a sentence where it is, but has something that this kind
     *   cannot express (a later kind of the list may still take it); else what it says.
     */
    read?(layer: NeuralNetworkLayer, context: CoreMLReadContext): CoreMLRead | string | undefined;
  };
  /** One line each of Keras 3 and of PyTorch, without the layer's name. */
  readonly snippets: {
    keras(params: ParamsOf<S>, inputs: readonly Shape[]): string;
    pytorch(params: ParamsOf<S>, inputs: readonly Shape[]): string;
  };
}

/** Gives a definition its precise kind and parameter types; the value is returned as it is. */
export function defineLayer<const K extends string, const S extends ParamSchema>(
  definition: LayerDefinition<S> & { readonly kind: K },
): LayerDefinition<S> & { readonly kind: K } {
  return definition;
}
