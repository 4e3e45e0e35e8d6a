/** Says in words why the browser did not store or read. */

const sentences: Readonly<Record<string, string>> = {
  QuotaExceededError:
    'The browser has no room left, so your work is not saved. Free some space on the device, or keep a copy with Share.',
  VersionError:
    'A newer Layerpad has saved its work in this browser. Reload the page to update, then try again.',
  SecurityError:
    'The browser does not let this page store anything. Allow it in the settings, or keep a copy with Share.',
};

const noStorage =
  'This browser stores nothing here. Your work is lost when the page closes; keep a copy with Share.';

/** An Error whose message is for the person; the browser's own error is its cause. */
export function storageError(error: unknown): Error {
  if (typeof indexedDB === 'undefined') return new Error(noStorage, { cause: error });
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const said =
    sentences[name] ??
    `The browser could not store or read your work (${message || name}). Keep a copy with Share.`;
  return new Error(said, { cause: error });
}
