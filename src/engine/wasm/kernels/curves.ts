/** Activations of values side by side, and their derivatives, which are taken from the outputs. Not softmax: it looks at rows. */
import type { Curve } from '../../plan/plan';
import type { Code } from '../code';
import { f32x4, i32, v128, type Local, type V128 } from '../expressions';
import { integers, kernel, type Kernel } from '../emit';
import { exp, log1p } from './functions';

type Name = Exclude<Curve['name'], 'softmax' | 'linear'>;
type X = Local<'v128'>;

interface Function1 {
  readonly value: (code: Code, x: X, alpha: V128) => V128;
  /** A gradient times the derivative, by the output y. */
  readonly back: (code: Code, gradient: X, y: X, alpha: V128) => V128;
}

const { add, sub, mul, div, max, min, abs, gt, ge } = f32x4;
const zero = v128.zero;
const one = f32x4.const(1);
const negated = (x: V128): V128 => sub(zero, x);

const curves: Record<Name, Function1> = {
  relu: { value: (_, x) => f32x4.pmax(x, zero), back: (_, g, y) => v128.and(g, gt(y, zero)) },
  sigmoid: {
    value: (code, x) => div(one, add(one, exp(code, negated(x)))),
    back: (_, g, y) => mul(g, mul(y, sub(one, y))),
  },
  // From e^(−2|x|), which never overflows; its sign is that of x.
  tanh: {
    value(code, x) {
      const e = exp(code, mul(abs(x), f32x4.const(-2)));
      const size = code.let(div(sub(one, e), add(one, e)));
      return v128.select(size, negated(size), ge(x, zero));
    },
    back: (_, g, y) => mul(g, sub(one, mul(y, y))),
  },
  elu: {
    value: (code, x, alpha) => v128.select(x, mul(alpha, sub(exp(code, min(x, zero)), one)), ge(x, zero)),
    back: (_, g, y, alpha) => v128.select(g, mul(g, add(y, alpha)), gt(y, zero)),
  },
  leakyRelu: {
    value: (_, x, alpha) => v128.select(x, mul(alpha, x), ge(x, zero)),
    back: (_, g, y, alpha) => v128.select(g, mul(g, alpha), gt(y, zero)),
  },
  // log(1 + eˣ), which is x where eˣ would overflow.
  softplus: {
    value: (code, x) => add(max(x, zero), log1p(code, exp(code, negated(code.let(abs(x)))))),
    back: (code, g, y) => mul(g, sub(one, exp(code, negated(y)))),
  },
  softsign: {
    value: (_, x) => div(x, add(one, abs(x))),
    back(code, g, y) {
      const rest = code.let(sub(one, abs(y)));
      return mul(g, mul(rest, rest));
    },
  },
};

/** Whether the curve takes each value by itself. */
export function isPointwise(curve: Curve): curve is Curve & { readonly name: Name } {
  return curve.name !== 'softmax' && curve.name !== 'linear';
}

/** to = curve(from). Parameters: count, from, to, which may be the same. */
export function curveKernel(name: string, curve: Curve & { readonly name: Name }): Kernel {
  return kernel(name, integers(3), (code, count, from, to) => {
    const alpha = code.let(f32x4.const(curve.alpha));
    code.floats(count, (at, lanes) => {
      const x = code.let(lanes.load(i32.add(from, at)));
      lanes.store(i32.add(to, at), code.let(curves[curve.name].value(code, x, alpha)));
    });
  });
}

/** Multiplies gradients by the derivative at the outputs. Parameters: count, outputs, gradients. */
export function derivativeKernel(name: string, curve: Curve & { readonly name: Name }): Kernel {
  return kernel(name, integers(3), (code, count, outputs, gradients) => {
    const alpha = code.let(f32x4.const(curve.alpha));
    code.floats(count, (at, lanes) => {
      const y = code.let(lanes.load(i32.add(outputs, at)));
      const to = code.let(i32.add(gradients, at));
      const gradient = code.let(lanes.load(to));
      lanes.store(to, code.let(curves[curve.name].back(code, gradient, y, alpha)));
    });
  });
}
