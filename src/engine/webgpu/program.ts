/**
 * A plan as kernels: what a training step, an evaluation and a prediction run on the device, in order, after the batch
 * was gathered. Plain data; no device is needed to make it.
 */
import type { OptimizerSettings } from '../engine';
import type { Plan } from '../plan/plan';
import { KernelContext } from './kernels/context';
import { perExample, type Kernel } from './kernels/kernel';
import { lossKernel } from './kernels/loss';
import { kernelsOf } from './kernels/operations';
import { softmaxKernel } from './kernels/softmax';
import type { DeviceModel } from './kernels/tile';
import { update } from './kernels/update';

export type Task = 'train' | 'evaluate' | 'predict';

export interface Program {
  readonly plan: Plan;
  readonly kernels: Readonly<Record<Task, readonly Kernel[]>>;
  /** Floats of the weights' gradients before they are summed, and of what operations keep for themselves. */
  readonly gradientSize: number;
  readonly scratchSize: number;
  /** For the kernel that updates; see `kernels/update.ts`. */
  readonly pages: Uint32Array<ArrayBuffer>;
}

/**
 * @param model the kind of device that it shall be fast on.
 * @param mostBound floats that a binding has at most.
 */
export function makeProgram(
  plan: Plan,
  optimizer: OptimizerSettings,
  model: DeviceModel,
  mostBound: number,
): Program {
  const context = new KernelContext(plan, model);
  const kernels = (operations: Plan['forward'] | Plan['backward'], training: boolean): readonly Kernel[] =>
    operations.flatMap((operation) => kernelsOf(operation, context, training));
  const { outputs, classes, fromLogits } = plan.loss;
  const loss = lossKernel(plan.loss, plan);
  const train = [...kernels(plan.forward, true), loss, ...kernels(plan.backward, true)];
  const forward = kernels(plan.forward, false);
  const updated = update(context, optimizer, mostBound);
  return {
    plan,
    kernels: {
      train: [...train, ...updated.kernels],
      evaluate: [...forward, loss],
      predict: [...forward, ...(fromLogits ? [softmaxKernel(outputs, outputs, classes, perExample(1))] : [])],
    },
    gradientSize: context.gradientSize,
    scratchSize: context.scratchSize,
    pages: updated.pages,
  };
}
