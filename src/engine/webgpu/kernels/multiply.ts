/** Products of branches, value by value, and their gradients, which are products too. */
import type { Backward, Forward, KernelContext } from './context';
import { reads, scratch, writes, type Binding, type Kernel } from './kernel';
import { elementKernel } from './text';

/** Factors that a kernel multiplies at once; every device binds eight buffers. */
const TOGETHER = 6;

export function multiply({ inputs, output }: Forward<'multiply'>, context: KernelContext): Kernel[] {
  const size = context.extent(output);
  const kernelOf = (factors: readonly Binding[], body: (product: string) => string): Kernel => {
    const { bindings, product } = productOf(factors);
    return elementKernel('multiply', size, { ...bindings, outputs: writes(output) }, body(product));
  };
  const [first, rest] = parted(inputs.map(reads));
  return [
    kernelOf(first, (product) => `  outputs[i] = ${product};`),
    ...(rest.length > 0 ? [kernelOf(rest, (product) => `  outputs[i] *= ${product};`)] : []),
  ];
}

/** What does not fit one kernel is multiplied apart: the target may hold the gradient of another branch already. */
export function multiplyGradient(operation: Backward<'multiplyGradient'>, context: KernelContext): Kernel[] {
  const { inputs, outputGradient, inputGradient, accumulate } = operation;
  if (inputGradient === undefined) return [];
  const name = 'multiply gradient';
  const size = context.extent(inputGradient);
  const [first, rest] = parted([outputGradient, ...inputs].map(reads));
  const target = { input_gradient: writes(inputGradient) };
  const store = accumulate ? '+=' : '=';
  if (rest.length === 0) {
    const { bindings, product } = productOf(first);
    return [
      elementKernel(name, size, { ...bindings, ...target }, `  input_gradient[i] ${store} ${product};`),
    ];
  }
  context.reserveScratch(context.plan.batch * size.size);
  const before = productOf(first);
  const { bindings, product } = productOf([...rest, scratch(false)]);
  return [
    elementKernel(
      `${name}, first`,
      size,
      { ...before.bindings, kept: scratch(true) },
      `  kept[i] = ${before.product};`,
    ),
    elementKernel(name, size, { ...bindings, ...target }, `  input_gradient[i] ${store} ${product};`),
  ];
}

const parted = (factors: readonly Binding[]) =>
  [factors.slice(0, TOGETHER), factors.slice(TOGETHER)] as const;

/** The factors' bindings and their product at `i`. */
function productOf(factors: readonly Binding[]) {
  return {
    bindings: Object.fromEntries(factors.map((factor, n) => [`factor_${n}`, factor])),
    product: factors.map((_, n) => `factor_${n}[i]`).join(' * '),
  };
}
