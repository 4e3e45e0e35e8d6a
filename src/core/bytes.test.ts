/** Parts of bytes become one block. */
import { expect, test } from 'vitest';
import { joined } from './bytes';

test('parts are joined in their order', () => {
  expect(joined([Uint8Array.of(1, 2), new Uint8Array(), Uint8Array.of(3)])).toEqual(Uint8Array.of(1, 2, 3));
});
