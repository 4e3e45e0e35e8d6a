/** Opens assets for code that runs in the page. The training worker has no page and is told where they lie. */
import type { FetchAsset } from './defineDataset';

export const pageAssets: FetchAsset = (path, signal) =>
  fetch(new URL(path, new URL(import.meta.env.BASE_URL, document.baseURI)), signal ? { signal } : {});
