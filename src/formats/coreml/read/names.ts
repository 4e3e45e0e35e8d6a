/** Names of layers as a file has them, mended where the app cannot take them. */
import { checkName } from '../../../network/names';
import type { Notes } from './notes';

/** Gives each layer its name: the file's, or the nearest one that is allowed and free. */
export class LayerNames {
  private readonly taken = new Set<string>();

  constructor(private readonly notes: Notes) {}

  /** @param otherwise the name of a layer whose own has no usable character. */
  claim(wanted: string, otherwise: string): string {
    let name = checkName(wanted) || wanted !== wanted.trim() ? mended(wanted, otherwise) : wanted;
    const base = name;
    for (let n = 2; this.taken.has(name); n++) name = `${base.slice(0, 64 - 1 - String(n).length)}_${n}`;
    this.taken.add(name);
    if (name !== wanted && wanted !== '')
      this.notes.note(
        `Its name becomes "${name}": names here are unique, short and of plain letters.`,
        wanted,
      );
    return name;
  }
}

function mended(wanted: string, otherwise: string): string {
  const plain = wanted
    .slice(0, 200)
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9_\-. ]+/g, '_')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 60)
    .trim();
  return plain === '' ? otherwise : plain;
}
