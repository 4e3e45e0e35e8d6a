/** Opens Core ML models that were written as JSON, by this app or any other that knows protobuf's JSON. */
import type { ImportDefinition } from './defineImport';

const SPACE: readonly number[] = [0x20, 0x0a, 0x0d, 0x09];
const BRACE = 0x7b;

export const coremlJsonImport: ImportDefinition = {
  id: 'coremlJson',
  label: 'Core ML model as JSON',
  extension: '.json',
  matches: (bytes) => bytes.find((byte) => !SPACE.includes(byte)) === BRACE,
  async open(bytes, name) {
    const { openJson } = await import('./coreml/read');
    return openJson(bytes, name);
  },
};
