/** How engines say that memory does not suffice: in the message, since browsers have no error of their own for it. */

/** Whether an error says that there is not enough memory. Engines name it in the message when they refuse a network. */
export function isMemoryError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    /\bmemory\b/i.test(error.message) || (error instanceof RangeError && /alloc|length/i.test(error.message))
  );
}
