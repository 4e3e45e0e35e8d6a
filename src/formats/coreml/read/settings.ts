/** What a project keeps about the file that it was opened from, so that the file can be written as it was. */
import { ArrayDataType, type FeatureDescription, type Model } from '../../../coreml/model';
import {
  arrayTypes,
  defaultCoreMLSettings,
  type CoreMLSettings,
  type FeatureFacts,
  type FeatureRole,
  type KeptLabels,
  type ModelNames,
} from '../../../project/coremlSettings';
import { ownWords } from '../describe';
import { namesOf } from '../plan';
import type { ReadGraph } from './graph';
import type { ModelInterface } from './interface';
import type { Notes } from './notes';
import type { FileTraining } from './training';

/** Of a text about the model, and of a name; longer ones are cut, with a note. */
const MOST_TEXT = 100_000;
const MOST_NAME = 200;

/** No version is near it; a file of a larger one lies. */
const MOST_VERSION = 1000;

const nameKeys: readonly (keyof ModelNames)[] = ['input', 'output', 'label', 'target', 'loss'];

export function settingsOf(
  model: Model,
  face: ModelInterface,
  { allowed, loss, settings, omitted }: FileTraining,
  graph: ReadGraph,
  scale: number,
  labels: KeptLabels | undefined,
  notes: Notes,
): CoreMLSettings {
  const { metadata } = model.description;
  const cut = (text: string | undefined, most: number, what: string): string => {
    if ((text?.length ?? 0) > most)
      notes.lost(`${what} is longer than ${most} characters; the rest is cut off.`);
    return (text ?? '').slice(0, most);
  };
  const name = (text: string) => cut(text, MOST_NAME, `The name "${text.slice(0, 20)}…"`);
  const modelType = model.neuralNetworkClassifier ? 'classifier' : 'network';
  const own = namesOf({ ...defaultCoreMLSettings, modelType });
  const names: ModelNames = {
    input: name(face.input.name),
    output: name(face.output),
    label: name(face.label ?? own.label),
    target: name(loss?.target ?? `${face.output}_true`),
    loss: name(loss?.name ?? own.loss),
  };
  const kept =
    nameKeys.every((key) => names[key].trim() !== '') && nameKeys.some((key) => names[key] !== own[key]);
  const words = ownWords({
    inputShape: face.input.shape,
    scale,
    form: face.input.form,
    classifier: modelType === 'classifier',
    loss: settings.loss === 'meanSquaredError' ? 'meanSquaredError' : 'categoricalCrossEntropy',
  });
  const features = featuresOf(model, face, settings.loss, words, (text) =>
    cut(text, MOST_TEXT, 'The description of a feature'),
  );
  const ids = new Map(graph.network.nodes.map((node) => [node.id, node.name]));
  const output = graph.nodeOf(face.blob);
  const blobs = [...graph.blobs].filter(([id, blob]) => blob !== (id === output ? face.output : ids.get(id)));
  return {
    ...defaultCoreMLSettings,
    input: face.input.form,
    modelType,
    allowed,
    texts: {
      description: cut(metadata?.shortDescription, MOST_TEXT, 'The description'),
      version: cut(metadata?.versionString, MOST_TEXT, 'The version'),
      author: cut(metadata?.author, MOST_TEXT, 'The author'),
      license: cut(metadata?.license, MOST_TEXT, 'The license'),
    },
    userDefined: Object.entries(metadata?.userDefined ?? {})
      .filter(([key]) => key.trim() !== '')
      .map(([key, value]) => ({
        key: cut(key, MOST_NAME, `The key "${key.slice(0, 20)}…"`),
        value: cut(value, MOST_TEXT, `The value of "${key.slice(0, 20)}"`),
      })),
    ...(kept ? { names } : undefined),
    ...(blobs.length > 0
      ? { blobs: Object.fromEntries(blobs.map(([id, blob]) => [id, name(blob)])) }
      : undefined),
    ...(Object.keys(features).length > 0 ? { features } : undefined),
    ...(Object.keys(graph.spellings).length > 0 ? { spellings: graph.spellings } : undefined),
    ...(model.specificationVersion > 4 && model.specificationVersion <= MOST_VERSION
      ? { version: model.specificationVersion }
      : undefined),
    ...(labels ? { classLabels: labels } : undefined),
    ...(face.probabilitiesFirst ? { probabilitiesFirst: true } : undefined),
    ...(omitted.length > 0 ? { omitted } : undefined),
  };
}

/** What the features say that the export would not say by itself. */
function featuresOf(
  { description }: Model,
  face: ModelInterface,
  loss: string,
  words: Readonly<Record<FeatureRole, string>>,
  cut: (text: string) => string,
): Partial<Record<FeatureRole, FeatureFacts>> {
  const named = (list: readonly FeatureDescription[] | undefined, name: string | undefined) =>
    list?.find((feature) => feature.name === name);
  const training = description.trainingInput ?? [];
  const found: Record<FeatureRole, FeatureDescription | undefined> = {
    input: description.input[0],
    output: named(description.output, face.output),
    label: named(description.output, face.label),
    trainingInput: named(training, face.input.name),
    target: training.find(({ name }) => name !== face.input.name),
  };
  const own: Partial<Record<FeatureRole, ArrayDataType>> = {
    input: ArrayDataType.float32,
    output: ArrayDataType.float32,
    target: loss === 'meanSquaredError' ? ArrayDataType.double : ArrayDataType.int32,
  };
  const facts: Partial<Record<FeatureRole, FeatureFacts>> = {};
  for (const [role, feature] of Object.entries(found) as [FeatureRole, FeatureDescription | undefined][]) {
    if (!feature) continue;
    const dataType = feature.type?.multiArrayType?.dataType;
    const type = arrayTypes.find((one) => ArrayDataType[one] === dataType && dataType !== own[role]);
    const text = cut(feature.shortDescription ?? '');
    if (text === words[role] && (!type || role === 'trainingInput')) continue;
    facts[role] = {
      ...(text === words[role] ? undefined : { description: text }),
      ...(type && role !== 'trainingInput' ? { type } : undefined),
    };
  }
  return facts;
}
