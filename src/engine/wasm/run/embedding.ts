/** The embedding: copies of rows of its table, and sums into them, cut by rows so that threads share the table out. */
import type { BackwardOperation, EmbeddingShape, ForwardOperation } from '../../plan/plan';
import { address, weightAddress, weightPlaces, type Machine } from './machine';
import { examples, units, type Lowered } from './part';

type Embedding = Extract<ForwardOperation, { type: 'embedding' }>;
type EmbeddingGradient = Extract<BackwardOperation, { type: 'embeddingGradient' }>;

/** Floats of the table that one thread takes at once, in whole rows; the optimizer takes four at a time. */
const BLOCK = 4096;

/** The row of the table that an index names: rounded down, and the nearest where there is none. */
function rowOf(machine: Machine, { rows }: EmbeddingShape, indices: number): number {
  // A run that diverges makes an index that is no number: any row will do.
  const row = Math.floor(machine.floats[indices / 4]!) || 0;
  return Math.min(Math.max(row, 0), rows - 1);
}

export function embedding({ table, input, output }: Embedding): Lowered {
  const { columns, bias } = table;
  return {
    kernels: [],
    parts: [
      examples((machine, _, from, to) => {
        const vectors = weightAddress(machine, table.embeddings) / 4;
        for (let i = from; i < to; i++) {
          const start = vectors + rowOf(machine, table, address(machine, input, i)) * columns;
          const target = address(machine, output, i);
          machine.floats.copyWithin(target / 4, start, start + columns);
          if (bias !== undefined) machine.kernels['add']!(columns, weightAddress(machine, bias), target);
        }
      }),
    ],
  };
}

export function embeddingGradient({ table, input, outputGradient }: EmbeddingGradient): Lowered {
  const { rows, columns, embeddings, bias } = table;
  const share = 4 * Math.max(1, Math.floor(BLOCK / columns / 4));
  const blocks = Math.ceil(rows / share);
  return {
    kernels: [],
    parts: [
      units(blocks + (bias === undefined ? 0 : 1), (machine, { count, scalars }, unit) => {
        const ofBias = unit === blocks;
        const first = unit * share;
        const size = ofBias ? columns : columns * Math.min(share, rows - first);
        const whole = 4 * Math.ceil(size / 4);
        const sums = machine.scratch;
        machine.floats.fill(0, sums / 4, sums / 4 + whole);
        for (let i = 0; i < count; i++) {
          const row = ofBias ? 0 : rowOf(machine, table, address(machine, input, i)) - first;
          if (row < 0 || row >= share) continue;
          machine.kernels['add']!(columns, address(machine, outputGradient, i), sums + 4 * row * columns);
        }
        const start = ofBias ? bias! : embeddings + first * columns;
        machine.kernels['update']!(whole, sums, ...weightPlaces(machine, start), ...scalars);
      }),
    ],
    scratch: () => 4 * columns * share,
  };
}
