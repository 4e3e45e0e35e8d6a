/** Activations whose numbers are weights, one of each a channel: their values, and the gradients of input and weights. */
import type { ChannelCurveShape } from '../../plan/plan';
import type { Code, Lanes } from '../code';
import { f32x4, i32, v128, type Local, type V128 } from '../expressions';
import { integers, kernel, type Kernel } from '../emit';
import { column, columns, values } from './columns';
import { softplus, softplusSlope } from './functions';

type X = Local<'v128'>;
/** One of each a channel; beta is 0 where the curve has none. */
interface Numbers {
  readonly alpha: X;
  readonly beta: X;
}

interface ChannelCurve {
  readonly value: (code: Code, x: X, numbers: Numbers) => V128;
  /** The gradient of the input. */
  readonly input: (code: Code, g: X, x: X, numbers: Numbers) => V128;
  /** What a value adds to the gradients of the weights. */
  readonly weights: (code: Code, g: X, x: X, numbers: Numbers) => readonly V128[];
}

const { add, mul, gt, ge } = f32x4;
const zero = v128.zero;

const curves: Record<ChannelCurveShape['name'], ChannelCurve> = {
  prelu: {
    value: (_, x, { alpha }) => v128.select(x, mul(alpha, x), ge(x, zero)),
    input: (_, g, x, { alpha }) => v128.select(g, mul(g, alpha), gt(x, zero)),
    weights: (_, g, x) => [v128.select(zero, mul(g, x), gt(x, zero))],
  },
  parametricSoftplus: {
    value: (code, x, { alpha, beta }) => mul(alpha, softplus(code, code.let(mul(beta, x)))),
    input(code, g, x, { alpha, beta }) {
      const y = code.let(softplus(code, code.let(mul(beta, x))));
      return mul(mul(g, mul(alpha, beta)), softplusSlope(code, y));
    },
    weights(code, g, x, { alpha, beta }) {
      const y = code.let(softplus(code, code.let(mul(beta, x))));
      return [mul(g, y), mul(mul(g, alpha), mul(x, softplusSlope(code, y)))];
    },
  },
};

type I = Local<'i32'>;

const loaded = (
  code: Code,
  { beta }: ChannelCurveShape,
  alphas: I,
  betas: I,
  at: I,
  lanes: Lanes,
): Numbers => ({
  alpha: code.let(lanes.load(i32.add(alphas, at))),
  beta: code.let(beta === undefined ? zero : lanes.load(i32.add(betas, at))),
});

/** to = curve(from). Parameters: rows, from, to, alphas, betas. */
export function channelCurveKernel(name: string, shape: ChannelCurveShape): Kernel {
  return kernel(name, integers(5), (code, rows, from, to, alphas, betas) =>
    values(code, rows, shape.channels, [from, to], (at, lanes) => {
      const numbers = loaded(code, shape, alphas, betas, at, lanes);
      const x = code.let(lanes.load(i32.add(from, at)));
      lanes.store(i32.add(to, at), code.let(curves[shape.name].value(code, x, numbers)));
    }),
  );
}

/** The gradient of the input, or that added. Parameters: rows, inputs, gradients, to, alphas, betas. */
export function channelInputKernel(name: string, shape: ChannelCurveShape, accumulate: boolean): Kernel {
  return kernel(name, integers(6), (code, rows, from, gradients, to, alphas, betas) =>
    values(code, rows, shape.channels, [from, gradients, to], (at, lanes) => {
      const numbers = loaded(code, shape, alphas, betas, at, lanes);
      const [x, g] = [from, gradients].map((base) => code.let(lanes.load(i32.add(base, at))));
      const gradient = code.let(curves[shape.name].input(code, g!, x!, numbers));
      const target = code.let(i32.add(to, at));
      lanes.store(target, accumulate ? add(lanes.load(target), gradient) : gradient);
    }),
  );
}

/** Sums of the weights' gradients. Parameters: rows, inputs, gradients, alphas, betas, and where the sums of each go. */
export function channelSumsKernel(name: string, shape: ChannelCurveShape): Kernel {
  return kernel(name, integers(7), (code, rows, from, gradients, alphas, betas, ofAlpha, ofBeta) =>
    columns(code, shape.channels, (at, lanes) => {
      const numbers = loaded(code, shape, alphas, betas, at, lanes);
      const targets = shape.beta === undefined ? [ofAlpha] : [ofAlpha, ofBeta];
      const sums = targets.map(() => code.let(zero));
      const value = code.let(i32.add(from, at));
      column(code, rows, i32.add(gradients, at), 4 * shape.channels, (place) => {
        const [g, x] = [place, value].map((address) => code.let(lanes.load(address)));
        curves[shape.name]
          .weights(code, g!, x!, numbers)
          .forEach((share, i) => code.set(sums[i]!, add(sums[i]!, share)));
        code.step(value, i32.const(4 * shape.channels));
      });
      sums.forEach((sum, i) => lanes.store(i32.add(targets[i]!, at), sum));
    }),
  );
}
