/** Turning a block of eight rows and eight columns over its diagonal, in registers. */
import type { Code } from '../code';
import { v128, type Local, type V128 } from '../expressions';

type I = Local<'i32'>;

/** Writes the transpose of the 8 × 8 floats at `from`, whose rows lie side by side, to `to`. */
export function transposeRows(code: Code, from: I, to: I): void {
  for (const top of [0, 4])
    for (const left of [0, 4]) {
      const rows = [0, 1, 2, 3].map((r) => code.let(v128.load(from, 32 * (top + r) + 4 * left)));
      transposed(code, [rows[0]!, rows[1]!, rows[2]!, rows[3]!]).forEach((column, c) =>
        code.store(to, column, 32 * (left + c) + 4 * top),
      );
    }
}

function transposed(code: Code, [a, b, c, d]: readonly [V128, V128, V128, V128]): readonly V128[] {
  const [ab, cd] = [code.let(v128.shuffle(a, b, [0, 4, 1, 5])), code.let(v128.shuffle(c, d, [0, 4, 1, 5]))];
  const [ef, gh] = [code.let(v128.shuffle(a, b, [2, 6, 3, 7])), code.let(v128.shuffle(c, d, [2, 6, 3, 7]))];
  return [
    v128.shuffle(ab, cd, [0, 1, 4, 5]),
    v128.shuffle(ab, cd, [2, 3, 6, 7]),
    v128.shuffle(ef, gh, [0, 1, 4, 5]),
    v128.shuffle(ef, gh, [2, 3, 6, 7]),
  ];
}
