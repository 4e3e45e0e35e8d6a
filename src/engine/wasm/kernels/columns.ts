/** Loops over rows of channels, for operations that treat each channel by itself. */
import type { Code, Lanes } from '../code';
import { i32, type I32, type Local } from '../expressions';

type I = Local<'i32'>;

/** Runs `body` for each channel or four; it walks that column by itself. */
export function columns(code: Code, channels: number, body: (at: I, lanes: Lanes) => void): void {
  code.floats(i32.const(channels), body);
}

/** Calls `visit` with the address of each of `rows` values of a column. */
export function column(code: Code, rows: I, start: I32, stride: number, visit: (at: I) => void): void {
  const at = code.let(start);
  code.for(rows, () => {
    visit(at);
    code.step(at, i32.const(stride));
  });
}

/** Rows of channels, four or one at a time, with what belongs to the channel loaded anew for each. */
export function values(
  code: Code,
  rows: I,
  channels: number,
  pointers: readonly I[],
  body: (at: I, lanes: Lanes) => void,
) {
  code.for(rows, () => {
    columns(code, channels, body);
    for (const pointer of pointers) code.step(pointer, i32.const(4 * channels));
  });
}
