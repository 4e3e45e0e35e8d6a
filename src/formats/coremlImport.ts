/** Opens Core ML models (.mlmodel). Nothing here knows the bytes: `coreml/read` is loaded on first use. */
import type { ImportDefinition } from './defineImport';

/** Tag of a model's field 1, its version, with which every encoder begins. */
const VERSION = 8;

export const coremlImport: ImportDefinition = {
  id: 'coreml',
  label: 'Core ML model',
  extension: '.mlmodel',
  matches: ([first]) => first === VERSION,
  async open(bytes, name) {
    const { openBytes } = await import('./coreml/read');
    return openBytes(bytes, name);
  },
};
