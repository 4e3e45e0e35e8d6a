/** Values as Swift literals. */

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** A string literal on one line. The backslash is escaped, so nothing in it is interpolated. */
export function swiftString(text: string): string {
  const inside = text.replace(/["\\\p{Cc}\p{Cf}\u2028\u2029]/gu, (c) => {
    return escapes[c] ?? `\\u{${c.codePointAt(0)!.toString(16)}}`;
  });
  return `"${inside.replace(/\p{Surrogate}/gu, '\\u{fffd}')}"`;
}

/** A literal for a finite number; Swift reads whole ones as `Double` too. */
export function swiftNumber(value: number): string {
  return String(value).replace('e+', 'e');
}

/** An array literal on one line. */
export function swiftArray(items: readonly string[]): string {
  return `[${items.join(', ')}]`;
}

/** Text as the lines of a comment: no character of it ends the comment. */
export function swiftComment(text: string): string {
  return text
    .split(/[\n\r\u2028\u2029]+/)
    .map((line) => `/// ${line.replace(/\p{Cc}/gu, ' ')}`)
    .join('\n');
}
