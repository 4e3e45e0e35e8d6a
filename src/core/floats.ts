/** Numbers of 32 bits as people write them. */

/** The decimal number with the fewest digits that is this 32-bit float: 0.001 for 0.0010000000474974513. */
export function shortestFloat(value: number): number {
  for (const digits of [7, 8]) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === Math.fround(value)) return short;
  }
  return Number(value.toPrecision(9));
}
