/**
 * Reads the update parameters of a network: loss layers, optimizer, epochs, shuffle and seed. Judges nothing.
 */
import type { Message } from './message';
import type { DoubleParameter, IntegerParameter, Loss, Optimizer, UpdateParameters } from './types';

/** Reads a NetworkUpdateParameters message. @throws FormatError for damaged bytes or unknown fields */
export function readUpdateParameters(message: Message): UpdateParameters {
  const optimizer = message.message(2, 'optimizer');
  const shuffle = message.message(10, 'shuffle');
  const update: UpdateParameters = {
    losses: message.messages(1, 'lossLayers').map(readLoss),
    optimizer: optimizer && readOptimizer(optimizer),
    epochs: readInteger(message.message(3, 'epochs')),
    shuffle: shuffle?.bool(1),
    seed: readInteger(message.message(20, 'seed')),
  };
  shuffle?.done();
  message.done();
  return update;
}

function readLoss(message: Message): Loss {
  const kinds = { categoricalCrossEntropy: 10, meanSquaredError: 11 } as const;
  const kind = message.oneOf(kinds, 'the kind of the loss');
  const inner = kind && message.message(kinds[kind], kind);
  const loss: Loss = {
    name: message.string(1),
    kind: kind ?? 'none',
    input: inner?.string(1) ?? '',
    target: inner?.string(2) ?? '',
  };
  inner?.done();
  message.done();
  return loss;
}

function readOptimizer(message: Message): Optimizer | undefined {
  const kinds = { sgd: 10, adam: 11 } as const;
  const kind = message.oneOf(kinds, 'the optimizer');
  const inner = kind && message.message(kinds[kind], kind);
  message.done();
  if (!kind || !inner) return undefined;
  const shared = {
    learningRate: readDouble(inner.message(1, 'learningRate')),
    miniBatchSize: readInteger(inner.message(2, 'miniBatchSize')),
  };
  const optimizer: Optimizer =
    kind === 'sgd'
      ? { kind, ...shared, momentum: readDouble(inner.message(3, 'momentum')) }
      : {
          kind,
          ...shared,
          beta1: readDouble(inner.message(3, 'beta1')),
          beta2: readDouble(inner.message(4, 'beta2')),
          eps: readDouble(inner.message(5, 'eps')),
        };
  inner.done();
  return optimizer;
}

function readDouble(message: Message | undefined): DoubleParameter | undefined {
  if (!message) return undefined;
  const range = message.message(10, 'range');
  const parameter: DoubleParameter = {
    value: message.double(1),
    range: range && { min: range.double(1), max: range.double(2) },
  };
  range?.done();
  message.done();
  return parameter;
}

function readInteger(message: Message | undefined): IntegerParameter | undefined {
  if (!message) return undefined;
  const kinds = { range: 10, set: 11 } as const;
  const kind = message.oneOf(kinds, 'the allowed values');
  const inner = kind && message.message(kinds[kind], kind);
  const value = message.integer(1);
  message.done();
  if (!inner) return { value, allowed: undefined };
  const allowed: IntegerParameter['allowed'] =
    kind === 'set'
      ? { kind, values: inner.integers(1) }
      : { kind: 'range', min: inner.integer(1), max: inner.integer(2) };
  inner.done();
  return { value, allowed };
}
