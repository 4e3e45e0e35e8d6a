/**
 * The rules of a Core ML file as a whole, in one table: all of them are checked before a file is written. The rules of
 * single layers are in `rules.ts`; what the bytes are is the codec's.
 */
import type { FileRule } from './fileRules/fileRule';
import { interfaceRules } from './fileRules/interface';
import { networkRules } from './fileRules/network';
import { trainingRules } from './fileRules/training';
import type { Model } from './model';

export const fileRules: readonly FileRule[] = [...interfaceRules, ...networkRules, ...trainingRules];

export interface BrokenRule {
  readonly rule: FileRule;
  /** What is wrong, as one sentence. */
  readonly message: string;
}

/** Every rule that a model breaks, in the order of the table. Empty: Core ML takes the file. */
export function brokenRules(model: Model): readonly BrokenRule[] {
  return fileRules.flatMap((rule) => {
    const message = rule.check(model);
    return message ? [{ rule, message }] : [];
  });
}
