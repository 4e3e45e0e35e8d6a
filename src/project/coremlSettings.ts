/**
 * What a project keeps about its Core ML file besides the network: what the device may change, words about the model,
 * and the names that a file it was opened from had. Written by the export dialog and by the reader of files.
 */
import type { NeuralNetworkLayer } from '../coreml/messages';

/** What the device may set a hyperparameter to. */
export type Allowed =
  | { readonly type: 'range'; readonly min: number; readonly max: number }
  /** Core ML knows sets of whole numbers only. */
  | { readonly type: 'set'; readonly values: readonly number[] };

export const adjustable = [
  'learningRate',
  'batchSize',
  'momentum',
  'beta1',
  'beta2',
  'epsilon',
  'epochs',
  'seed',
] as const;
export type Adjustable = (typeof adjustable)[number];

/** Those of `adjustable` that are whole numbers and may have a set. */
export const countable: readonly Adjustable[] = ['batchSize', 'epochs', 'seed'];

export interface ModelTexts {
  readonly description: string;
  readonly version: string;
  readonly author: string;
  readonly license: string;
}

/** Names of features and of the loss. Swift meets them as properties of the model's classes. */
export interface ModelNames {
  readonly input: string;
  readonly output: string;
  /** A classifier's label. */
  readonly label: string;
  readonly target: string;
  readonly loss: string;
}

/** The features of a model, and those that training is fed: the input once more, and the true value. */
export const featureRoles = ['input', 'output', 'label', 'trainingInput', 'target'] as const;
export type FeatureRole = (typeof featureRoles)[number];

export const arrayTypes = ['float32', 'double', 'int32', 'float16'] as const;

/** What a file says of a feature where the export would say something else. */
export interface FeatureFacts {
  readonly description?: string;
  /** Of the values of an array. */
  readonly type?: (typeof arrayTypes)[number];
}

/** A layer in the words of the file that it was opened from, where the export would use others for the same. */
export interface Spelling {
  /** The layer's name here. Once it has another, that is written, and not the file's. */
  readonly as: string;
  /** What the export would write, as a text; once it would write something else, these words are no longer used. */
  readonly instead: string;
  /** Without weights; each reads the one before. None: the file goes without this layer. */
  readonly layers: readonly NeuralNetworkLayer[];
}

/** Class labels that a file has. */
export type KeptLabels =
  | { readonly type: 'int64'; readonly values: readonly number[] }
  | { readonly type: 'string'; readonly values: readonly string[] };

/** What a file may leave unsaid about training. */
export const omissible = ['momentum', 'shuffle', 'seed'] as const;

export interface CoreMLSettings {
  /** An array of values that are scaled already, or an image whose pixels the model scales itself. */
  readonly input: 'array' | 'image';
  readonly modelType: 'network' | 'classifier';
  /** What is missing has the export's default. */
  readonly allowed: Readonly<Partial<Record<Adjustable, Allowed>>>;
  readonly texts: ModelTexts;
  /** The person's own pairs; keys are unique. */
  readonly userDefined: readonly { readonly key: string; readonly value: string }[];
  /** Missing: the export's own. */
  readonly names?: ModelNames;
  /** Of the blob that holds a layer's output, by the layer's id, where it is not the layer's name. */
  readonly blobs?: Readonly<Record<string, string>>;
  /** Missing: the export's own words and types. */
  readonly features?: Readonly<Partial<Record<FeatureRole, FeatureFacts>>>;
  /** By the layer's id. Missing: the export's own words. */
  readonly spellings?: Readonly<Record<string, Spelling>>;
  /** The least specification version to state. Missing: what the layers need. */
  readonly version?: number;
  /** Of a classifier, one for each class of the data set. Missing: those of the data set. */
  readonly classLabels?: KeptLabels;
  /** A classifier names its probabilities before its label. */
  readonly probabilitiesFirst?: boolean;
  /** What the file leaves unsaid, as long as it is as if it were. */
  readonly omitted?: readonly (typeof omissible)[number][];
}

export const defaultCoreMLSettings: CoreMLSettings = {
  input: 'array',
  modelType: 'network',
  allowed: {},
  texts: { description: '', version: '1.0', author: '', license: '' },
  userDefined: [],
};
