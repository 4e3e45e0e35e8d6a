/**
 * Reads an .mlmodel file from bytes into the plain description of types.ts, with nothing but the field numbers of
 * coreml.md. This file holds the model, its description and its network's frame; layers and update parameters have
 * their own. Reads only what is documented there: any other field is an error. Judges nothing; rules.ts does.
 */
import { Message } from './message';
import { readLayer } from './readLayers';
import { readUpdateParameters } from './readUpdate';
import type { Classifier, ColorSpace, DataType, Description, Feature, FeatureType } from './types';
import type { Metadata, Model, Network, Preprocessing } from './types';
import { FormatError } from './wire';

const COLOR_SPACES: Readonly<Record<number, ColorSpace>> = { 10: 'grayscale', 20: 'rgb', 30: 'bgr' };
const DATA_TYPES: Readonly<Record<number, DataType>> = {
  65552: 'float16',
  65568: 'float32',
  65600: 'double',
  131104: 'int32',
};

/**
 * Reads a whole file.
 * @throws FormatError when the bytes are damaged or hold a field that coreml.md does not list
 */
export function readModel(bytes: Uint8Array): Model {
  const message = new Message(bytes, 'model');
  const networks = { neuralNetwork: 500, neuralNetworkClassifier: 403 } as const;
  const kind = message.oneOf(networks, 'the type of the model');
  const network = kind && message.message(networks[kind], kind);
  const description = message.message(2, 'description');
  if (!kind || !network)
    throw new FormatError('model: holds no neuralNetwork and no neuralNetworkClassifier.');
  if (!description) throw new FormatError('model: has no description.');
  const model: Model = {
    specificationVersion: message.integer(1),
    isUpdatable: message.bool(10),
    description: readDescription(description),
    network: readNetwork(network, kind),
  };
  message.done();
  return model;
}

function readDescription(message: Message): Description {
  const metadata = message.message(100, 'metadata');
  const description: Description = {
    inputs: message.messages(1, 'input').map(readFeature),
    outputs: message.messages(10, 'output').map(readFeature),
    predictedFeatureName: message.string(11),
    predictedProbabilitiesName: message.string(12),
    trainingInputs: message.messages(50, 'trainingInput').map(readFeature),
    metadata: readMetadata(metadata ?? new Message(new Uint8Array(0), 'metadata')),
  };
  message.done();
  return description;
}

function readMetadata(message: Message): Metadata {
  const userDefined: Record<string, string> = {};
  for (const entry of message.messages(100, 'userDefined')) {
    const key = entry.string(1);
    if (Object.hasOwn(userDefined, key))
      throw new FormatError(`${entry.where}: the key '${key}' is given twice.`);
    userDefined[key] = entry.string(2);
    entry.done();
  }
  const metadata = {
    shortDescription: message.string(1),
    version: message.string(2),
    author: message.string(3),
    license: message.string(4),
    userDefined,
  };
  message.done();
  return metadata;
}

function readFeature(message: Message): Feature {
  const type = message.message(3, 'type');
  const feature: Feature = {
    name: message.string(1),
    shortDescription: message.string(2),
    type: type ? readFeatureType(type) : { kind: 'none', optional: false },
  };
  message.done();
  return feature;
}

function readFeatureType(message: Message): FeatureType {
  const members = { int64: 1, double: 2, string: 3, image: 4, multiArray: 5, dictionary: 6 } as const;
  const kind = message.oneOf(members, 'the type of a feature');
  const inner = kind && message.message(members[kind], kind);
  const optional = message.bool(1000);
  message.done();
  if (!kind || !inner) return { kind: 'none', optional };
  const type = readFeatureTypeBody(kind, inner, optional);
  inner.done();
  return type;
}

function readFeatureTypeBody(
  kind: 'int64' | 'double' | 'string' | 'image' | 'multiArray' | 'dictionary',
  message: Message,
  optional: boolean,
): FeatureType {
  if (kind === 'image') {
    const colorSpace = COLOR_SPACES[message.integer(3)] ?? 'unknown';
    return { kind, optional, width: message.integer(1), height: message.integer(2), colorSpace };
  }
  if (kind === 'multiArray') {
    const dataType = DATA_TYPES[message.integer(2)] ?? 'unknown';
    return { kind, optional, shape: message.integers(1), dataType };
  }
  if (kind === 'dictionary') {
    const keys = { int64: 1, string: 2 } as const;
    const key = message.oneOf(keys, 'the key type of a dictionary');
    if (key) message.message(keys[key], key)?.done();
    return { kind, optional, key: key ?? 'none' };
  }
  return { kind, optional };
}

function readNetwork(message: Message, kind: Network['kind']): Network {
  const update = message.message(10, 'updateParams');
  const network: Network = {
    kind,
    layers: message.messages(1, 'layers').map(readLayer),
    preprocessing: message.messages(2, 'preprocessing').map(readPreprocessing),
    arrayInputShapeMapping: message.integer(5),
    imageInputShapeMapping: message.integer(6),
    update: update && readUpdateParameters(update),
    classifier: kind === 'neuralNetworkClassifier' ? readClassifier(message) : undefined,
  };
  message.done();
  return network;
}

function readClassifier(message: Message): Classifier {
  const kinds = { string: 100, int64: 101 } as const;
  const kind = message.oneOf(kinds, 'the class labels');
  const vector = kind && message.message(kinds[kind], 'classLabels');
  const labelProbabilityLayerName = message.string(200);
  if (!kind || !vector) return { labels: undefined, labelProbabilityLayerName };
  const labels: Classifier['labels'] =
    kind === 'string' ? { kind, values: vector.strings(1) } : { kind, values: vector.integers(1) };
  vector.done();
  return { labels, labelProbabilityLayerName };
}

function readPreprocessing(message: Message): Preprocessing {
  const members = { scaler: 10, meanImage: 11 } as const;
  const kind = message.oneOf(members, 'the preprocessor');
  const inner = kind && message.message(members[kind], kind);
  const featureName = message.string(1);
  message.done();
  if (!inner) return { featureName, step: undefined };
  const step: Preprocessing['step'] =
    kind === 'meanImage'
      ? { kind, values: inner.floats(1) }
      : {
          kind: 'scaler',
          channelScale: inner.float(10),
          blueBias: inner.float(20),
          greenBias: inner.float(21),
          redBias: inner.float(22),
          grayBias: inner.float(30),
        };
  inner.done();
  return { featureName, step };
}
