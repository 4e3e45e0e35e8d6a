/** The inspector's part on Core ML: what it will do with the layer, why, and the ways out. */
import { useLayerFate } from './useLayerFate';
import { fateLook } from './fateLooks';
import { WaysOut } from './WaysOut';

export function CoreMLSection({ id }: { id: string }) {
  const fate = useLayerFate(id);
  if (!fate) return null;
  const { Picture, color, words } = fateLook(fate);
  return (
    <section aria-label="Core ML" className="mt-3 rounded-[10px] bg-bg px-3 py-2.5 text-xs leading-[1.65]">
      <h3 className="flex items-center gap-1.5 font-semibold text-ink">
        {Picture && <Picture size={13} strokeWidth={2.25} aria-hidden className={`shrink-0 ${color}`} />}
        Core ML: {words}
      </h3>
      <p className="text-mute">{fate.reason}</p>
      <WaysOut ways={fate.waysOut} />
    </section>
  );
}
