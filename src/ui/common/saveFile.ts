/**
 * Gives a file to the person: the device's share sheet, or a download. Both must be called straight from a tap, with
 * the bytes ready.
 */

/** Whether the share sheet takes this file. */
export function canShareFile(file: File): boolean {
  return typeof navigator.share === 'function' && navigator.canShare?.({ files: [file] }) === true;
}

/**
 * What the share sheet takes of this file: the file itself, else the same in a zip archive, since some browsers share
 * only endings that they know. Undefined where it takes neither. To be called before the tap: packing takes its time.
 */
export async function shareableFile(file: File, signal?: AbortSignal): Promise<File | undefined> {
  if (canShareFile(file)) return file;
  const name = `${file.name}.zip`;
  const type = 'application/zip';
  if (file.name.endsWith('.zip') || !canShareFile(new File([], name, { type }))) return undefined;
  const { zipOf } = await import('../../formats/zip');
  const bytes = await zipOf([{ path: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }], signal);
  const zipped = new File([bytes as Uint8Array<ArrayBuffer>], name, { type });
  return canShareFile(zipped) ? zipped : undefined;
}

/** Whether the app was opened from the home screen, without the browser around it. Downloads fail there on an iPad. */
export function isHomeScreenApp(): boolean {
  const { standalone } = navigator as Navigator & { readonly standalone?: boolean };
  return standalone === true || matchMedia('(display-mode: standalone)').matches;
}

/**
 * Opens the share sheet.
 * @returns false when the person closed it again.
 * @throws Error where the device refuses the file after all.
 */
export async function shareFile(file: File): Promise<boolean> {
  try {
    await navigator.share({ files: [file] });
    return true;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return false;
    throw error;
  }
}

/** Saves a file where the browser keeps downloads. */
export function downloadFile(file: File): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = file.name;
  link.click();
  // The browser has taken the bytes once the click is handled; a minute is for slow devices.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A name that every file system takes. */
export function fileName(name: string, extension: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[^\w\- ]+/g, '')
    .trim()
    .replace(/\s+/g, '-');
  return `${plain || 'network'}${extension}`;
}
