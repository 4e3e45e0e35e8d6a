/** Why a file as a whole cannot be trained on the device, whatever its layers are, and the ways out. */
import { layerTypeOf } from '../../coreml/rules';
import type { Refusal } from './fates';
import type { Plan, PlanSource } from './plan';
import { endWith, type WayOut } from './wayOut';

const loss = (id: 'categoricalCrossentropy' | 'meanSquaredError', label: string): WayOut => ({
  type: 'settings',
  settings: { loss: id },
  label,
});

/** Undefined where the plan is not refused. */
export function refusalOf({ network, coreml }: PlanSource, plan: Plan): Refusal | undefined {
  const { graph, refused } = plan;
  if (refused === undefined) return undefined;
  const last = network.layers.at(-1);
  const source = graph.layers.find((layer) => layer.output.includes(plan.loss.input));
  const softmax = source !== undefined && layerTypeOf(source) === 'softmax';
  const waysOut: WayOut[] = [];
  if (plan.loss.type === 'categoricalCrossEntropy') {
    if (last && !softmax) waysOut.push(endWith(last, 'softmax', 'End with softmax'));
  } else {
    if (softmax) waysOut.push(loss('categoricalCrossentropy', 'Use categorical cross-entropy'));
    if (last && softmax) waysOut.push(endWith(last, 'sigmoid', 'End with sigmoid'));
    if (coreml.modelType === 'classifier')
      waysOut.push({ type: 'choices', choices: { modelType: 'network' }, label: 'Export a network' });
  }
  return { message: refused, waysOut };
}
