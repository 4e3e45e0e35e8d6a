/** The optimizers' update of weights from their gradient; the formulas are Keras's and stand in `tfjs/optimizers.ts`. */
import type { OptimizerSettings } from '../../engine';
import { rateOf } from '../../optimizer';
import type { Code } from '../code';
import { f32x4, i32, v128, type F32, type I32, type Local, type V128 } from '../expressions';
import { integers, kernel, type Kernel } from '../emit';

type I = Local<'i32'>;

/** Which of them. */
export type OptimizerKind = 'adam' | 'sgd' | 'momentum';

export function kindOf(settings: OptimizerSettings): OptimizerKind {
  if (settings.type === 'adam') return 'adam';
  return settings.momentum === 0 ? 'sgd' : 'momentum';
}

/** The numbers that an update takes, four for every optimizer. `step` counts from 1. */
export function scalarsOf(settings: OptimizerSettings, step: number): readonly number[] {
  if (settings.type !== 'adam') return [settings.learningRate, settings.momentum, 0, 0];
  const { beta1, beta2, epsilon } = settings;
  return [1 - beta1, 1 - beta2, rateOf(settings, step), epsilon];
}

/** Parameter types of `scalarsOf` in a kernel. */
export const scalarTypes = ['f32', 'f32', 'f32', 'f32'] as const;
export type Scalars = readonly [F32, F32, F32, F32];

/** A weight and what is kept of it, as addresses. */
export interface Places {
  readonly weight: I32;
  readonly first: I32;
  readonly second: I32;
}

/** Emits the update of four weights at `offset` bytes from the places. */
export type Update = (gradient: V128, places: Places, offset: number) => void;

/** Spreads the scalars to vectors, once for a kernel. */
export function prepareUpdate(code: Code, kind: OptimizerKind, scalars: Scalars): Update {
  const [one, two, three, four] = scalars.map((value) => code.let(v128.splat(value)));
  const updates: Record<OptimizerKind, Update> = {
    // m += (g − m)(1 − β₁), v += (g² − v)(1 − β₂), w −= m · rate / (√v + ε)
    adam(gradient, { weight, first, second }, offset) {
      const g = code.let(gradient);
      const [oldM, oldV] = [code.let(v128.load(first, offset)), code.let(v128.load(second, offset))];
      const m = code.let(f32x4.add(oldM, f32x4.mul(f32x4.sub(g, oldM), one!)));
      const v = code.let(f32x4.add(oldV, f32x4.mul(f32x4.sub(f32x4.mul(g, g), oldV), two!)));
      code.store(first, m, offset);
      code.store(second, v, offset);
      const change = f32x4.div(f32x4.mul(m, three!), f32x4.add(f32x4.sqrt(v), four!));
      code.store(weight, f32x4.sub(v128.load(weight, offset), change), offset);
    },
    sgd: (gradient, { weight }, offset) =>
      code.store(weight, f32x4.sub(v128.load(weight, offset), f32x4.mul(gradient, one!)), offset),
    // u = momentum · u − rate · g, w += u
    momentum(gradient, { weight, first }, offset) {
      const change = f32x4.mul(gradient, one!);
      const u = code.let(f32x4.sub(f32x4.mul(v128.load(first, offset), two!), change));
      code.store(first, u, offset);
      code.store(weight, f32x4.add(v128.load(weight, offset), u), offset);
    },
  };
  return updates[kind];
}

/**
 * Updates `count` weights, a multiple of four, from gradients that lie side by side.
 * Parameters: count, gradients, weights, first slot, second slot, and the scalars.
 */
export function updateKernel(name: string, kind: OptimizerKind): Kernel {
  return kernel(name, [...integers(5), ...scalarTypes], (code, ...parameters) => {
    const [count, gradients, weight, first, second, ...scalars] = parameters as [
      I,
      I,
      I,
      I,
      I,
      F32,
      F32,
      F32,
      F32,
    ];
    const update = prepareUpdate(code, kind, scalars);
    code.for(i32.shrU(count, 2), () => {
      update(v128.load(gradients), { weight, first, second }, 0);
      for (const at of [gradients, weight, first, second]) code.step(at, i32.const(16));
    });
  });
}
