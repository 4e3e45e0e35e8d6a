/** What a rule of a whole file is, and what the rules share. The rules of single layers are in `rules.ts`. */
import type { Model, NeuralNetwork } from '../model';

export interface FileRule {
  /** Stable name for tests and for reports. */
  readonly id: string;
  /** The rule in one sentence. */
  readonly sentence: string;
  /** Where Apple's coremltools say so: a file and a function below mlmodel/src/, or the file of the format. */
  readonly source: string;
  /** What is wrong with the model, as one sentence; undefined where the rule holds. */
  check(model: Model): string | undefined;
}

/** The network of a model, whichever of the two it is; undefined where it has none. */
export function networkOf(model: Model): NeuralNetwork | undefined {
  return model.neuralNetwork ?? model.neuralNetworkClassifier;
}

/** What is wrong with the first item that has something wrong. */
export function firstOf<T>(
  items: Iterable<T> | undefined,
  wrong: (item: T) => string | undefined,
): string | undefined {
  for (const item of items ?? []) {
    const message = wrong(item);
    if (message) return message;
  }
  return undefined;
}

/** The first text that comes twice. */
export function repeated(texts: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return texts.find((text) => seen.size === seen.add(text).size);
}

/** Every blob that a layer of the network makes. */
export function madeBlobs(model: Model): ReadonlySet<string> {
  return new Set(networkOf(model)?.layers.flatMap(({ output }) => output));
}
