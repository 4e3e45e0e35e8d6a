import { expect, it } from 'vitest';
import { optionLabel } from './optionLabel';

it.each([
  ['categoricalCrossentropy', 'categorical crossentropy'],
  ['sgd', 'SGD'],
  ['adam', 'Adam'],
  ['60000', '60,000'],
  ['500', '500'],
])('reads %s as "%s"', (option, words) => {
  expect(optionLabel(option)).toBe(words);
});
