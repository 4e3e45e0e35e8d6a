/**
 * The rules of coreml.md on training on the device: which layers are updatable, where gradients pass, and the loss.
 * Optimizer, epochs and training inputs are in rulesUpdate.ts.
 */
import { weightsOf } from './rulesNetwork';
import { checkTrainingInputs, checkUpdateParameters } from './rulesUpdate';
import type { Shape } from './tensor';
import type { Layer, Loss, Model } from './types';
import type { Findings } from './violation';

/** Kinds through which gradients pass; of the activations only those three. */
const PASSES_GRADIENTS = new Set(['convolution', 'innerProduct', 'flatten', 'pooling', 'batchnorm']);
const ACTIVATIONS_WITH_GRADIENTS = new Set(['relu', 'sigmoid', 'tanh']);

/** Checks all that concerns training; a model that is not updatable must carry nothing of it. */
export function checkTraining(model: Model, shapes: ReadonlyMap<string, Shape>, findings: Findings): void {
  const { layers, update } = model.network;
  const updatable = layers.filter(({ isUpdatable }) => isUpdatable);
  for (const layer of layers) checkFlags(layer, findings);
  if (!model.isUpdatable) {
    findings.expect(
      updatable.length === 0 && update === undefined && model.description.trainingInputs.length === 0,
      'update parameters',
      'A model that is not updatable should have no updatable layer, update parameters or training inputs.',
    );
    return;
  }
  findings.expect(updatable.length > 0, 'updatable kinds', 'The model is updatable, but no layer is.');
  if (!update) {
    findings.expect(false, 'update parameters', 'The model is updatable, but has no update parameters.');
    return;
  }
  const [loss, ...more] = update.losses;
  if (!loss || more.length > 0) {
    findings.expect(false, 'one loss', `There should be one loss, but there are ${update.losses.length}.`);
  } else {
    checkLoss(model, loss, findings);
    checkGradients(layers, loss, findings);
    checkTrainingInputs(model, loss, shapes, findings);
  }
  checkUpdateParameters(update, findings);
}

function checkFlags(layer: Layer, findings: Findings): void {
  const weights = weightsOf(layer);
  const name = `Layer '${layer.name}' (${layer.body.kind})`;
  if (!layer.isUpdatable) {
    const flagged = weights.filter(([, { isUpdatable }]) => isUpdatable).map(([part]) => part);
    findings.expect(
      flagged.length === 0,
      'updatable flags',
      `${name} is not updatable, but its ${flagged.join()} is.`,
    );
    return;
  }
  if (
    !findings.expect(
      layer.body.kind === 'convolution' || layer.body.kind === 'innerProduct',
      'updatable kinds',
      `${name} is updatable; only convolution and inner product can be.`,
    )
  ) {
    return;
  }
  for (const [part, { isUpdatable, isQuantized, float16Bytes, rawBytes }] of weights) {
    findings.expect(isUpdatable, 'updatable flags', `${name} is updatable, but its ${part} is not flagged.`);
    findings.expect(
      !isQuantized && float16Bytes === 0 && rawBytes === 0,
      'float32 weights',
      `${name} is updatable, so its ${part} should be plain float32 numbers.`,
    );
  }
}

function producers(layers: readonly Layer[]): Map<string, Layer> {
  return new Map(layers.flatMap((layer) => layer.outputs.map((blob) => [blob, layer] as const)));
}

function checkLoss(model: Model, loss: Loss, findings: Findings): void {
  const kind = producers(model.network.layers).get(loss.input)?.body.kind;
  if (loss.kind === 'none') {
    findings.expect(false, 'one loss', `The loss '${loss.name}' is of no kind.`);
  } else if (loss.kind === 'categoricalCrossEntropy') {
    findings.expect(
      kind === 'softmax',
      'loss input',
      `Cross-entropy '${loss.name}' should read straight from a softmax, but reads from ${kind ?? 'no layer'}.`,
    );
  } else {
    findings.expect(
      kind !== undefined && kind !== 'softmax' && kind !== 'softmaxND',
      'loss input',
      `Mean squared error '${loss.name}' should read from a layer other than softmax, but reads from ${kind ?? 'no layer'}.`,
    );
  }
  const taken = new Set([
    ...model.network.layers.flatMap(({ outputs }) => outputs),
    ...model.description.inputs.map(({ name }) => name),
  ]);
  findings.expect(
    loss.target !== '' && !taken.has(loss.target),
    'loss target',
    `The target '${loss.target}' of the loss should be a name of its own, neither an input nor made in the network.`,
  );
}

/** Every updatable layer must reach the loss, and no layer in between may stop the gradients. */
function checkGradients(layers: readonly Layer[], loss: Loss, findings: Findings): void {
  const makers = producers(layers);
  const last = makers.get(loss.input);
  if (!last) return;
  const start =
    loss.kind === 'categoricalCrossEntropy' && last.body.kind === 'softmax' ? sources(last, makers) : [last];
  const path = closure(start, makers);
  for (const layer of path) {
    if (passesGradients(layer)) continue;
    const behind = [...closure(sources(layer, makers), makers)].filter(({ isUpdatable }) => isUpdatable);
    findings.expect(
      behind.length === 0,
      'gradient path',
      `Layer '${layer.name}' (${layer.body.kind}) stops the gradients to '${behind.map(({ name }) => name).join("', '")}'.`,
    );
  }
  for (const layer of layers) {
    findings.expect(
      !layer.isUpdatable || path.has(layer),
      'gradient path',
      `Layer '${layer.name}' is updatable, but the loss does not depend on it.`,
    );
  }
}

function passesGradients({ body }: Layer): boolean {
  if (body.kind === 'activation') return ACTIVATIONS_WITH_GRADIENTS.has(body.activation.name);
  return PASSES_GRADIENTS.has(body.kind);
}

function sources(layer: Layer, makers: ReadonlyMap<string, Layer>): Layer[] {
  return layer.inputs.flatMap((blob) => makers.get(blob) ?? []);
}

/** The layers and all they depend on. */
function closure(start: readonly Layer[], makers: ReadonlyMap<string, Layer>): Set<Layer> {
  const found = new Set<Layer>();
  const waiting = [...start];
  for (let layer = waiting.pop(); layer; layer = waiting.pop()) {
    if (found.has(layer)) continue;
    found.add(layer);
    waiting.push(...sources(layer, makers));
  }
  return found;
}
