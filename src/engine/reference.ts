/** The gradient step that engines are checked against: computed once on the CPU, and remembered for the next choice. */
import { analyze } from '../network/analyze';
import type { CompiledNetwork } from '../network/compiled';
import { lenet } from '../network/templates/lenet';
import { referenceStep, type GradientStep } from './check';
import type { EngineDriver } from './driver';
import type { Loss } from './engine';

/** Multiply-adds of one image up to which the network itself is checked: about 5 seconds on the CPU. */
const CHECKED_SIZE = 50e6;
/** Parameters up to which the step is remembered: it holds all weights twice. */
const REMEMBERED_SIZE = 2e6;

export interface Reference {
  /** What is checked: the network, or one that stands in for it. */
  readonly network: CompiledNetwork;
  readonly seed: number;
  readonly step: GradientStep;
}

const remembered = new WeakMap<CompiledNetwork, { readonly loss: Loss; readonly reference: Reference }>();

/**
 * The reference for a network. No other engine on TensorFlow.js may be open meanwhile.
 * @throws Error where the reference engine does not run.
 */
export async function referenceFor(
  network: CompiledNetwork,
  loss: Loss,
  driver: EngineDriver,
): Promise<Reference> {
  const known = remembered.get(network);
  if (known?.loss === loss) return known.reference;
  const checked = network.multiplyAdds <= CHECKED_SIZE ? network : smallNetwork();
  const probe = await driver.probe();
  if (!probe.available) throw new Error(`It cannot be checked: ${probe.reason}`);
  const engine = await driver.open(probe);
  try {
    const reference = { network: checked, ...(await referenceStep(engine, checked, loss)) };
    if (checked.parameters <= REMEMBERED_SIZE) remembered.set(network, { loss, reference });
    return reference;
  } finally {
    engine.dispose();
  }
}

/** Stands in for a network that the CPU would take too long for: the kernels of the engine are the same. */
function smallNetwork(): CompiledNetwork {
  const task = {
    inputShape: [28, 28, 1],
    classes: 10,
    loss: 'categoricalCrossentropy',
    datasetLabel: 'MNIST',
  };
  return analyze(lenet.build(), task).compiled!;
}
