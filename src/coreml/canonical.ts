/** The canonical form of a message: with nothing stated that is so anyway. No bytes here. */
import { isDefault, type MessageType } from './schema';

/** The message without what is at its default, as every other writer of the format leaves it out. */
export function withoutDefaults(type: MessageType, message: object): Record<string, unknown> {
  const entries = Object.entries(message).flatMap(([key, value]: [string, unknown]) => {
    const field = type.byName.get(key);
    if (!field || value === undefined || isDefault(field, value)) return [];
    const { message: inner } = field;
    const write = (one: unknown) => (inner ? withoutDefaults(inner(), one as object) : one);
    return [[key, field.repeated && !field.bulk ? (value as unknown[]).map(write) : write(value)] as const];
  });
  return Object.fromEntries(entries);
}
