/**
 * Checks a model against all rules of coreml.md and lists what it breaks. The checks stand in three files: the interface
 * (features, classifier), the network (order, names, shapes, weights) and training. Changes and repairs nothing.
 */
import type { Model } from './types';
import { checkInterface } from './rulesInterface';
import { checkNetwork } from './rulesNetwork';
import { checkTraining } from './rulesTraining';
import { Findings, type Violation } from './violation';

/** All violations of a model, in the order of the file; an empty list for a valid one. Never throws for a bad model. */
export function checkRules(model: Model): Violation[] {
  const findings = new Findings();
  // Grids of bilinear upsampling other than the default came with version 5.
  const gridded = model.network.layers.some(({ body }) => body.kind === 'upsample' && body.linearMode !== 0);
  const least = gridded ? 5 : 4;
  findings.expect(
    model.specificationVersion >= least,
    'specification version',
    `The specification version should be ${least} or more, but is ${model.specificationVersion}.`,
  );
  checkInterface(model, findings);
  const shapes = checkNetwork(model, findings);
  checkTraining(model, shapes, findings);
  return findings.list;
}
