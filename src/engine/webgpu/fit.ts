/** Makes the programs of one training, for batches of any size, and refuses those that the device has no room for. */
import type { TrainerOptions } from '../engine';
import { slotNames } from '../optimizer';
import { makePlan } from '../plan/makePlan';
import { PAGE } from './kernels/context';
import type { DeviceModel } from './kernels/tile';
import { findExcess, memoryOf, type Limits } from './memory';
import { makeProgram, type Program } from './program';

/** Examples that are computed at once at least, where they fit: fewer would leave the device idle. */
const SMALLEST = 32;

/**
 * The program for batches up to this size.
 * @throws Error where it does not fit, with what it takes and what the device allows.
 */
export function fittingProgram(
  { network, loss, optimizer }: Pick<TrainerOptions, 'network' | 'loss' | 'optimizer'>,
  batch: number,
  model: DeviceModel,
  limits: Limits,
): Program {
  const most = Math.floor(Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize) / 4);
  const slots = slotNames(optimizer).length;
  const programOf = (size: number): Program => {
    const plan = makePlan({ network, loss, batch: size, slots, reserved: 0, weightAlignment: PAGE });
    return makeProgram(plan, optimizer, model, most);
  };
  const excessOf = (program: Program) => findExcess(program, memoryOf(program), limits);
  const roomy = programOf(Math.max(batch, SMALLEST));
  if (excessOf(roomy) === undefined) return roomy;
  const program = programOf(batch);
  const excess = excessOf(program);
  if (excess !== undefined) throw new Error(excess);
  return program;
}
