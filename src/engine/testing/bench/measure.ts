/** Times one contender: how many images a second it trains on, what it computes, and what that costs. */
import { callsSoFar, memorySoFar, type GpuCalls } from './calls';
import type { Contender } from './contender';
import { BATCH } from './data';

/** Steps that may be queued before the results are asked for, so that engines can join them. */
const CHUNK = 8;
/** No more than this is queued, in milliseconds: slow contenders are asked after each step. */
const QUEUED = 4000;
/** Losses are compared up to this step. */
const LOSSES = 20;

export interface Measurement {
  readonly device: string;
  readonly imagesPerSecond: number;
  /** Steps that were timed. */
  readonly steps: number;
  /** The first step took so long that it is all there is; compiling is in it. */
  readonly cold: boolean;
  readonly firstStepMs: number;
  /** Of the first steps, as each was before its update. */
  readonly losses: readonly number[];
  /** Calls of WebGPU per step; undefined where there were none. */
  readonly calls: GpuCalls | undefined;
  /** Bytes of WebAssembly memory and GPU buffers. */
  readonly memory: number | undefined;
}

/**
 * @param seconds how long to warm up, at most, and how long to time, at least.
 * @param limit seconds after which a first step is all that is measured.
 */
export async function measure(contender: Contender, seconds: number, limit: number): Promise<Measurement> {
  const losses: number[] = [];
  let steps = 0;
  const take = async (count: number): Promise<number> => {
    const start = performance.now();
    for (let i = 0; i < count; i++) contender.step(steps++);
    losses.push(...(await contender.losses()));
    return performance.now() - start;
  };
  let before = callsSoFar();
  const firstStepMs = await take(1);
  const summary = (timed: number, ms: number): Measurement => ({
    device: contender.device,
    imagesPerSecond: (timed * BATCH * 1000) / ms,
    steps: timed,
    cold: steps === 1,
    firstStepMs,
    losses: losses.slice(0, LOSSES),
    calls: perStep(before, timed),
    memory: memorySoFar(),
  });
  if (firstStepMs > (limit * 1000) / 2) return summary(1, firstStepMs);

  before = callsSoFar();
  const secondMs = await take(1);
  if (secondMs > seconds * 1000) return summary(1, secondMs);
  const chunk = Math.max(1, Math.min(CHUNK, Math.floor(QUEUED / secondMs)));
  const warm = performance.now() + seconds * 1000;
  do await take(chunk);
  while (losses.length < LOSSES && performance.now() < warm);

  before = callsSoFar();
  const from = steps;
  const start = performance.now();
  while (performance.now() - start < seconds * 1000) await take(chunk);
  return summary(steps - from, performance.now() - start);
}

function perStep(before: GpuCalls, steps: number): GpuCalls | undefined {
  const now = callsSoFar();
  if (now.dispatches === 0) return undefined;
  const of = (key: keyof GpuCalls): number => (now[key] - before[key]) / steps;
  return {
    dispatches: of('dispatches'),
    submits: of('submits'),
    passes: of('passes'),
    buffers: of('buffers'),
    bindGroups: of('bindGroups'),
    queueWrites: of('queueWrites'),
  };
}
