/** Where one tap on a stepper leads. Pure. */
import type { IntegerParam, RealParam } from '../../core/params';

/** The next value up or down, or undefined where there is none within the limits. */
export function stepFrom(
  value: number,
  direction: 1 | -1,
  spec: IntegerParam | RealParam,
): number | undefined {
  const step = spec.step ?? (spec.type === 'integer' ? 1 : 'scale');
  const next =
    step === 'double'
      ? doubled(value, direction)
      : step === 'scale'
        ? onScale(value, direction)
        : clean(value + step * direction);
  const limited = Math.min(spec.max, Math.max(spec.min, next));
  return limited === value ? undefined : limited;
}

/** The next power of two, so that 32 goes to 64 and 500 to 512 or 256. */
function doubled(value: number, direction: 1 | -1): number {
  const exponent = Math.log2(Math.max(value, 1));
  return (2 ** (direction > 0 ? Math.floor(exponent) + 1 : Math.ceil(exponent) - 1)) | 0;
}

/** The next of 1, 2, 5, 10, 20, … at any power of ten. */
function onScale(value: number, direction: 1 | -1): number {
  if (value <= 0) return direction > 0 ? 1e-7 : 0;
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9);
  const scale = [power / 10, power / 5, power / 2, power, power * 2, power * 5, power * 10].map(clean);
  const near = value * 1e-9;
  return direction > 0 ? scale.find((n) => n > value + near)! : scale.findLast((n) => n < value - near)!;
}

/** Drops the noise of binary fractions: 0.30000000000000004 is 0.3. */
function clean(value: number): number {
  return Number(value.toPrecision(12));
}
