/** Loops over rows of values: biases, relu, sums, and the optimizers' updates. */
import { f32, f32x4, i32, v128, type Code, type F32, type Local, type V128 } from '../code';
import { integers, kernel, type Kernel } from '../emit';

type I = Local<'i32'>;

/** Adds a bias to each of `rows` rows of `columns` floats; with relu where the last parameter is 1. */
const addBias = kernel('addBias', integers(5), (code, values, bias, rows, columns, relu) => {
  const row = code.let(values);
  const pass = (withRelu: boolean): void =>
    code.for(rows, () => {
      code.vectors(
        columns,
        (at) => {
          const to = code.let(i32.add(row, at));
          const sum = f32x4.add(v128.load(to), v128.load(i32.add(bias, at)));
          code.store(to, withRelu ? f32x4.pmax(sum, v128.zero) : sum);
        },
        (at) => {
          const to = code.let(i32.add(row, at));
          const sum = code.let(f32.add(f32.load(to), f32.load(i32.add(bias, at))));
          const zero = f32.const(0);
          // The condition is false of NaN, which so stays.
          code.storeF32(to, withRelu ? f32.select(zero, sum, f32.gt(zero, sum)) : sum);
        },
      );
      code.step(row, i32.bytes(columns));
    });
  code.if(
    relu,
    () => pass(true),
    () => pass(false),
  );
});

/** relu of `count` floats, from one place to another or the same. */
const relu = kernel('relu', integers(3), (code, from, to, count) =>
  code.vectors(
    count,
    (at) => code.store(i32.add(to, at), f32x4.pmax(v128.load(i32.add(from, at)), v128.zero)),
    (at) => {
      const value = code.let(f32.load(i32.add(from, at)));
      const zero = f32.const(0);
      code.storeF32(i32.add(to, at), f32.select(zero, value, f32.gt(zero, value)));
    },
  ),
);

/** Sets `count` gradients to zero where the output was not above zero. */
const reluGradient = kernel('reluGradient', integers(3), (code, outputs, gradients, count) =>
  code.vectors(
    count,
    (at) => {
      const to = code.let(i32.add(gradients, at));
      code.store(to, v128.and(v128.load(to), f32x4.gt(v128.load(i32.add(outputs, at)), v128.zero)));
    },
    (at) => {
      const to = code.let(i32.add(gradients, at));
      const positive = f32.gt(f32.load(i32.add(outputs, at)), f32.const(0));
      code.storeF32(to, f32.select(f32.load(to), f32.const(0), positive));
    },
  ),
);

/** Adds each of `rows` rows of `columns` floats to `sums`. */
const addRows = kernel('addRows', integers(4), (code, values, sums, rows, columns) => {
  const row = code.let(values);
  code.for(rows, () => {
    code.vectors(
      columns,
      (at) => {
        const to = code.let(i32.add(sums, at));
        code.store(to, f32x4.add(v128.load(to), v128.load(i32.add(row, at))));
      },
      (at) => {
        const to = code.let(i32.add(sums, at));
        code.storeF32(to, f32.add(f32.load(to), f32.load(i32.add(row, at))));
      },
    );
    code.step(row, i32.bytes(columns));
  });
});

const splat = (value: F32): V128 => v128.splat(value);

/**
 * Adam; the formulas stand in `tfjs/optimizers.ts`. `count` is a multiple of four.
 * Parameters: weights, gradients, m, v, count, 1 − β₁, 1 − β₂, corrected rate, ε.
 */
const adam = kernel(
  'adam',
  ['i32', 'i32', 'i32', 'i32', 'i32', 'f32', 'f32', 'f32', 'f32'],
  (code, weights, gradients, m, v, count, takeM, takeV, rate, epsilon) => {
    const [vTakeM, vTakeV] = [code.let(splat(takeM)), code.let(splat(takeV))];
    const [vRate, vEpsilon] = [code.let(splat(rate)), code.let(splat(epsilon))];
    wholeVectors(code, count, (at) => {
      const place = (base: I): I => code.let(i32.add(base, at));
      const [w, first, second] = [place(weights), place(m), place(v)];
      const g = code.let(v128.load(place(gradients)));
      const oldM = code.let(v128.load(first));
      const oldV = code.let(v128.load(second));
      const newM = code.let(f32x4.add(oldM, f32x4.mul(f32x4.sub(g, oldM), vTakeM)));
      const newV = code.let(f32x4.add(oldV, f32x4.mul(f32x4.sub(f32x4.mul(g, g), oldV), vTakeV)));
      code.store(first, newM);
      code.store(second, newV);
      const change = f32x4.div(f32x4.mul(newM, vRate), f32x4.add(f32x4.sqrt(newV), vEpsilon));
      code.store(w, f32x4.sub(v128.load(w), change));
    });
  },
);

/** w −= rate·g, of `count` floats, a multiple of four. */
const descend = kernel('descend', ['i32', 'i32', 'i32', 'f32'], (code, weights, gradients, count, rate) => {
  const vRate = code.let(splat(rate));
  wholeVectors(code, count, (at) => {
    const w = code.let(i32.add(weights, at));
    const change = f32x4.mul(v128.load(i32.add(gradients, at)), vRate);
    code.store(w, f32x4.sub(v128.load(w), change));
  });
});

/** u = momentum·u − rate·g, w += u, of `count` floats, a multiple of four. */
const descendWithMomentum = kernel(
  'descendWithMomentum',
  ['i32', 'i32', 'i32', 'i32', 'f32', 'f32'],
  (code, weights, gradients, slots, count, rate, momentum) => {
    const [vRate, vMomentum] = [code.let(splat(rate)), code.let(splat(momentum))];
    wholeVectors(code, count, (at) => {
      const [w, u] = [code.let(i32.add(weights, at)), code.let(i32.add(slots, at))];
      const change = f32x4.mul(v128.load(i32.add(gradients, at)), vRate);
      const next = code.let(f32x4.sub(f32x4.mul(v128.load(u), vMomentum), change));
      code.store(u, next);
      code.store(w, f32x4.add(v128.load(w), next));
    });
  },
);

function wholeVectors(code: Code, count: I, body: (at: I) => void): void {
  const at = code.let(i32.const(0));
  const end = code.let(i32.bytes(count));
  code.while(
    () => i32.ltU(at, end),
    () => {
      body(at);
      code.step(at, i32.const(16));
    },
  );
}

export const elementKernels: readonly Kernel[] = [
  addBias,
  relu,
  reluGradient,
  addRows,
  adam,
  descend,
  descendWithMomentum,
];
