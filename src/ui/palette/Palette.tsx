/** The layer kinds. A tap puts one after the selected layer, a drag puts it where it is dropped. */
import { Search } from 'lucide-react';
import { Fragment, useState } from 'react';
import { createPortal } from 'react-dom';
import { groupLabels, layerOf, layers } from '../../layers';
import { LayerTile } from '../icons';
import { usePaletteDrag } from './usePaletteDrag';

/** A name that may break where a word of it begins: "Average·Pooling2D", "Conv2D·Transpose". */
function BreakableName({ name }: { name: string }) {
  return name.split(/(?<=[a-z]|2D)(?=[A-Z])/).map((word) => (
    <Fragment key={word}>
      {word}
      <wbr />
    </Fragment>
  ));
}

export function Palette() {
  const [query, setQuery] = useState('');
  const { ghost, handlers } = usePaletteDrag();
  const wanted = query.trim().toLowerCase();
  const shown = layers.filter(({ label, group, aliases = [] }) =>
    [label, groupLabels[group], ...aliases].some((name) => name.toLowerCase().includes(wanted)),
  );
  return (
    <section
      aria-label="Palette"
      className="flex min-h-0 shrink-0 items-center overflow-x-auto overscroll-contain border-line bg-card px-1 max-medium:border-t medium:flex-col medium:items-stretch medium:overflow-x-hidden medium:overflow-y-auto medium:border-r medium:px-2 medium:py-2"
    >
      <label className="relative m-1 block shrink-0 max-medium:w-24 medium:mb-0">
        <Search
          size={13}
          aria-hidden
          className="pointer-events-none absolute top-1/2 left-2 -translate-y-1/2 text-faint medium:hidden"
        />
        <input
          type="search"
          aria-label="Search layers"
          placeholder="Find"
          className="h-9 w-full rounded-lg pointer-coarse:h-11 bg-bg pr-1 pl-6 text-xs placeholder:text-faint medium:px-1 medium:text-center"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      </label>
      {shown.map((layer, i) => {
        const kind = layer.kind;
        const first = shown[i - 1]?.group !== layer.group;
        return (
          <Fragment key={kind}>
            {first && i > 0 && <span aria-hidden className="mx-1 h-9 w-px shrink-0 bg-line medium:hidden" />}
            {first && (
              <h2 className="px-1 pt-2.5 pb-0.5 text-center text-[10px] leading-3 font-semibold tracking-normal text-faint uppercase max-medium:hidden">
                {groupLabels[layer.group]}
              </h2>
            )}
            <button
              type="button"
              title={`${layer.label}: ${layer.documentation}`}
              className="flex min-h-14 w-[80px] py-1 shrink-0 max-medium:touch-pan-x flex-col items-center justify-center gap-1 rounded-[10px] text-2xs text-mute transition-colors duration-150 hover:bg-bg hover:text-ink active:bg-soft medium:w-full medium:touch-pan-y"
              {...handlers(kind)}
            >
              <LayerTile kind={kind} size={30} />
              <span className="leading-3">
                <BreakableName name={layer.label} />
              </span>
            </button>
          </Fragment>
        );
      })}
      {shown.length === 0 && <p className="p-2 text-center text-2xs text-faint">No such layer</p>}
      {ghost &&
        createPortal(
          <div
            aria-hidden
            className="pointer-events-none fixed z-50 flex h-14 w-[236px] items-center gap-2.5 rounded-card border border-accent bg-card/95 px-2 text-sm font-semibold shadow-float"
            style={{ left: ghost.x - 118, top: ghost.y - 28 }}
          >
            <LayerTile kind={ghost.kind} size={38} />
            {layerOf(ghost.kind).label}
          </div>,
          document.body,
        )}
    </section>
  );
}
