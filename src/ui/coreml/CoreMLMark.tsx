/** A small mark on a card: what Core ML will do with the layer. The words are in the card's description. */
import type { LayerFate } from '../../formats/coreml/fates';
import { fateLook } from './fateLooks';

export function CoreMLMark({ fate }: { fate: LayerFate }) {
  const { Picture, color, words } = fateLook(fate);
  if (!Picture || fate.fate === 'open') return null;
  return (
    <span className={`inline-block ${color}`} title={`Core ML: ${words}`} data-fate={fate.fate}>
      <Picture size={12} strokeWidth={2.25} aria-hidden />
    </span>
  );
}
