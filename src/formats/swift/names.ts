/** Names that the tools of Apple take: of the app, of its folder, of its bundle. */

/** What every file system and every build takes: letters, digits, hyphens; "Network" where nothing is left. */
export function fileNameOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9 _-]+/g, '')
    .trim()
    .replace(/[ _-]+/g, '-')
    .replace(/^-|-$/g, '');
  return plain || 'Network';
}

/** The app's name under its icon: the same with spaces. */
export function appNameOf(name: string): string {
  return fileNameOf(name).replaceAll('-', ' ');
}

/** Reverse-domain name of the app's bundle. */
export function bundleIdOf(name: string): string {
  return `app.layerpad.${fileNameOf(name).toLowerCase()}`;
}
