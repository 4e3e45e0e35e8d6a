/** Activations of values side by side, and their derivatives. Not softmax: it looks at rows. */
import { slopeNeedsInput } from '../../plan/curve';
import type { Curve } from '../../plan/plan';
import type { Code } from '../code';
import { f32x4, i32, v128, type Local, type V128 } from '../expressions';
import { integers, kernel, type Kernel } from '../emit';
import { exp, softplus, softplusSlope } from './functions';

type Name = Exclude<Curve['name'], 'softmax' | 'linear'>;
type Pointwise = Curve & { readonly name: Name };
type X = Local<'v128'>;

/** The curve's own. */
interface Numbers {
  readonly alpha: V128;
  readonly beta: V128;
}

interface Function1 {
  readonly value: (code: Code, x: X, numbers: Numbers) => V128;
  /** A gradient times the derivative, by the output y. `side` tells the branches apart: y, or x where y does not. */
  readonly back: (code: Code, gradient: X, y: X, numbers: Numbers, side: X) => V128;
}

const { add, sub, mul, div, min, abs, gt, ge } = f32x4;
const zero = v128.zero;
const one = f32x4.const(1);
const negated = (x: V128): V128 => sub(zero, x);

/** Below it, dividing by a number may overflow. */
const SMALLEST = 1e-30;

/** From e^(−2|x|), which never overflows; its sign is that of x. */
function tanh(code: Code, x: X): V128 {
  const e = exp(code, mul(abs(x), f32x4.const(-2)));
  const size = code.let(div(sub(one, e), add(one, e)));
  return v128.select(size, negated(size), ge(x, zero));
}

const curves: Record<Name, Function1> = {
  relu: { value: (_, x) => f32x4.pmax(x, zero), back: (_, g, y) => v128.and(g, gt(y, zero)) },
  sigmoid: {
    value: (code, x) => div(one, add(one, exp(code, negated(x)))),
    back: (_, g, y) => mul(g, mul(y, sub(one, y))),
  },
  tanh: {
    value: tanh,
    back: (_, g, y) => mul(g, sub(one, mul(y, y))),
  },
  elu: {
    value: (code, x, { alpha }) => v128.select(x, mul(alpha, sub(exp(code, min(x, zero)), one)), ge(x, zero)),
    back: (_, g, y, { alpha }, side) => v128.select(g, mul(g, add(y, alpha)), gt(side, zero)),
  },
  leakyRelu: {
    value: (_, x, { alpha }) => v128.select(x, mul(alpha, x), ge(x, zero)),
    back: (_, g, _y, { alpha }, side) => v128.select(g, mul(g, alpha), gt(side, zero)),
  },
  thresholdedRelu: {
    value: (_, x, { alpha }) => v128.select(zero, x, gt(alpha, x)),
    back: (_, g, _y, { alpha }, side) => v128.and(g, ge(side, alpha)),
  },
  scaledTanh: {
    value: (code, x, { alpha, beta }) => mul(alpha, tanh(code, code.let(mul(beta, x)))),
    // 1 − tanh², with tanh = y / α; where α is as good as 0, so is the slope.
    back(code, g, y, { alpha, beta }) {
      const share = code.let(div(y, alpha));
      const slope = mul(mul(alpha, beta), sub(one, mul(share, share)));
      return v128.and(mul(g, slope), gt(abs(alpha), f32x4.const(SMALLEST)));
    },
  },
  hardSigmoid: {
    value: (_, x, { alpha, beta }) => min(f32x4.pmax(add(mul(alpha, x), beta), zero), one),
    back: (_, g, y, { alpha }) => v128.and(mul(g, alpha), v128.and(gt(y, zero), gt(one, y))),
  },
  affine: {
    value: (_, x, { alpha, beta }) => add(mul(alpha, x), beta),
    back: (_, g, _y, { alpha }) => mul(g, alpha),
  },
  softplus: {
    value: softplus,
    back: (code, g, y) => mul(g, softplusSlope(code, y)),
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
export function isPointwise(curve: Curve): curve is Pointwise {
  return curve.name !== 'softmax' && curve.name !== 'linear';
}

const numbersOf = (code: Code, { alpha, beta }: Pointwise): Numbers => ({
  alpha: code.let(f32x4.const(alpha)),
  beta: code.let(f32x4.const(beta)),
});

/** to = curve(from). Parameters: count, from, to, which may be the same. */
export function curveKernel(name: string, curve: Pointwise): Kernel {
  return kernel(name, integers(3), (code, count, from, to) => {
    const numbers = numbersOf(code, curve);
    code.floats(count, (at, lanes) => {
      const x = code.let(lanes.load(i32.add(from, at)));
      lanes.store(i32.add(to, at), code.let(curves[curve.name].value(code, x, numbers)));
    });
  });
}

/**
 * Multiplies gradients by the derivative. Parameters: count, outputs, gradients, inputs, which are read only where the
 * outputs do not tell the slope.
 */
export function derivativeKernel(name: string, curve: Pointwise): Kernel {
  return kernel(name, integers(4), (code, count, outputs, gradients, inputs) => {
    const numbers = numbersOf(code, curve);
    code.floats(count, (at, lanes) => {
      const y = code.let(lanes.load(i32.add(outputs, at)));
      const side = slopeNeedsInput(curve) ? code.let(lanes.load(i32.add(inputs, at))) : y;
      const to = code.let(i32.add(gradients, at));
      const gradient = code.let(lanes.load(to));
      lanes.store(to, code.let(curves[curve.name].back(code, gradient, y, numbers, side)));
    });
  });
}
