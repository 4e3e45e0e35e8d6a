/** The person's own pairs of key and value. A key is needed and comes once; others are not kept, and say why. */
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import type { CoreMLSettings } from '../../project/coremlSettings';
import { Button, IconButton } from '../common/Button';
import { useEditor } from '../stores';

type Pair = CoreMLSettings['userDefined'][number];

const input =
  'h-11 min-w-0 flex-1 rounded-[10px] border border-line bg-card px-3 text-sm focus:border-accent aria-invalid:border-bad';

export function PairFields({ pairs }: { pairs: readonly Pair[] }) {
  const setCoreML = useEditor((editor) => editor.setCoreML);
  // What is typed may not be ready to be kept yet.
  const [rows, setRows] = useState<readonly Pair[]>(pairs);
  const change = (next: readonly Pair[]) => {
    setRows(next);
    const kept = next
      .filter(({ key }, i) => key.trim() !== '' && !refusalOf(next, i))
      .map(({ key, value }) => ({ key: key.trim(), value }));
    setCoreML({ userDefined: kept });
  };
  const set = (at: number, part: Partial<Pair>) =>
    change(rows.map((row, i) => (i === at ? { ...row, ...part } : row)));
  return (
    <div role="group" aria-label="Own pairs" className="mb-3">
      <p className="mb-1 text-xs text-mute">Own pairs of key and value</p>
      {rows.map((row, i) => {
        const error = refusalOf(rows, i);
        const number = i + 1;
        return (
          <div key={i} className="mb-2">
            <div className="flex items-center gap-1.5">
              <input
                aria-label={`Key ${number}`}
                placeholder="Key"
                className={input}
                value={row.key}
                maxLength={200}
                aria-invalid={error !== undefined}
                onChange={(event) => set(i, { key: event.target.value })}
              />
              <input
                aria-label={`Value ${number}`}
                placeholder="Value"
                className={input}
                value={row.value}
                maxLength={1000}
                onChange={(event) => set(i, { value: event.target.value })}
              />
              <IconButton
                label={`Remove pair ${number}`}
                onClick={() => change(rows.filter((_, other) => other !== i))}
              >
                <X size={16} aria-hidden />
              </IconButton>
            </div>
            {error && (
              <p role="alert" className="mt-1 text-xs text-bad">
                {error}
              </p>
            )}
          </div>
        );
      })}
      <Button
        icon={<Plus size={16} aria-hidden />}
        onClick={() => setRows([...rows, { key: '', value: '' }])}
      >
        Add a pair
      </Button>
    </div>
  );
}

/** Why a row is not kept; a row that is empty has nothing to say yet. */
function refusalOf(rows: readonly Pair[], at: number): string | undefined {
  const { key, value } = rows[at]!;
  const name = key.trim();
  if (name === '') return value === '' ? undefined : 'A pair needs a key.';
  return rows.findIndex((row) => row.key.trim() === name) < at
    ? `Another pair has the key "${name}" already. Give this one a key of its own.`
    : undefined;
}
