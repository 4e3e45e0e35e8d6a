/**
 * A Core ML model as text: the JSON form of its messages, as protobuf's language guide describes it ("proto3 JSON"): 64
 * bit integers and bytes are texts, enums are names, defaults are left out. Laid out to be read by people.
 */
import { shortestFloat } from '../core/floats';
import { withoutDefaults } from './canonical';
import type { Model } from './model';
import { messageType, type Field, type MessageType } from './schema';

/** Of a line of numbers, in characters. */
const WIDTH = 96;

/**
 * @param weights false leaves the numbers of all weights out; what else is known of them stays.
 */
export function modelToJson(model: Model, weights: boolean): string {
  const type = messageType('Model');
  return `${new Printer(weights).message(type, withoutDefaults(type, model), '')}\n`;
}

class Printer {
  constructor(private readonly weights: boolean) {}

  message(type: MessageType, message: Record<string, unknown>, indent: string): string {
    const inner = `${indent}  `;
    const lines = Object.entries(message).flatMap(([key, value]) => {
      const field = type.byName.get(key)!;
      const isWeights = type.name === 'WeightParams' && (field.bulk || field.scalar === 'bytes');
      if (isWeights && !this.weights) return [];
      return [`${inner}${JSON.stringify(key)}: ${this.field(field, value, inner)}`];
    });
    return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n${indent}}`;
  }

  private field(field: Field, value: unknown, indent: string): string {
    if (field.map) {
      const pairs = Object.entries(value as Record<string, string>);
      const lines = pairs.map(([key, text]) => `${indent}  ${JSON.stringify(key)}: ${JSON.stringify(text)}`);
      return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n${indent}}`;
    }
    if (!field.repeated) return this.single(field, value, indent);
    if (!field.message)
      return numbers(
        Array.from(value as ArrayLike<unknown>, (one) => scalar(field, one)),
        indent,
      );
    const items = (value as unknown[]).map((one) => `${indent}  ${this.single(field, one, `${indent}  `)}`);
    return `[\n${items.join(',\n')}\n${indent}]`;
  }

  private single(field: Field, value: unknown, indent: string): string {
    return field.message
      ? this.message(field.message(), value as Record<string, unknown>, indent)
      : scalar(field, value);
  }
}

/** A list of short values: on one line where they fit, else on as few as they need. */
function numbers(items: readonly string[], indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const [i, item] of items.entries()) {
    const next = i < items.length - 1 ? `${item},` : item;
    if (line !== '' && indent.length + line.length + next.length + 3 > WIDTH) {
      lines.push(line);
      line = next;
    } else line = line === '' ? next : `${line} ${next}`;
  }
  if (line !== '') lines.push(line);
  if (lines.length <= 1) return `[${lines.join('')}]`;
  return `[\n${lines.map((one) => `${indent}  ${one}`).join('\n')}\n${indent}]`;
}

function scalar(field: Field, value: unknown): string {
  switch (field.scalar) {
    case 'int64':
    case 'uint64':
      return `"${BigInt(value as number)}"`;
    case 'enum':
      return JSON.stringify(field.names?.get(value as number) ?? value);
    case 'bytes':
      return JSON.stringify(toBase64(value as Uint8Array));
    case 'float':
      return real(value as number, (float) => String(shortestFloat(float)));
    case 'double':
      return real(value as number, String);
    default:
      return JSON.stringify(value);
  }
}

function real(value: number, text: (value: number) => string): string {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? text(value) : JSON.stringify(String(value));
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  // In slices, for a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}
