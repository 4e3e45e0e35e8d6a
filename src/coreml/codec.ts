/**
 * Core ML models to bytes and back: written by the encoders that `npm run generate` makes from `proto/`, read by
 * `decode.ts`. The one file that knows protobufjs. It checks nothing about what a model means: see `rules.ts`.
 */
import protobuf from 'protobufjs/minimal.js';
import { coreml } from './generated/coreml.js';
import { withoutDefaults } from './canonical';
import { Decoder, type UnknownField } from './decode';
import type { Model } from './model';
import { messageType } from './schema';
import { BrokenBytes } from './wire';

// 64 bit integers of the format are sizes and counts: plain numbers, also where the package "long" is about.
(protobuf.util as { Long: unknown }).Long = null;
protobuf.configure();

/** Encodes a model. Defaults are left out; `floatValue`s are written packed, four bytes a weight, in one go. */
export function encodeModel(model: Model): Uint8Array {
  // The generated types ask for arrays of numbers; the encoder itself only reads `length` and the elements.
  const message = withoutDefaults(messageType('Model'), model) as unknown as coreml.Model.$Properties;
  const bytes = coreml.Model.encode(message).finish();
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A model that was read, and what the file has besides. */
export interface DecodedModel {
  readonly model: Model;
  /** Fields that `proto/` does not know; the model is without them. */
  readonly unknown: readonly UnknownField[];
}

/**
 * Decodes a model. Scalars that the file leaves out have their defaults; lists that are not in the file are empty.
 * @throws Error with one or two sentences where the bytes are no Core ML model, or are damaged. It says so before it
 *   takes more memory than the file has bytes.
 */
export function decodeModel(bytes: Uint8Array): DecodedModel {
  const decoder = new Decoder(bytes);
  let model: Model;
  try {
    model = decoder.decode(messageType('Model')) as Model;
  } catch (error) {
    if (!(error instanceof BrokenBytes)) throw error;
    throw new Error(
      `This is no readable Core ML model of ${bytes.length.toLocaleString('en-US')} bytes: ${error.message}. ` +
        `Take the file once more from where it came from.`,
      { cause: error },
    );
  }
  if (!model.specificationVersion)
    throw new Error('This is no Core ML model: it states no specification version. Choose a .mlmodel file.');
  return { model, unknown: decoder.unknown };
}
