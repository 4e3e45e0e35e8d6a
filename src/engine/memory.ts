/** How engines say how much memory there is to be, and that it does not suffice: in the message, since browsers have no error for it. */

/** "takes 5,200 MB of memory", "ran out of memory", "of the graphics processor's memory", "could not allocate memory". */
const lacking = /\b(of|enough|allocate)( the graphics processor's)? memory\b/i;

/** Whether an error says that there is not enough memory. An access out of bounds is no such error. */
export function isMemoryError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    lacking.test(error.message) || (error instanceof RangeError && /alloc|array length/i.test(error.message))
  );
}

/** Bytes in words: "5,200 MB". */
export const megabytes = (bytes: number): string =>
  `${Math.ceil(bytes / 2 ** 20).toLocaleString('en-US')} MB`;
