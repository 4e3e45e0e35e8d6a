/** What a project keeps about the file that it was opened from, so that the file can be written as it was. */
import type { Model } from '../../../coreml/model';
import { defaultCoreMLSettings, type CoreMLSettings, type ModelNames } from '../../../project/coremlSettings';
import type { ReadGraph } from './graph';
import type { ModelInterface } from './interface';
import type { Notes } from './notes';
import type { FileTraining } from './training';

/** Of a text about the model, and of a name; longer ones are cut, with a note. */
const MOST_TEXT = 100_000;
const MOST_NAME = 200;

export function settingsOf(
  model: Model,
  face: ModelInterface,
  { allowed, loss }: FileTraining,
  graph: ReadGraph,
  notes: Notes,
): CoreMLSettings {
  const { metadata } = model.description;
  const cut = (text: string | undefined, most: number, what: string): string => {
    if ((text?.length ?? 0) > most)
      notes.lost(`${what} is longer than ${most} characters; the rest is cut off.`);
    return (text ?? '').slice(0, most);
  };
  const name = (text: string) => cut(text, MOST_NAME, `The name "${text.slice(0, 20)}…"`);
  const names: ModelNames = {
    input: name(face.input.name),
    output: name(face.output),
    label: name(face.label ?? 'classLabel'),
    target: name(loss?.target ?? `${face.output}_true`),
    loss: name(loss?.name ?? 'lossLayer'),
  };
  const ids = new Map(graph.network.nodes.map((node) => [node.id, node.name]));
  const output = graph.nodeOf(face.blob);
  const blobs = [...graph.blobs].filter(([id, blob]) => blob !== (id === output ? face.output : ids.get(id)));
  return {
    ...defaultCoreMLSettings,
    input: face.input.form,
    modelType: model.neuralNetworkClassifier ? 'classifier' : 'network',
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
    ...(Object.values(names).every((text) => text.trim() !== '') ? { names } : undefined),
    ...(blobs.length > 0
      ? { blobs: Object.fromEntries(blobs.map(([id, blob]) => [id, name(blob)])) }
      : undefined),
  };
}
