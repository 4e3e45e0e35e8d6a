/** exp and log1p of vectors, as polynomials (Moshier's Cephes, expf.c; the series of artanh). Relative errors are below 3e-7. */
import type { Code } from '../code';
import { f32x4, i32, i32x4, v128, type V128 } from '../expressions';

const constant = f32x4.const;

function polynomial(code: Code, x: V128, coefficients: readonly number[]): V128 {
  const [first, ...rest] = coefficients;
  return rest.reduce<V128>(
    (sum, coefficient) => code.let(f32x4.add(f32x4.mul(sum, x), constant(coefficient))),
    constant(first!),
  );
}

/** eˣ, kept between the smallest and the largest float. NaN stays NaN. */
export function exp(code: Code, value: V128): V128 {
  const x = code.let(f32x4.max(f32x4.min(value, constant(88.3762626647949)), constant(-87.3365447504019)));
  // x = n · ln 2 + r, with ln 2 in two parts so that r loses nothing.
  const n = code.let(f32x4.nearest(f32x4.mul(x, constant(Math.LOG2E))));
  const r = code.let(
    f32x4.sub(f32x4.sub(x, f32x4.mul(n, constant(0.693359375))), f32x4.mul(n, constant(-2.1219444e-4))),
  );
  const series = polynomial(
    code,
    r,
    [1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1],
  );
  const fraction = f32x4.add(f32x4.add(f32x4.mul(series, f32x4.mul(r, r)), r), constant(1));
  const exponent = i32x4.shl(i32x4.add(i32x4.ofFloats(n), v128.splatI32(i32.const(127))), 23);
  return code.let(f32x4.mul(fraction, exponent));
}

/** log(1 + eˣ), which is x where eˣ would overflow. */
export function softplus(code: Code, x: V128): V128 {
  const negative = code.let(f32x4.sub(v128.zero, code.let(f32x4.abs(x))));
  return f32x4.add(f32x4.max(x, v128.zero), log1p(code, exp(code, negative)));
}

/** The slope of softplus by its output. */
export const softplusSlope = (code: Code, y: V128): V128 =>
  f32x4.sub(f32x4.const(1), exp(code, f32x4.sub(v128.zero, y)));

/** log(1 + z) for z in 0..1: 2 · artanh(z / (2 + z)). */
export function log1p(code: Code, z: V128): V128 {
  const s = code.let(f32x4.div(z, f32x4.add(z, constant(2))));
  const square = code.let(f32x4.mul(s, s));
  const odd = [13, 11, 9, 7, 5, 3, 1].map((n) => 2 / n);
  return code.let(f32x4.mul(polynomial(code, square, odd), s));
}
