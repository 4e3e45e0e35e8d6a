/**
 * Core ML models to bytes and back, by the encoders that `npm run generate` makes from `proto/`. The one file that
 * knows protobuf. It checks nothing about what a model means: see `rules.ts`.
 */
import protobuf from 'protobufjs/minimal.js';
import { coreml } from './generated/coreml.js';
import type { Model } from './model';

// 64 bit integers of the format are sizes and counts: plain numbers, also where the package "long" is about.
(protobuf.util as { Long: unknown }).Long = null;
protobuf.configure();

/** Encodes a model; `floatValue`s are written packed, four bytes a weight, in one go. */
export function encodeModel(model: Model): Uint8Array {
  // The generated types ask for arrays of numbers; the encoder itself only reads `length` and the elements.
  const bytes = coreml.Model.encode(model as unknown as coreml.Model.$Properties).finish();
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Decodes a model. Fields that `proto/` does not know are dropped; lists that are not in the file come as empty lists.
 * @throws Error with one sentence where the bytes are no Core ML model, or are cut short.
 */
export function decodeModel(bytes: Uint8Array): Model {
  let message: coreml.Model;
  try {
    const reader = protobuf.Reader.create(bytes);
    reader.discardUnknown = true;
    message = coreml.Model.decode(reader);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new Error(
      `This is no readable Core ML model: expected a protobuf message of ${bytes.length} bytes, but ${detail}. ` +
        `Take the file once more from where it came from.`,
      { cause: error },
    );
  }
  if (!message.specificationVersion)
    throw new Error('This is no Core ML model: it states no specification version. Choose a .mlmodel file.');
  return plain(message) as Model;
}

/** A message object without its class: own fields only, and weights as floats. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      key,
      key === 'floatValue' ? Float32Array.from(field as number[]) : plain(field),
    ]),
  );
}
