/** Tests that the reference finds layers which an exporter froze without need. */
import { describe, expect, it } from 'vitest';
import { activation, dense, layer, plainModel, trainableModel } from './testing/samples';
import { trainableButFrozen } from './trainable';
import { weightsOf } from './rulesNetwork';

describe('layers frozen without need', () => {
  it('are none where all that can train does', () => {
    expect(trainableButFrozen(trainableModel(), 'categoricalCrossEntropy')).toEqual([]);
  });

  it('are found in a file that trains other layers', () => {
    const model = trainableModel();
    const conv = model.network.layers[0]!;
    conv.isUpdatable = false;
    for (const [, weights] of weightsOf(conv)) weights.isUpdatable = false;
    expect(trainableButFrozen(model, 'categoricalCrossEntropy')).toEqual(['conv']);
  });

  it('are found in a file that trains nothing, behind what stops the gradients not', () => {
    const model = plainModel(
      [3],
      [
        layer('first', ['in'], dense(3, 3)),
        layer('bend', ['first'], activation('softplus')),
        layer('second', ['bend'], dense(3, 2)),
      ],
    );
    model.description.outputs[0]!.type = {
      kind: 'multiArray',
      optional: false,
      shape: [2],
      dataType: 'float32',
    };
    expect(trainableButFrozen(model, 'meanSquaredError')).toEqual(['second']);
    expect(trainableButFrozen(model, 'categoricalCrossEntropy')).toEqual([]);
  });
});
