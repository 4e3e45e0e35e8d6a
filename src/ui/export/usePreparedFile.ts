/**
 * Writes the file whenever what goes into it changes, so that its bytes are ready before the tap: a share sheet opens
 * from a tap only.
 */
import { useEffect, useMemo, useState } from 'react';
import type { ParamValues } from '../../core/params';
import type { ExportNote, ExportSource, FormatDefinition } from '../../formats/defineFormat';
import { fileName } from '../common/saveFile';

interface Prepared {
  readonly notes: readonly ExportNote[];
  readonly blocked: boolean;
  readonly file: File | undefined;
  readonly error: string | undefined;
}

export function usePreparedFile(
  format: FormatDefinition,
  source: ExportSource | undefined,
  options: ParamValues,
): Prepared {
  const [written, setWritten] = useState<{ key: unknown; file?: File; error?: string }>();
  const notes = useMemo(() => (source ? format.inspect(source, options) : []), [format, source, options]);
  const blocked = notes.some(({ severity }) => severity === 'gap');
  const key = useMemo(() => ({ format, source, options }), [format, source, options]);

  useEffect(() => {
    if (!source || blocked) return;
    let current = true;
    format.write(source, options).then(
      (bytes) => {
        if (!current) return;
        const name = fileName(source.name, format.extension);
        setWritten({
          key,
          file: new File([bytes as Uint8Array<ArrayBuffer>], name, { type: format.mimeType }),
        });
      },
      (error: unknown) => {
        if (current) setWritten({ key, error: error instanceof Error ? error.message : String(error) });
      },
    );
    return () => {
      current = false;
    };
  }, [format, source, options, blocked, key]);

  const fresh = written?.key === key ? written : undefined;
  return { notes, blocked, file: blocked ? undefined : fresh?.file, error: fresh?.error };
}
