/** Names of layers as a file has them, mended where the app cannot take them. */
import { checkName } from '../../../network/names';
import type { Notes } from './notes';
import { shortened } from './refused';

/** How many mended names are told one by one. */
const MOST_TOLD = 5;

/** Gives each layer its name: the file's, or the nearest one that is allowed and free. */
export class LayerNames {
  private readonly taken = new Set<string>();
  private readonly mended: string[] = [];

  /** @param otherwise the name of a layer whose own has no usable character. */
  claim(wanted: string, otherwise: string): string {
    let name = checkName(wanted) || wanted !== wanted.trim() ? mended(wanted, otherwise) : wanted;
    const base = name;
    for (let n = 2; this.taken.has(name); n++) name = `${base.slice(0, 64 - 1 - String(n).length)}_${n}`;
    this.taken.add(name);
    if (name !== wanted && wanted !== '') this.mended.push(`"${shortened(wanted)}" becomes "${name}"`);
    return name;
  }

  /** Says in one note which names are not those of the file. */
  tell(notes: Notes): void {
    const { length } = this.mended;
    if (length === 0) return;
    const more = length > MOST_TOLD ? ` and ${length - MOST_TOLD} more` : '';
    notes.note(
      `Names of layers are unique, short and of plain letters here: ${this.mended.slice(0, MOST_TOLD).join(', ')}${more}. ` +
        `Written again, layers have the names of the file unless they are renamed.`,
    );
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
