/**
 * A broken rule of coreml.md, as the checker reports it. The names of the rules are a closed list, so that tests can show
 * a refused sample for each of them.
 */

export const RULE_NAMES = [
  'specification version',
  'feature names',
  'feature types',
  'input rank',
  'data type',
  'image preprocessing',
  'shape mapping',
  'layer names',
  'topological order',
  'blob produced once',
  'outputs produced',
  'padding set',
  'layer computable',
  'output shape',
  'weights',
  'classifier labels',
  'classifier outputs',
  'update parameters',
  'updatable kinds',
  'updatable flags',
  'float32 weights',
  'gradient path',
  'one loss',
  'loss input',
  'loss target',
  'optimizer',
  'parameter limits',
  'epochs',
  'training inputs',
  'target type',
] as const;

export type RuleName = (typeof RULE_NAMES)[number];

export interface Violation {
  rule: RuleName;
  /** A sentence: where, what was expected, what is there. */
  message: string;
}

/** Collects violations, so that checks read as one line each. */
export class Findings {
  readonly list: Violation[] = [];

  /** Notes a violation when `holds` is false. Returns `holds`. */
  expect(holds: boolean, rule: RuleName, message: string): boolean {
    if (!holds) this.list.push({ rule, message });
    return holds;
  }
}
