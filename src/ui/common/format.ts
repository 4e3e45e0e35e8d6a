/** How numbers and times read on the screen. */

/** "585,958". */
export function numberWords(value: number): string {
  return value.toLocaleString('en-US');
}

/** "3.9 M", "12.4 k", "980". */
export function shortNumber(value: number): string {
  if (value >= 1e9) return `${(value / 1e9).toFixed(1)} G`;
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)} M`;
  if (value >= 1e4) return `${(value / 1e3).toFixed(1)} k`;
  return numberWords(Math.round(value));
}

/** Bytes as "2.3 MB". */
export function byteWords(bytes: number): string {
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`;
  if (bytes >= 1e3) return `${(bytes / 1e3).toFixed(0)} KB`;
  return `${bytes} bytes`;
}

/** Seconds as "0:38" or "1:02:05". */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const tail = `${h > 0 ? String(m).padStart(2, '0') : m}:${String(s).padStart(2, '0')}`;
  return h > 0 ? `${h}:${tail}` : tail;
}

/** An accuracy between 0 and 1 with the four digits that 10,000 test images can tell apart. */
export function accuracyWords(accuracy: number): string {
  return accuracy.toFixed(4);
}
