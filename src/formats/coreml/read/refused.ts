/** Why a file cannot be opened at all; what only gets lost is a note. */

/** The message is one or two sentences for the person. */
export class FileRefused extends Error {
  override name = 'FileRefused';
}

/** A layer as messages call it: by its name, or by its place where it has none. */
export function layerName(name: string, index: number): string {
  return name.trim() === '' ? `The ${index + 1}. layer` : `The layer "${shortened(name)}"`;
}

/** A text of a file, short enough for a sentence. */
export function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

export const count = (n: number): string => n.toLocaleString('en-US');
