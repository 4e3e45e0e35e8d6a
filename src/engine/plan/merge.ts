/** How the layers become operations that join branches. */
import type { LayerContext, Lowered } from './builder';

export function lowerAdd(context: LayerContext): Lowered {
  const output = context.output();
  return {
    output,
    forward: [{ type: 'add', inputs: context.inputs, output }],
    backward: (outputGradient, target) => [{ type: 'addGradient', outputGradient, ...target }],
  };
}

export function lowerMultiply(context: LayerContext): Lowered {
  const { inputs } = context;
  const output = context.output();
  return {
    output,
    forward: [{ type: 'multiply', inputs, output }],
    backward: (outputGradient, target, input) => [
      { type: 'multiplyGradient', inputs: inputs.filter((_, i) => i !== input), outputGradient, ...target },
    ],
  };
}

export function lowerConcatenation(context: LayerContext): Lowered {
  const output = context.output();
  const parts = context.group.layer.inputShapes.map((shape) => shape.at(-1)!);
  const firsts = parts.map((_, i) => parts.slice(0, i).reduce((sum, n) => sum + n, 0));
  const columns = context.group.layer.outputShape.at(-1)!;
  return {
    output,
    forward: [{ type: 'concatenation', inputs: context.inputs, output, columns: parts }],
    backward: (outputGradient, target, input) => [
      {
        type: 'concatenationGradient',
        columns,
        part: parts[input]!,
        first: firsts[input]!,
        outputGradient,
        ...target,
      },
    ],
  };
}
