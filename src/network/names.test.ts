import { describe, expect, it } from 'vitest';
import { isProblem } from '../core/problem';
import { rename } from './names';
import type { Network } from './network';
import { lenet } from './templates/lenet';

const network = lenet.build();
const dense = network.nodes.find(({ name }) => name === 'dense')!.id;

function renamed(name: string): string {
  const outcome = rename(network, dense, name);
  return isProblem(outcome) ? outcome.message : nameOf(outcome);
}
const nameOf = (after: Network): string => after.nodes.find(({ id }) => id === dense)!.name;

describe('the name of a layer', () => {
  it.each(['features', 'block 1.conv-a_2', '1st', 'x'.repeat(64), '  around  '])('can be "%s"', (name) => {
    expect(renamed(name)).toBe(name.trim());
  });

  it.each([
    ['', 'A layer needs a name of at least one letter or digit.'],
    ['   ', 'A layer needs a name of at least one letter or digit.'],
    ['x'.repeat(65), 'A name has at most 64 characters; this one has 65.'],
    ['dense_1', 'Another Dense is named "dense_1" already.'],
  ])('cannot be "%s"', (name, message) => {
    expect(renamed(name)).toBe(message);
  });

  it.each(['a/b', '_hidden', '.conv', 'straße', 'a\nb', 'dense:0'])('cannot be "%s", for exports', (name) => {
    expect(renamed(name)).toMatch(/^A name begins with a letter/);
  });

  it('stays the very network where it is the same', () => {
    expect(rename(network, dense, ' dense ')).toBe(network);
  });
});
