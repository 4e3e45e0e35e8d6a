import { expect, test } from 'vitest';
import { multiply } from './multiply';

const image = [4, 3, 2];
const gate = { name: 'gate', input: ['left', 'right'], output: ['both'] };

test('inputs of one shape keep it; others are a problem that 1×1 convolutions can mend', () => {
  expect(multiply.outputShape([image, image, image], {})).toEqual(image);
  expect(multiply.outputShape([image, [4, 3, 5]], {})).toMatchObject({
    code: 'shapesDiffer',
    message: 'Multiply needs inputs of one shape; it gets 4×3×2 and 4×3×5.',
    repair: { type: 'matchChannels' },
  });
});

test('it is the same message when it is written, read and written again', () => {
  const [layer] = multiply.coreml.write({
    ...{ name: 'gate', params: {}, inputs: ['left', 'right'], output: 'both' },
    ...{ inputShapes: [image, image], outputShape: image, weights: {} },
  });
  expect(layer).toEqual({ ...gate, multiply: {} });
  expect(multiply.coreml.read!(layer!, { inputShapes: [image, image] })).toEqual({ params: {}, weights: {} });
});

test('a multiplication by a number is left to the Activation layer, and other layers to their kinds', () => {
  const context = { inputShapes: [image] };
  expect(
    multiply.coreml.read!({ ...gate, input: ['left'], multiply: { alpha: 2 } }, context),
  ).toBeUndefined();
  expect(multiply.coreml.read!({ ...gate, add: {} }, context)).toBeUndefined();
});
