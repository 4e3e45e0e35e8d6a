/** Values put in other places: copies of runs that lie side by side, zeros around them, and the way back. */
import type { WalkedAxis } from '../../plan/plan';
import type { Code } from '../code';
import { f32, f32x4, i32, type Local } from '../expressions';
import { integers, kernel, type Kernel } from '../emit';

type I = Local<'i32'>;

/** What is done on a walk. `from` is a place in the input, `to` one in the output; both are addresses. */
interface Steps {
  /** With `count` values that lie side by side in both. */
  readonly run: (from: I, to: I, count: number) => void;
  /** With `count` values of the output that have none in the input. */
  readonly skip?: (to: I, count: number) => void;
}

/** Walks the output of one example along all axes; `to` moves along. */
function walk(code: Code, axes: readonly WalkedAxis[], from: I, to: I, steps: Steps): void {
  const [axis, ...inner] = axes;
  const pass = (count: number): void => {
    if (count === 0) return;
    steps.skip?.(to, count);
    code.step(to, i32.const(4 * count));
  };
  const run = (count: number): void => {
    steps.run(from, to, count);
    code.step(to, i32.const(4 * count));
  };
  if (!axis) return run(1);
  const { count, stride, before, inside } = axis;
  if (inner.length === 0 && stride === 1 && inside === count) return run(count);
  const size = inner.reduce((product, { count: n }) => product * n, 1);
  pass(before * size);
  const place = code.let(from);
  code.repeat(inside, () => {
    walk(code, inner, place, to, steps);
    code.step(place, i32.const(4 * stride));
  });
  pass((count - before - inside) * size);
}

/** Parameters: examples, input, its bytes an example, output. */
export function rearrangementKernel(name: string, axes: readonly WalkedAxis[]): Kernel {
  return kernel(name, integers(4), (code, examples, input, step, output) =>
    code.for(examples, () => {
      walk(code, axes, input, output, {
        run(from, to, count) {
          if (count === 1) return code.storeF32(to, f32.load(from));
          code.floats(i32.const(count), (at, lanes) =>
            lanes.store(i32.add(to, at), lanes.load(i32.add(from, at))),
          );
        },
        skip: (to, count) => code.clear(to, i32.const(4 * count)),
      });
      code.step(input, step);
    }),
  );
}

/** Adds each value of the output's gradient to the input's. Parameters: examples, input's gradient, its bytes an example, output's gradient. */
export function rearrangementGradientKernel(name: string, axes: readonly WalkedAxis[]): Kernel {
  return kernel(name, integers(4), (code, examples, input, step, output) =>
    code.for(examples, () => {
      walk(code, axes, input, output, {
        run(from, to, count) {
          if (count === 1) return code.addF32(from, to);
          code.floats(i32.const(count), (at, lanes) => {
            const target = code.let(i32.add(from, at));
            const sum = f32x4.add(lanes.load(target), lanes.load(i32.add(to, at)));
            lanes.store(target, sum);
          });
        },
      });
      code.step(input, step);
    }),
  );
}
