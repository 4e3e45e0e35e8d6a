/** The single Swift file: it parses, holds each import once, and everything that its types need. */
import { expect, test } from 'vitest';
import { choose, lenet, sourceOf } from './coreml/testing';
import { drawnDigits, swiftErrors, unfinished } from './swift/testing';
import { swiftTrainer } from './swiftTrainer';

const source = sourceOf(lenet, {}, drawnDigits(10, 10));

test('it parses and holds nothing unfinished', async () => {
  const text = new TextDecoder().decode(await swiftTrainer.write(source, {}));
  expect(await swiftErrors(text)).toEqual([]);
  expect(unfinished.exec(text)).toBeNull();
  expect(await swiftErrors(text.replace('actor TrainableNetwork {', 'actor {'))).not.toEqual([]);
});

test('it holds the network’s own settings, the trainer, and every import once', async () => {
  const text = new TextDecoder().decode(await swiftTrainer.write(choose(source, { input: 'image' }), {}));
  expect(text.match(/^.*\bimport .*$/gm)).toEqual([
    '@preconcurrency import CoreML',
    'import Accelerate',
    'import CoreVideo',
    'import Foundation',
  ]);
  expect(text).toContain('static let input = NetworkInput.image\n');
  for (const declared of ['actor TrainableNetwork', 'final class UpdateRun', 'struct ExampleSet'])
    expect(text.match(new RegExp(`^${declared}\\b`, 'gm'))).toHaveLength(1);
  expect(text).not.toContain('AppSettings');
});

test('a classifier whose file has labels of its own is fed those', async () => {
  const values = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
  const source = sourceOf(
    lenet,
    {},
    {},
    { modelType: 'classifier', classLabels: { type: 'string', values } },
  );
  const text = new TextDecoder().decode(await swiftTrainer.write(source, {}));
  expect(text).toContain('static let labels = ["zero", "one", "two"');
  expect(text).toContain('NetworkTarget.textLabel');
});
