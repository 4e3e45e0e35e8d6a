/** The layers of a file that the app lacks: what each is, and whether its neighbours are joined instead. */
import type { UnknownLayer } from '../../formats/defineImport';

/** How many are listed one by one. */
const MOST = 40;

export function UnknownLayers({
  layers,
  onJoin,
}: {
  layers: readonly UnknownLayer[];
  onJoin: (index: number, joined: boolean) => void;
}) {
  return (
    <section aria-label="Unknown layers" className="mt-4">
      <h3 className="mb-2 font-semibold">
        {layers.length === 1 ? 'One layer' : `${layers.length} layers`} cannot be opened
      </h3>
      <ul className="flex flex-col gap-2">
        {layers.slice(0, MOST).map(({ index, name, type, reason, joinable, joined }) => (
          <li key={index} className="rounded-xl bg-warn-soft px-4 py-2.5">
            <p className="break-words">
              <span className="font-semibold">{name || `Layer ${index + 1}`}</span> · {type}
            </p>
            <p className="break-words">{reason}</p>
            {joinable ? (
              <label className="flex min-h-11 cursor-pointer items-center gap-3">
                <input
                  type="checkbox"
                  className="size-5 shrink-0 accent-accent"
                  checked={joined}
                  onChange={(event) => onJoin(index, event.target.checked)}
                />
                Leave it out and join the layer before it with the one after
              </label>
            ) : (
              <p className="mt-1 text-mute">The network is cut here; connect it again on the canvas.</p>
            )}
          </li>
        ))}
      </ul>
      {layers.length > MOST && <p className="mt-2 text-mute">And {layers.length - MOST} more.</p>}
    </section>
  );
}
