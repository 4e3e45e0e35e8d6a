/** Tells a DeviceWatch what becomes of a WebGPU device. */
import { DeviceWatch } from '../watch';

/** A watch over this device, from now on. */
export function watchDevice(device: GPUDevice): DeviceWatch {
  const watch = new DeviceWatch();
  void device.lost.then(({ message }) =>
    watch.lose(`The graphics processor was lost (${message || 'no reason given'}).`),
  );
  // A command that failed leaves its output as it was: nothing computed after it can be trusted.
  device.addEventListener('uncapturederror', ({ error }) => {
    const ranOut = error instanceof GPUOutOfMemoryError;
    watch.lose(
      ranOut
        ? 'The graphics processor ran out of memory.'
        : `The graphics processor refused a command (${error.message}).`,
    );
  });
  return watch;
}
