import { describe, expect, test } from 'vitest';
import { lenet } from '../../network/templates/lenet';
import { makePlan } from '../plan/makePlan';
import { compiled, compiledChain } from '../testing/examples';
import { randomNetwork } from '../testing/networks';
import { fittingProgram } from './fit';
import { emulated, hardware } from './kernels/tile';
import { memoryOf, shareBuffers } from './memory';

const adam = { type: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const;
const ample = { maxBufferSize: 2 ** 30, maxStorageBufferBindingSize: 2 ** 30 };
const trained = (network: ReturnType<typeof compiled>) =>
  ({ network, loss: 'categoricalCrossentropy', optimizer: adam }) as const;
const mnist = compiled(lenet.build(), [28, 28, 1], 10);
const networks = [mnist, ...Array.from({ length: 12 }, (_, seed) => randomNetwork([7, 6, 4], 3, seed))];

test('values that live at once lie in different buffers, and each fits its own', () => {
  for (const network of networks) {
    const plan = makePlan({ network, loss: 'meanSquaredError', batch: 5, slots: 2, reserved: 0 });
    const { of, bytes } = shareBuffers(plan);
    plan.buffers.forEach(({ size, shared, from, until }, i) => {
      expect(bytes[of[i]!]).toBeGreaterThanOrEqual(4 * size * (shared ? 1 : plan.batch));
      plan.buffers.slice(0, i).forEach((other, j) => {
        if (from <= other.until && other.from <= until) expect(of[i]).not.toBe(of[j]);
      });
    });
    expect(bytes.length).toBeLessThan(plan.buffers.length);
  }
});

test('no kernel reads a buffer that it writes to', () => {
  for (const network of networks)
    for (const model of [hardware, emulated]) {
      const program = fittingProgram(trained(network), 16, model, ample);
      const { of } = memoryOf(program).shared;
      for (const { name, bindings } of Object.values(program.kernels).flat()) {
        const places = Object.values(bindings).map(({ resource, writes }) => {
          const place = resource.type === 'buffer' ? `values ${of[resource.id]}` : resource.type;
          return { place: resource.type === 'slot' ? `${place} ${resource.slot}` : place, writes };
        });
        const written = places.filter(({ writes }) => writes).map(({ place }) => place);
        const read = places.filter(({ writes }) => !writes).map(({ place }) => place);
        expect(
          read.filter((place) => written.includes(place)),
          name,
        ).toEqual([]);
        expect(Object.keys(bindings).length, name).toBeLessThanOrEqual(8);
      }
    }
});

test('parts of blocks begin at 256 bytes, which every device lets a binding begin at', () => {
  for (const network of networks) {
    const program = fittingProgram(trained(network), 16, hardware, ample);
    for (const { bindings } of Object.values(program.kernels).flat())
      for (const { resource } of Object.values(bindings))
        if ('start' in resource) expect(resource.start % 64).toBe(0);
  }
});

describe('what does not fit', () => {
  test('is refused with what it takes and what the device allows', () => {
    const wide = compiledChain([4, 4, 4], 10, [
      ['flatten'],
      ['dense', { units: 65536 }],
      ['dense', { units: 10, activation: 'softmax' }],
    ]);
    const small = { maxBufferSize: 2 ** 24, maxStorageBufferBindingSize: 2 ** 23 };
    expect(() => fittingProgram(trained(wide), 128, hardware, small)).toThrow(
      /^This network takes \d+ MB of the graphics processor's memory with a batch of 128, 3\d MB of it in one piece; this one gives at most (8|16) MB in one piece\. Make the batch or the network smaller\.$/,
    );
  });

  test('with a roomy batch is made for the batch itself', () => {
    const tight = { maxBufferSize: 2 ** 30, maxStorageBufferBindingSize: 2 ** 22 };
    const wide = compiledChain([4, 4, 1], 10, [
      ['flatten'],
      ['dense', { units: 40000 }],
      ['dense', { units: 10, activation: 'softmax' }],
    ]);
    expect(fittingProgram(trained(wide), 4, hardware, tight).plan.batch).toBe(4);
    expect(fittingProgram(trained(wide), 4, hardware, ample).plan.batch).toBe(32);
  });
});
