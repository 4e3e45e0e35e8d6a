/**
 * The other half of the language: the body of a function, its locals, loops and stores, emitted as bytes. It knows
 * nothing of modules; `emit.ts` puts functions together.
 */
import { f32, i32, localAt, simd, unsigned, v128 } from './expressions';
import type { Expression, F32, I32, Local, V128, ValueType } from './expressions';

/** The body of one function: its locals and its statements in order. */
export class Code {
  readonly #bytes: number[] = [];
  readonly #locals: ValueType[] = [];

  constructor(private readonly parameters: number) {}

  /** Statements so far. */
  get bytes(): readonly number[] {
    return this.#bytes;
  }

  /** Types of the locals after the parameters. */
  get locals(): readonly ValueType[] {
    return this.#locals;
  }

  /** A new local that starts as `value`. */
  let<T extends ValueType>(value: Expression<T>): Local<T> {
    const index = this.parameters + this.#locals.length;
    this.#locals.push(value.type);
    const local = localAt(value.type, index);
    this.set(local, value);
    return local;
  }

  set<T extends ValueType>(local: Local<T>, value: Expression<T>): void {
    this.#bytes.push(...value.code, 0x21, ...unsigned(local.index));
  }

  /** local += value */
  step(local: Local<'i32'>, value: I32): void {
    this.set(local, i32.add(local, value));
  }

  storeI32(address: I32, value: I32, offset = 0): void {
    this.#bytes.push(...address.code, ...value.code, 0x36, 0, ...unsigned(offset));
  }

  /** Adds the float at `from` to the one at `to`. */
  addF32(to: I32, from: I32): void {
    this.storeF32(to, f32.add(f32.load(to), f32.load(from)));
  }

  storeF32(address: I32, value: F32, offset = 0): void {
    this.#bytes.push(...address.code, ...value.code, 0x38, 0, ...unsigned(offset));
  }

  store(address: I32, value: V128, offset = 0): void {
    this.#bytes.push(...address.code, ...value.code, ...simd(0x0b), 0, ...unsigned(offset));
  }

  /** Stores one lane, or two from an even one. */
  storeLane(address: I32, value: V128, lane: number, offset = 0): void {
    this.#bytes.push(...address.code, ...value.code, ...simd(0x5a), 0, ...unsigned(offset), lane);
  }
  storeTwo(address: I32, value: V128, offset = 0): void {
    this.#bytes.push(...address.code, ...value.code, ...simd(0x5b), 0, ...unsigned(offset), 0);
  }

  /** Zeros `bytes` bytes. */
  clear(address: I32, bytes: I32): void {
    this.#bytes.push(...address.code, ...i32.const(0).code, ...bytes.code, 0xfc, 0x0b, 0);
  }
  /** Copies `bytes` bytes. */
  copy(to: I32, from: I32, bytes: I32): void {
    this.#bytes.push(...to.code, ...from.code, ...bytes.code, 0xfc, 0x0a, 0, 0);
  }

  if(condition: I32, then: () => void, otherwise?: () => void): void {
    this.#bytes.push(...condition.code, 0x04, 0x40);
    then();
    if (otherwise) {
      this.#bytes.push(0x05);
      otherwise();
    }
    this.#bytes.push(0x0b);
  }

  /** While the condition holds; it is asked before each round. */
  while(condition: () => I32, body: () => void): void {
    this.if(condition(), () => {
      this.#bytes.push(0x03, 0x40);
      body();
      this.#bytes.push(...condition().code, 0x0d, 0, 0x0b);
    });
  }

  /** `for (i = 0; i < end; i += 1)`. */
  for(end: I32, body: (i: Local<'i32'>) => void): void {
    const i = this.let(i32.const(0));
    this.while(
      () => i32.ltU(i, end),
      () => {
        body(i);
        this.step(i, i32.const(1));
      },
    );
  }

  /**
   * Does something a constant number of times: written out where it is once, in a loop where it is more often.
   * `body` may move the pointers that it was made with.
   */
  repeat(count: number, body: () => void): void {
    if (count === 1) body();
    else if (count > 1) this.for(i32.const(count), body);
  }

  /**
   * Walks `count` floats: four at a time, then one at a time. `body` is emitted twice; `at` is the offset in bytes, and
   * what `lanes` loads and stores is four floats or one.
   */
  floats(count: I32, body: (at: Local<'i32'>, lanes: Lanes) => void): void {
    const at = this.let(i32.const(0));
    const end = this.let(i32.bytes(count));
    const walk = (until: Local<'i32'>, step: number, lanes: Lanes): void =>
      this.while(
        () => i32.ltU(at, until),
        () => {
          body(at, lanes);
          this.step(at, i32.const(step));
        },
      );
    const whole = this.let(i32.and(end, i32.const(-16)));
    walk(whole, 16, {
      load: v128.load,
      store: (address, value, offset) => this.store(address, value, offset),
    });
    walk(end, 4, {
      load: v128.loadOne,
      store: (address, value, offset) => this.storeLane(address, value, 0, offset),
    });
  }
}

/** Loads and stores of four floats, or of one in the lowest lane. */
export interface Lanes {
  readonly load: (address: I32, offset?: number) => V128;
  readonly store: (address: I32, value: V128, offset?: number) => void;
}
