/** Matrices in the panels that kernels read: for each group, eight columns after the other, each row by row. */

export interface Matrix {
  readonly rows: number;
  /** Of all groups. */
  readonly columns: number;
  /** Missing: 1. */
  readonly groups?: number;
}

/** Index in the panels of each value of the matrix, which lies row by row. */
function placesOf({ rows, columns, groups = 1 }: Matrix): readonly number[] {
  const own = columns / groups;
  const panels = Math.ceil(own / 8);
  return Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    const panel = Math.floor(column / own) * panels + Math.floor((column % own) / 8);
    return (panel * rows + row) * 8 + ((column % own) % 8);
  });
}

/** Floats of all panels. */
export function panelsSize({ rows, columns, groups = 1 }: Matrix): number {
  return groups * Math.ceil(columns / groups / 8) * 8 * rows;
}

/** What fills the last panel is NaN: nobody may use it. */
export function toPanels(values: ArrayLike<number>, matrix: Matrix): Float32Array {
  const panels = new Float32Array(panelsSize(matrix)).fill(Number.NaN);
  placesOf(matrix).forEach((place, i) => (panels[place] = values[i]!));
  return panels;
}

export function fromPanels(panels: Float32Array, matrix: Matrix): Float32Array {
  return Float32Array.from(placesOf(matrix), (place) => panels[place]!);
}
