/** Opens files that hold a Core ML model, as bytes or as JSON. Loaded on first use, with all that reads. */
import { decodeModel, type DecodedModel } from '../../../coreml/codec';
import { BadJson, modelFromJson } from '../../../coreml/fromJson';
import type { OpenedFile } from '../../defineImport';
import { readModel } from './model';
import { withoutWeights } from './weightless';

/** @throws Error with whole sentences where no network can be opened. */
export function openBytes(bytes: Uint8Array, name: string): OpenedFile {
  return opened(decodeModel(bytes), name);
}

/** The same of the JSON form. */
export function openJson(bytes: Uint8Array, name: string): OpenedFile {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new BadJson(
      `This is no readable JSON: ${error instanceof Error ? error.message : String(error)}. ` +
        `Take the file once more from where it came from.`,
    );
  }
  return opened(modelFromJson(json), name);
}

function opened(decoded: DecodedModel, name: string): OpenedFile {
  const weightless = withoutWeights(decoded);
  return { read: (joined) => weightless?.read(name, joined) ?? readModel(decoded, name, joined) };
}
