/** The check of a checkpoint that comes out of storage. Nothing that is stored is trusted. */
import { parseParams } from '../core/params';
import type { CompiledNetwork } from '../network/compiled';
import { signatureOf, weightsFit } from '../network/weights';
import type { Checkpoint } from './protocol';
import { trainingSchema } from './settings';

export type CheckedCheckpoint = { readonly checkpoint: Checkpoint } | { readonly reason: string };

/**
 * Says whether a stored value is a checkpoint that can be used.
 * @param network where given, the checkpoint has to belong to it.
 * @returns the checkpoint, or the reason against it as a sentence.
 */
export function checkCheckpoint(stored: unknown, network?: CompiledNetwork): CheckedCheckpoint {
  if (!isRecord(stored)) return { reason: 'The kept weights are damaged: what was stored is no checkpoint.' };
  if (stored.version !== 1) {
    return {
      reason: `The kept weights were stored by another version of this app (format ${String(stored.version)}; 1 is known).`,
    };
  }
  const damaged = damageOf(stored);
  if (damaged) return { reason: `The kept weights are damaged: ${damaged}.` };
  const checkpoint = stored as unknown as Checkpoint;
  if (network && checkpoint.signature !== signatureOf(network)) {
    return { reason: 'The kept weights belong to another network; this one starts from new weights.' };
  }
  return { checkpoint };
}

/** What is wrong with it, or undefined. */
function damageOf(stored: Record<string, unknown>): string | undefined {
  const { network, weights, slots, settings, points, epochs, current, tested } = stored;
  if (!isCount(stored.step) || !isCount(stored.optimizerStep) || !isCount(stored.epochsBefore))
    return 'its counts are not whole numbers';
  if (!['paused', 'stopped', 'finished', 'adopted'].includes(String(stored.outcome)))
    return 'it does not say how the run stood';
  if (typeof stored.savedAt !== 'number' || typeof stored.datasetId !== 'string')
    return 'it lacks date or data set';
  if (!isRecord(settings) || parseParams(trainingSchema, settings).errors.length > 0)
    return 'its settings are out of their limits';
  if (
    !isRecord(current) ||
    !isCount(current.batches) ||
    !hasNumbers(current, ['examples', 'lossSum', 'correct', 'seconds'])
  )
    return 'the epoch in hand is incomplete';
  if (!isListOf(points, ['step', 'loss', 'accuracy'])) return 'its curve is incomplete';
  if (!isListOf(epochs, ['epoch', 'step', 'loss', 'accuracy', 'testLoss', 'testAccuracy', 'seconds']))
    return 'its epochs are incomplete';
  if (tested !== undefined && !(isRecord(tested) && hasNumbers(tested, ['loss', 'accuracy'])))
    return 'its test is incomplete';
  if (!isBlocks(weights) || !isBlocks(slots)) return 'its weights are not finite numbers';
  if (!isNetwork(network) || stored.signature !== signatureOf(network)) return 'it lacks its network';
  if (!weightsFit(network, weights)) return 'its weights do not fit its network';
  const strange = Object.entries(slots).find(
    ([key, values]) => weights[key.slice(key.indexOf(':') + 1)]?.length !== values.length,
  );
  return strange ? `the optimizer's "${strange[0]}" fits no weight` : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function hasNumbers(value: Record<string, unknown>, keys: readonly string[]): boolean {
  return keys.every((key) => Number.isFinite(value[key]));
}

function isListOf(value: unknown, keys: readonly string[]): boolean {
  return Array.isArray(value) && value.every((item) => isRecord(item) && hasNumbers(item, keys));
}

function isBlocks(value: unknown): value is Record<string, Float32Array> {
  return (
    isRecord(value) &&
    Object.values(value).every((block) => block instanceof Float32Array && block.every(Number.isFinite))
  );
}

/** As much of a compiled network as the weights' check reads; the worker and the engine are given the rest as it is. */
function isNetwork(value: unknown): value is CompiledNetwork {
  return (
    isRecord(value) &&
    Array.isArray(value.inputShape) &&
    Array.isArray(value.outputShape) &&
    Array.isArray(value.layers) &&
    value.layers.every(
      (layer) =>
        isRecord(layer) &&
        typeof layer.name === 'string' &&
        Array.isArray(layer.weights) &&
        layer.weights.every(
          (spec) => isRecord(spec) && typeof spec.name === 'string' && Array.isArray(spec.shape),
        ),
    )
  );
}
