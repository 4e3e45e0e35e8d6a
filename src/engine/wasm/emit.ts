/** Puts functions written in `code.ts` together into the bytes of a WebAssembly module that imports its memory. */
import { Code } from './code';
import { localAt, unsigned, type Local, type ValueType } from './expressions';

/** A function that can be exported: what it takes, and what it does. It returns nothing. */
export interface Kernel {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  /** Writes the body; a thread that gets compiled kernels never asks for it. */
  readonly write: (code: Code) => void;
}

type Locals<P extends readonly ValueType[]> = { [K in keyof P]: Local<P[K]> };

/** Defines a kernel; `write` gets the code to write to and the parameters as locals. */
export function kernel<const P extends readonly ValueType[]>(
  name: string,
  parameters: P,
  write: (code: Code, ...parameters: Locals<P>) => void,
): Kernel {
  return {
    name,
    parameters,
    write: (code) => write(code, ...(parameters.map((type, i) => localAt(type, i)) as Locals<P>)),
  };
}

type Integers<N extends number, Some extends 'i32'[] = []> = Some['length'] extends N
  ? Some
  : Integers<N, [...Some, 'i32']>;

/** `count` times i32. */
export function integers<N extends number>(count: N): Integers<N> {
  return Array<'i32'>(count).fill('i32') as Integers<N>;
}

const typeCodes: Record<ValueType, number> = { i32: 0x7f, f32: 0x7d, v128: 0x7b };

const list = (items: readonly (readonly number[])[]): number[] => [
  ...unsigned(items.length),
  ...items.flat(),
];
const sized = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes];
const text = (value: string): number[] => sized([...new TextEncoder().encode(value)]);
const section = (id: number, items: readonly (readonly number[])[]): number[] => [id, ...sized(list(items))];

/**
 * The binary module (WebAssembly specification 2.0, section 5.5). It imports `env.memory` and exports each kernel by
 * its name.
 * @param shared whether the memory is shared between threads (the threads proposal, section "memory types").
 */
export function emitModule(kernels: readonly Kernel[], shared = false): Uint8Array<ArrayBuffer> {
  const limits = shared ? [3, 1, ...unsigned(65_536)] : [0, 1];
  const types = kernels.map(({ parameters }) => [0x60, ...list(parameters.map((t) => [typeCodes[t]])), 0]);
  const bodies = kernels.map((kernel) => {
    const code = new Code(kernel.parameters.length);
    kernel.write(code);
    const locals = code.locals.map((type) => [1, typeCodes[type]]);
    return sized([...list(locals), ...code.bytes, 0x0b]);
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types),
    ...section(2, [[...text('env'), ...text('memory'), 2, ...limits]]),
    ...section(
      3,
      kernels.map((_, i) => unsigned(i)),
    ),
    ...section(
      7,
      kernels.map(({ name }, i) => [...text(name), 0, ...unsigned(i)]),
    ),
    ...section(10, bodies),
  ]);
}
