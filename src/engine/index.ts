/**
 * The engines that there are. To add one: a driver beside `tfjs/`, a line here, its name in `labels.ts`, and its place in
 * the order of `choose.ts`.
 */
import { chooseEngine, type Choice, type ChoiceOptions } from './choose';
import type { EngineDriver } from './driver';
import { plannedKinds } from './plan/lower';
import { cpu } from './tfjs/cpu';
import { webgl } from './tfjs/webgl';
import { webgpu as tfjsWebgpu } from './tfjs/webgpu';
import { wasm } from './wasm/driver';
import { webgpu } from './webgpu/driver';

/** Our own engines run plans, so they can train what can be planned. */
const ours = [webgpu, wasm].map((driver): EngineDriver => ({ ...driver, kinds: plannedKinds }));

export const drivers: readonly EngineDriver[] = [...ours, tfjsWebgpu, webgl, cpu];

/** Opens the fastest engine that works here, checked against the CPU. See `chooseEngine`. */
export function openEngine(options: ChoiceOptions): Promise<Choice> {
  return chooseEngine(options, drivers, cpu);
}
