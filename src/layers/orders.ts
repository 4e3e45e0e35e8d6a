/**
 * The two orders in which an image's values are walked when its shape changes: rows, columns, channels, as TensorFlow.js
 * keeps them, or channel by channel, as Core ML does by default.
 */
import type { ChoiceParam } from '../core/params';

export const orders = ['channelsLast', 'channelsFirst'] as const;
export type Order = (typeof orders)[number];

/** Core ML's number of an order: its `FlattenOrder` and its `ReshapeOrder`. */
export const coremlOrder: Readonly<Record<Order, number>> = { channelsFirst: 0, channelsLast: 1 };

/** The order of a Core ML layer's mode, or the sentence that there is none. */
export function orderOf(mode: number | undefined): { readonly order: Order } | { readonly refusal: string } {
  const order = orders.find((name) => coremlOrder[name] === (mode ?? 0));
  return order
    ? { order }
    : { refusal: `It walks its input by mode ${mode}; 0 (channels first) and 1 (channels last) are known.` };
}

export const orderParam = {
  type: 'choice',
  label: 'Order',
  help: 'How the values are walked: row by row with the channels side by side, or one channel after the other.',
  options: orders,
  default: 'channelsLast',
} as const satisfies ChoiceParam<Order>;
