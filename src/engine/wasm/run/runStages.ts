/** Runs the stages of a pass on one thread. Who takes a piece does not matter to its result, so whoever is free takes the next. */
import type { Stage } from '../program';
import type { Sync } from '../threads/sync';
import { chunkStart } from './chunks';
import type { Machine, Pass } from './machine';

export function runStages(stages: readonly Stage[], machine: Machine, pass: Pass, sync: Sync): void {
  stages.forEach((stage, number) => {
    const pieces = stage.kind === 'examples' ? pass.chunks : stage.units;
    for (let piece = sync.claim(number); piece < pieces; piece = sync.claim(number)) {
      sync.alive();
      if (stage.kind === 'examples') runChunk(stage, machine, pass, piece, sync);
      else runUnit(stage, machine, pass, piece);
    }
    sync.barrier();
  });
}

type Of<K> = Extract<Stage, { kind: K }>;

function runChunk({ parts }: Of<'examples'>, machine: Machine, pass: Pass, chunk: number, sync: Sync): void {
  const from = chunkStart(pass.count, pass.chunks, chunk);
  const to = chunkStart(pass.count, pass.chunks, chunk + 1);
  for (const part of parts) {
    part.run(machine, pass, from, to, chunk);
    sync.alive();
  }
}

function runUnit({ parts }: Of<'units'>, machine: Machine, pass: Pass, piece: number): void {
  let unit = piece;
  for (const part of parts) {
    if (unit < part.units) return part.run(machine, pass, unit);
    unit -= part.units;
  }
}
