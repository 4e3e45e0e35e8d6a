/** What Swift code that trains cannot be written for, with the reason, and that writing is refused then. */
import { expect, test } from 'vitest';
import { compiled, dense, image, lenet, sourceOf, type Step } from './coreml/testing';
import type { ExportSource } from './defineFormat';
import { drawnDigits } from './swift/testing';
import { swiftPlayground } from './swiftPlayground';
import { swiftTrainer } from './swiftTrainer';

const options = { trainingImages: '1000', testImages: '500' };
const digits = drawnDigits(10, 10);
const flat = (...rest: readonly Step[]) => compiled(image(), { kind: 'flatten' }, ...rest);

const refused: [what: string, source: ExportSource, words: string][] = [
  [
    'nothing trains',
    sourceOf(flat(dense('dense', 10)), {}, digits),
    'Nothing of this network trains on the device',
  ],
  [
    'the input is of another size',
    sourceOf(compiled(image([8, 8, 1]), { kind: 'flatten' }, dense('dense', 10, 'softmax')), {}, digits),
    'MNIST has examples of 28×28×1; this network takes 8×8×1.',
  ],
  [
    'the output has other classes',
    sourceOf(flat(dense('dense', 4, 'softmax')), {}, digits),
    'MNIST has 10 classes; this network gives 4. End it with 10 units.',
  ],
];

test.each(refused)('where %s, both formats say so and write nothing', async (_, source, words) => {
  for (const format of [swiftPlayground, swiftTrainer]) {
    const gaps = format.inspect(source, options).filter(({ severity }) => severity === 'gap');
    expect(gaps.map(({ message }) => message)).toEqual([expect.stringContaining(words)]);
    await expect(format.write(source, options)).rejects.toThrow(words);
  }
});

test('LeNet has no gap', () => {
  expect(swiftPlayground.inspect(sourceOf(lenet, {}, digits), options)).toEqual([]);
});

test('writing that nobody waits for any more stops', async () => {
  const source = sourceOf(lenet, {}, drawnDigits(1100, 10));
  const signal = AbortSignal.abort();
  await expect(swiftPlayground.write(source, options, signal)).rejects.toMatchObject({ name: 'AbortError' });
});
