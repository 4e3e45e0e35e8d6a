/**
 * How the weights lie in memory. Kernels lie in panels of eight columns, as products of matrices read them: panel after
 * panel, each row by row, the last filled up with columns that nobody reads. Everything else lies as it comes.
 */
import { sizeOf } from '../../core/shape';
import type { CompiledLayer, CompiledNetwork } from '../../network/compiled';
import { weightKey } from '../../network/compiled';
import type { WeightSpec } from '../../layers/defineLayer';
import type { TrainerState } from '../engine';
import { groupsOf } from '../plan/groups';
import type { Plan, PlannedWeight } from '../plan/plan';
import { PANEL } from './kernels/tile';

interface PanelLayout {
  readonly rows: number;
  /** Of each group. */
  readonly columns: number;
  readonly groups: number;
}

function layoutOf(layer: CompiledLayer, { name, shape }: WeightSpec): PanelLayout | undefined {
  if (name !== 'kernel' && name !== 'bias') return undefined;
  // It belongs to what a transposed convolution gives, the columns of its kernel to what it gets.
  if (name === 'bias' && layer.kind === 'conv2dTranspose') return undefined;
  const groups = groupsOf(layer);
  const all = layer.kind === 'depthwiseConv2d' ? layer.outputShape.at(-1)! : shape.at(-1)!;
  return { rows: sizeOf(shape) / all, columns: all / groups, groups };
}

/** Floats that a weight takes in memory. */
export function storedSize(layer: CompiledLayer, spec: WeightSpec): number {
  const layout = layoutOf(layer, spec);
  if (!layout) return sizeOf(spec.shape);
  return layout.groups * Math.ceil(layout.columns / PANEL) * PANEL * layout.rows;
}

/** Place in memory of the value at a row and a column of all groups. */
function placeOf({ rows, columns, groups }: PanelLayout) {
  const panels = Math.ceil(columns / PANEL);
  const places = new Int32Array(columns * groups);
  for (let column = 0; column < columns * groups; column++) {
    const [group, own] = [Math.floor(column / columns), column % columns];
    places[column] = (group * panels + Math.floor(own / PANEL)) * rows * PANEL + (own % PANEL);
  }
  return places;
}

/** Reads and writes weights, and whatever lies as they do, in their own order. */
export class WeightBlocks {
  readonly #layouts = new Map<string, PanelLayout | undefined>();

  constructor(network: CompiledNetwork) {
    for (const layer of network.layers)
      for (const spec of layer.weights) this.#layouts.set(weightKey(layer, spec), layoutOf(layer, spec));
  }

  /**
   * Writes a state to memory that is zero there. A slot that is missing or of another size starts at zero.
   * @throws Error where a weight is missing or of another size: a mistake of the caller.
   */
  write(plan: Plan, floats: Float32Array, slots: readonly string[], state: TrainerState): void {
    for (const weight of plan.weights) {
      const values = state.weights[weight.key];
      if (values?.length !== weight.size)
        throw new Error(
          `The weight ${weight.key} takes ${weight.size} values; ${values?.length ?? 'none'} came.`,
        );
      this.#move(plan.blocks.weights, weight, floats, values, 'in');
      this.#eachSlot(plan, slots, weight, (key, block) => {
        const kept = state.slots[key];
        if (kept?.length === weight.size) this.#move(block, weight, floats, kept, 'in');
      });
    }
  }

  /** Copies of all weights and slots. */
  read(plan: Plan, floats: Float32Array, names: readonly string[]): Pick<TrainerState, 'weights' | 'slots'> {
    const weights: Record<string, Float32Array> = {};
    const slots: Record<string, Float32Array> = {};
    const copy = (weight: PlannedWeight, block: number): Float32Array => {
      const values = new Float32Array(weight.size);
      this.#move(block, weight, floats, values, 'out');
      return values;
    };
    for (const weight of plan.weights) {
      weights[weight.key] = copy(weight, plan.blocks.weights);
      this.#eachSlot(plan, names, weight, (key, block) => (slots[key] = copy(weight, block)));
    }
    return { weights, slots };
  }

  #eachSlot(
    plan: Plan,
    names: readonly string[],
    { key, trainable }: PlannedWeight,
    visit: (key: string, block: number) => void,
  ): void {
    if (trainable) names.forEach((name, i) => visit(`${name}:${key}`, plan.blocks.slots[i]!));
  }

  #move(
    block: number,
    { key, start }: PlannedWeight,
    floats: Float32Array,
    values: Float32Array,
    way: 'in' | 'out',
  ) {
    const first = block / 4 + start;
    const layout = this.#layouts.get(key);
    if (!layout) {
      if (way === 'in') floats.set(values, first);
      else values.set(floats.subarray(first, first + values.length));
      return;
    }
    const places = placeOf(layout);
    const columns = places.length;
    for (let row = 0, from = 0; row < layout.rows; row++, from += columns)
      for (let column = 0; column < columns; column++) {
        const place = first + row * PANEL + places[column]!;
        if (way === 'in') floats[place] = values[from + column]!;
        else values[from + column] = floats[place]!;
      }
  }
}
