/**
 * The gradient of a convolution's kernel, computed over parts of the batch where TensorFlow.js's shader would loop too
 * long. Mesa's llvmpipe quietly ends all loops of a shader after 65,535 rounds in sum (LP_MAX_TGSI_LOOP_ITERATIONS); the
 * shader visits each output position of each image, and the rest of the batch was left out: at 128 images of MNIST the
 * gradient of LeNet's first kernel was off by a third.
 */
import * as core from '@tensorflow/tfjs-core';
import type { KernelFunc, Tensor, Tensor4D } from '@tensorflow/tfjs-core';

/** Rounds that every driver is known to take. */
export const LOOP_LIMIT = 65_535;

const wholes = new Map<string, KernelFunc>();

/**
 * Makes one backend compute it so; it must be loaded. Called again, it sets another limit.
 * @param limit rounds that a shader may take.
 */
export function limitFilterGradient(backend: string, limit = LOOP_LIMIT): void {
  const name = core.Conv2DBackpropFilter;
  const whole = wholes.get(backend) ?? core.getKernel(name, backend).kernelFunc;
  wholes.set(backend, whole);
  const kernelFunc: KernelFunc = (call) => {
    const { x, dy } = call.inputs as unknown as { x: Tensor4D; dy: Tensor4D };
    const [batch, height, width] = dy.shape;
    // Nested loops over images, rows and columns, with the round in which each loop ends; as measured.
    const rounds = height * (width + 2) + 3;
    const part = Math.max(1, Math.floor(limit / rounds));
    if (part >= batch) return whole(call);
    return core.tidy(() => {
      const partly = (start: number): Tensor => {
        const take = (tensor: Tensor4D): Tensor4D => core.slice(tensor, start, Math.min(part, batch - start));
        const info = whole({ ...call, inputs: { x: take(x), dy: take(dy) } });
        return core.engine().makeTensorFromTensorInfo(info as core.TensorInfo);
      };
      return core.addN(Array.from({ length: Math.ceil(batch / part) }, (_, i) => partly(i * part)));
    });
  };
  core.unregisterKernel(name, backend);
  core.registerKernel({ kernelName: name, backendName: backend, kernelFunc });
}
