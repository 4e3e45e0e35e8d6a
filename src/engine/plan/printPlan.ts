/** A plan as text, for people: the operations in order with their buffers, and what memory they take. */
import { buffersOf } from './makePlan';
import type { Plan, PlannedOperation } from './plan';

/** One line for each operation and each buffer, and one for the sum. */
export function printPlan(plan: Plan): string {
  const operations = [...plan.forward, plan.loss, ...plan.backward];
  const name = (id: number): string => plan.buffers[id]!.name;
  const lines = operations.map(
    (operation, i) =>
      `${String(i).padStart(3)} ${titleOf(operation)}: ${buffersOf(operation).map(name).join(', ')}`,
  );
  const buffers = plan.buffers.map(
    ({ name: label, size, shared, offset, from, until }) =>
      `${offset} ${label}: ${size}${shared ? '' : ` × ${plan.batch}`} floats, operations ${from} to ${until}`,
  );
  return [...lines, ...buffers, `${plan.bytes} bytes`].join('\n');
}

/** What is computed as one: "convolution + relu + max pooling". */
function titleOf(operation: PlannedOperation): string {
  const within = 'shape' in operation ? operation.shape : operation;
  // A curve whose numbers are weights has its name in the shape itself.
  const curve = 'curve' in within ? within.curve : 'name' in within ? within : undefined;
  const extras = [
    ...(curve && curve.name !== 'linear' ? [curve.name] : []),
    ...('pooling' in operation && operation.pooling ? ['max pooling'] : []),
    ...(operation.type === 'loss' && operation.fromLogits ? ['softmax'] : []),
    ...(('shape' in operation || 'table' in operation) &&
    operation.type.endsWith('Gradient') &&
    !isFrozen(operation)
      ? ['update']
      : []),
  ];
  return [operation.type, ...extras].join(' + ');
}

function isFrozen(operation: PlannedOperation): boolean {
  return 'frozen' in operation && operation.frozen === true;
}
