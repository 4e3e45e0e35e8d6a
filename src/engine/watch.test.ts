import { describe, expect, test } from 'vitest';
import { DeviceLostError } from './engine';
import { DeviceWatch } from './watch';

const never = new Promise<never>(() => undefined);

describe('a lost device', () => {
  test('ends what waits for it', async () => {
    const watch = new DeviceWatch();
    const waiting = watch.race(never);
    watch.lose('The graphics processor was lost.');
    await expect(waiting).rejects.toThrow(DeviceLostError);
    await expect(waiting).rejects.toThrow('The graphics processor was lost.');
  });

  test('refuses all that comes later, for its first reason', async () => {
    const watch = new DeviceWatch();
    watch.lose('It is gone.');
    watch.lose('It is gone again.');
    expect(() => watch.run(() => 1)).toThrow('It is gone.');
    await expect(watch.race(Promise.resolve(1))).rejects.toThrow('It is gone.');
  });

  test('is found by asking it', () => {
    let lost = false;
    const watch = new DeviceWatch(() => (lost ? 'It is gone.' : undefined));
    expect(watch.run(() => 1)).toBe(1);
    lost = true;
    expect(() => watch.run(() => 1)).toThrow(DeviceLostError);
  });

  test('is what an error means that its loss has caused', () => {
    let lost = false;
    const watch = new DeviceWatch(() => (lost ? 'It is gone.' : undefined));
    const fail = (): never => {
      lost = true;
      throw new Error('Cannot read properties of null');
    };
    expect(() => watch.run(fail)).toThrow('It is gone.');
  });
});

test('is found by its errors when it is idle, and by reads that it aborts', async () => {
  const watch = new DeviceWatch((idle) => (idle ? 'The graphics processor ran out of memory.' : undefined));
  expect(watch.run(() => 1)).toBe(1);
  await expect(watch.race(Promise.resolve(1))).rejects.toThrow('ran out of memory');
  const aborted = Promise.reject(new DOMException('Buffer was unmapped', 'AbortError'));
  await expect(new DeviceWatch().race(aborted)).rejects.toThrow(DeviceLostError);
});

test('running out of memory is told from other errors', async () => {
  const refused = (message: string) => () => {
    throw new RangeError(message);
  };
  expect(() => new DeviceWatch().run(refused('Array buffer allocation failed'))).toThrow(DeviceLostError);
  await expect(new DeviceWatch().race(Promise.reject(new Error('Out of memory')))).rejects.toThrow(
    DeviceLostError,
  );
  const watch = new DeviceWatch();
  expect(() => watch.run(refused('There is no example 7.'))).toThrow(RangeError);
  expect(watch.run(() => 2)).toBe(2);
});
