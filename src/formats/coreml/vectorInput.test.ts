/** What a Core ML file says of a network that takes flat vectors, and of bilinear upsampling's version. */
import { describe, expect, test } from 'vitest';
import { coreml, modelOf } from '../coreml';
import { choose, compiled, conv, dense, image, sourceOf, type Step } from './testing';

const vector: Step = { kind: 'input', params: { form: 'vector', size: 784 } };
const source = sourceOf(compiled(vector, dense('head', 10, 'softmax')));

describe('an Input of the form vector', () => {
  test('is an array of rank one, which trains', () => {
    const { description, isUpdatable } = modelOf(source);
    expect(description.input[0]).toMatchObject({
      shortDescription: '784 values from 0 to 1, the image row by row with its channels side by side',
      type: { multiArrayType: { shape: [784], dataType: 65568 } },
    });
    expect(description.trainingInput![0]).toEqual(description.input[0]);
    expect(isUpdatable).toBe(true);
  });

  test('is no image, and the reason is said', () => {
    expect(coreml.inspect(choose(source, { input: 'image' }), {})).toEqual([
      {
        severity: 'gap',
        message:
          'The network takes a flat vector of 784, and Core ML makes no vector of an image. Choose the input array, or ' +
          'give Input the form image and put Flatten after it.',
      },
    ]);
  });
});

describe('bilinear upsampling', () => {
  const enlarged = (grid: string) =>
    sourceOf(
      compiled(
        image(),
        { kind: 'upSampling2d', params: { interpolation: 'bilinear', grid } },
        conv('conv2d'),
        { kind: 'flatten' },
        dense('head', 10, 'softmax'),
      ),
    );

  test('with the default grid of Core ML is of version 4', () => {
    expect(modelOf(enlarged('asymmetric')).specificationVersion).toBe(4);
    expect(coreml.inspect(enlarged('asymmetric'), {})).toEqual([]);
  });

  test.each(['halfPixel', 'alignCorners'])(
    'with the grid %s is of version 5, and says what reads it',
    (grid) => {
      expect(modelOf(enlarged(grid)).specificationVersion).toBe(5);
      expect(coreml.inspect(enlarged(grid), {})).toMatchObject([
        { severity: 'note', message: expect.stringContaining('iOS 14 and macOS 11') as string },
      ]);
    },
  );
});
