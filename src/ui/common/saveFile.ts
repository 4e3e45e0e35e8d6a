/**
 * Gives a file to the person: the device's share sheet, or a download. Both must be called straight from a tap, with
 * the bytes ready.
 */

/** Whether the share sheet takes this file. */
export function canShareFile(file: File): boolean {
  return typeof navigator.share === 'function' && navigator.canShare?.({ files: [file] }) === true;
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
