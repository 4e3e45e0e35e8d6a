/**
 * Writes the file whenever what goes into it changes, so that its bytes are ready before the tap: a share sheet opens
 * from a tap only.
 */
import { useEffect, useMemo, useState } from 'react';
import type { ParamValues } from '../../core/params';
import type { ExportNote, ExportSource, FormatDefinition } from '../../formats/defineFormat';
import { fileName, shareableFile } from '../common/saveFile';

interface Prepared {
  readonly notes: readonly ExportNote[];
  readonly blocked: boolean;
  readonly file: File | undefined;
  /** What the share sheet takes of it: itself, or the same zipped. Undefined: nothing. */
  readonly shared: File | undefined;
  readonly error: string | undefined;
}

export function usePreparedFile(
  format: FormatDefinition,
  source: ExportSource | undefined,
  options: ParamValues,
): Prepared {
  const [written, setWritten] = useState<{ key: unknown; file?: File; shared?: File; error?: string }>();
  const notes = useMemo(() => (source ? format.inspect(source, options) : []), [format, source, options]);
  const blocked = notes.some(({ severity }) => severity === 'gap');
  const key = useMemo(() => ({ format, source, options }), [format, source, options]);

  useEffect(() => {
    if (!source || blocked) return;
    const abort = new AbortController();
    const { signal } = abort;
    const prepare = async () => {
      const bytes = (await format.write(source, options, signal)) as Uint8Array<ArrayBuffer>;
      const file = new File([bytes], fileName(source.name, format.extension), { type: format.mimeType });
      return { key, file, shared: await shareableFile(file, signal) };
    };
    prepare().then(
      (prepared) => !signal.aborted && setWritten(prepared),
      (error: unknown) => {
        if (!signal.aborted)
          setWritten({ key, error: error instanceof Error ? error.message : String(error) });
      },
    );
    return () => abort.abort();
  }, [format, source, options, blocked, key]);

  const fresh = written?.key === key ? written : undefined;
  const { file, shared, error } = fresh ?? {};
  return blocked
    ? { notes, blocked, file: undefined, shared: undefined, error }
    : { notes, blocked, file, shared, error };
}
