/**
 * The product of matrices, which takes nearly all of the time. B is packed into panels of eight columns; C is computed
 * in tiles of four rows and eight columns that stay in registers (Goto and van de Geijn, 2008, in small). Who cuts large
 * products into blocks: `run/products.ts`.
 */
import { f32, f32x4, i32, v128, type Code, type F32, type I32, type Local, type V128 } from '../code';
import { integers, kernel, type Kernel } from '../emit';

/** Columns of a panel: two vectors. */
export const PANEL = 8;
/** Rows of a tile: with eight sums, two parts of B and one of A it fits 16 registers. */
const TILE = 4;
/** Rounds of the innermost loop that are written out. */
const UNROLL = 4;
/** Bytes at the start of the memory that a tile at the right edge goes through. */
export const TILE_BYTES = TILE * PANEL * 4;

/**
 * Packs B, `depth` × `columns`, into panels: panel after panel, row after row, eight floats each, zeros past the edge.
 * packRows: B[k][n] at b + (k·stride + n); packColumns: at b + (n·stride + k).
 */
const packRows = kernel('packRows', integers(5), (code, ...p) => {
  const [b, stride, to, depth, columns] = p as PackLocals;
  panels(code, columns, (n) => {
    const from = code.let(i32.add(b, i32.bytes(n)));
    const width = code.let(i32.sub(columns, n));
    code.for(depth, () => {
      code.if(
        i32.geU(width, i32.const(PANEL)),
        () => {
          code.store(to, v128.load(from));
          code.store(to, v128.load(from, 16), 16);
        },
        () => {
          code.store(to, v128.zero);
          code.store(to, v128.zero, 16);
          code.for(width, (i) => {
            code.storeF32(i32.add(to, i32.bytes(i)), f32.load(i32.add(from, i32.bytes(i))));
          });
        },
      );
      code.step(to, i32.const(PANEL * 4));
      code.step(from, i32.bytes(stride));
    });
  });
});

const packColumns = kernel('packColumns', integers(5), (code, ...p) => {
  const [b, stride, to, depth, columns] = p as PackLocals;
  panels(code, columns, (n) => {
    code.for(i32.const(PANEL), (i) => {
      const from = code.let(i32.add(b, i32.bytes(i32.mul(i32.add(n, i), stride))));
      const target = code.let(i32.add(to, i32.bytes(i)));
      const inside = code.let(i32.ltU(i32.add(n, i), columns));
      code.for(depth, () => {
        code.if(
          inside,
          () => code.storeF32(target, f32.load(from)),
          () => code.storeF32(target, f32.const(0)),
        );
        code.step(target, i32.const(PANEL * 4));
        code.step(from, i32.const(4));
      });
    });
    code.step(to, i32.mul(depth, i32.const(PANEL * 4)));
  });
});

type PackLocals = [b: I, stride: I, to: I, depth: I, columns: I];
type I = Local<'i32'>;

function panels(code: Code, columns: I32, body: (n: I) => void): void {
  const n = code.let(i32.const(0));
  code.while(
    () => i32.ltU(n, columns),
    () => {
      body(n);
      code.step(n, i32.const(PANEL));
    },
  );
}

/** How A lies: each row in one piece (`rows`), or each column (`columns`), `stride` floats from one to the next. */
type Layout = 'rows' | 'columns';

/**
 * C = A·B or C += A·B, with B packed.
 * Parameters: a, stride of A, packed b, c, stride of C, rows, columns, depth, 1 to add to C.
 */
function multiply(name: string, layout: Layout, madd: Madd): Kernel {
  return kernel(name, integers(9), (code, ...p) => {
    const [a, aStride, b, c, cStride, rows, columns, depth, accumulate] = p as [I, I, I, I, I, I, I, I, I];
    const aStep = code.let(i32.bytes(aStride));
    const cStep = code.let(i32.bytes(cStride));
    panels(code, columns, (n) => {
      const width = code.let(i32.sub(columns, n));
      const aTile = code.let(a);
      const cTile = code.let(i32.add(c, i32.bytes(n)));
      const left = code.let(rows);
      const tile = (height: number): void => {
        const sums = sumTile(code, { layout, height, madd }, aTile, aStep, b, depth);
        writeTile(code, sums, { cTile, cStep, width, accumulate });
      };
      code.while(
        () => i32.geU(left, i32.const(TILE)),
        () => {
          tile(TILE);
          code.step(aTile, layout === 'rows' ? i32.mul(aStep, i32.const(TILE)) : i32.const(TILE * 4));
          code.step(cTile, i32.mul(cStep, i32.const(TILE)));
          code.step(left, i32.const(-TILE));
        },
      );
      for (let height = 1; height < TILE; height++)
        code.if(i32.eq(left, i32.const(height)), () => tile(height));
      code.step(b, i32.mul(depth, i32.const(PANEL * 4)));
    });
  });
}

type Madd = (a: V128, b: V128, sum: V128) => V128;
interface TileKind {
  readonly layout: Layout;
  readonly height: number;
  readonly madd: Madd;
}
type Sums = readonly (readonly [Local<'v128'>, Local<'v128'>])[];

/** The sums of one tile over the whole depth, in locals. */
function sumTile(code: Code, kind: TileKind, aTile: I, aStep: I, b: I, depth: I): Sums {
  const { layout, height, madd } = kind;
  const sums = Array.from({ length: height }, () => [code.let(v128.zero), code.let(v128.zero)] as const);
  const panel = code.let(b);
  const first = code.let(aTile);
  // In rows, a pointer for each row goes along it; in columns, one pointer goes from column to column.
  const pointers = [first];
  for (let row = 1; row < height && layout === 'rows'; row++)
    pointers.push(code.let(i32.add(pointers[row - 1]!, aStep)));
  const rounds = (count: number): void => {
    for (let k = 0; k < count; k++) {
      const left = code.let(v128.load(panel, k * PANEL * 4));
      const right = code.let(v128.load(panel, k * PANEL * 4 + 16));
      sums.forEach(([one, two], row) => {
        const value = code.let(
          layout === 'rows' ? v128.loadSplat(pointers[row]!, 4 * k) : v128.loadSplat(first, 4 * row),
        );
        code.set(one, madd(value, left, one));
        code.set(two, madd(value, right, two));
      });
      if (layout === 'columns') code.step(first, aStep);
    }
    code.step(panel, i32.const(count * PANEL * 4));
    if (layout === 'rows') for (const pointer of pointers) code.step(pointer, i32.const(4 * count));
  };
  const left = code.let(depth);
  for (const count of [UNROLL, 1])
    code.while(
      () => i32.geU(left, i32.const(count)),
      () => {
        rounds(count);
        code.step(left, i32.const(-count));
      },
    );
  return sums;
}

interface Target {
  readonly cTile: I;
  readonly cStep: I;
  /** Columns from here to the right edge. */
  readonly width: I;
  readonly accumulate: I;
}

/** Writes or adds a tile to C. At the right edge it goes through the start of the memory, float by float. */
function writeTile(code: Code, sums: Sums, { cTile, cStep, width, accumulate }: Target): void {
  const to = code.let(cTile);
  code.if(
    i32.geU(width, i32.const(PANEL)),
    () => {
      code.if(accumulate, () => {
        for (const row of sums) {
          row.forEach((sum, i) => code.set(sum, f32x4.add(v128.load(to, 16 * i), sum)));
          code.step(to, cStep);
        }
        code.set(to, cTile);
      });
      for (const row of sums) {
        row.forEach((sum, i) => code.store(to, sum, 16 * i));
        code.step(to, cStep);
      }
    },
    () => {
      sums.forEach((row, r) =>
        row.forEach((sum, i) => code.store(i32.const(0), sum, r * PANEL * 4 + 16 * i)),
      );
      sums.forEach((_, r) => {
        code.for(width, (i) => {
          const at = code.let(i32.bytes(i));
          const target = code.let(i32.add(to, at));
          const value: F32 = f32.load(at, r * PANEL * 4);
          code.if(
            accumulate,
            () => code.storeF32(target, f32.add(f32.load(target), value)),
            () => code.storeF32(target, value),
          );
        });
        code.step(to, cStep);
      });
    },
  );
}

/** @param relaxed whether the processor's fused multiply-add may be used. */
export function matrixKernels(relaxed: boolean): readonly Kernel[] {
  const madd: Madd = relaxed ? f32x4.relaxedMadd : (a, b, sum) => f32x4.add(f32x4.mul(a, b), sum);
  return [
    packRows,
    packColumns,
    multiply('multiplyRows', 'rows', madd),
    multiply('multiplyColumns', 'columns', madd),
  ];
}
