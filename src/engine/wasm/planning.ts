/** The plans of a network for this engine: weights lie in panels, and what one thread does between two meetings shares no memory. */
import type { CompiledNetwork } from '../../network/compiled';
import type { Loss, OptimizerSettings } from '../engine';
import { slotNames } from '../optimizer';
import { makePlan, type Span } from '../plan/makePlan';
import type { Plan } from '../plan/plan';
import { storedSize } from './layout';

/** Makes the plan for batches of a size, behind so many reserved bytes. Without spans, operations run one by one. */
export type Planner = (batch: number, reserved: number, spans?: readonly Span[]) => Plan;

export interface Planned {
  readonly network: CompiledNetwork;
  readonly loss: Loss;
  readonly optimizer: OptimizerSettings;
}

export function plannerOf({ network, loss, optimizer }: Planned): Planner {
  const slots = slotNames(optimizer).length;
  return (batch, reserved, spans) =>
    makePlan({ network, loss, batch, slots, reserved, storedSize, ...(spans && { spans }) });
}
