/** Numbers as people type and read them in a form. Pure. */

/** What was typed as a number; NaN where it is none. "1,000" is a thousand, "0,5" is a half. */
export function readNumber(text: string): number {
  const trimmed = text.trim();
  if (trimmed === '') return Number.NaN;
  const grouped = /^-?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(trimmed);
  return Number(grouped ? trimmed.replaceAll(',', '') : trimmed.replace(',', '.'));
}

/** Plain digits where they are short, 1e-7 where they are not. */
export function formatNumber(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-4 ? value.toExponential().replace('e+', 'e') : String(value);
}
