/** Tests of the checker: valid models pass, and every rule has refused samples. */
import { describe, expect, it } from 'vitest';
import { checkRules } from './rules';
import { innerProductOf, insertBefore } from './testing/refused';
import { REFUSED_FILES } from './testing/refusedFiles';
import { REFUSED_LAYERS } from './testing/refusedLayers';
import { REFUSED_TRAINING } from './testing/refusedTraining';
import { classifierModel, layer, plainModel, regressionModel, trainableModel } from './testing/samples';
import { RULE_NAMES } from './violation';

const SAMPLES = [...REFUSED_FILES, ...REFUSED_LAYERS, ...REFUSED_TRAINING];

describe('the rules for an updatable file', () => {
  it.each([
    ['cross-entropy and Adam', trainableModel],
    ['mean squared error and SGD', regressionModel],
    ['a classifier of images', classifierModel],
    ['a network that cannot be trained', () => plainModel([3], [layer('out', ['in'], { kind: 'softmax' })])],
  ])('find nothing in %s', (_, model) => {
    expect(checkRules(model())).toEqual([]);
  });

  it('allow a layer without gradients before the first updatable layer', () => {
    const model = trainableModel();
    insertBefore(model, 'conv', { ...layer('sum', [], { kind: 'add', alpha: 0 }), inputs: ['in', 'in'] });
    expect(checkRules(model)).toEqual([]);
  });

  it.each([...REFUSED_LAYERS, ...REFUSED_TRAINING])(
    '%s: find nothing where there is not %s',
    (_, __, base) => {
      expect(checkRules(base())).toEqual([]);
    },
  );

  it.each(SAMPLES)('%s: refuse %s', (rule, _, base, breakIt) => {
    const model = base();
    breakIt(model);
    expect(checkRules(model).map((violation) => violation.rule)).toContain(rule);
  });

  it('have a refused sample each', () => {
    expect([...new Set(SAMPLES.map(([rule]) => rule))].sort()).toEqual([...RULE_NAMES].sort());
  });

  it('say where and what in sentences', () => {
    const model = trainableModel();
    innerProductOf(model).bias!.isUpdatable = false;
    expect(checkRules(model)).toEqual([
      {
        rule: 'updatable flags',
        message: "Layer 'dense' (innerProduct) is updatable, but its bias is not flagged.",
      },
    ]);
  });
});
