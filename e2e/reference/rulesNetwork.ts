/**
 * The rules of coreml.md on the layers of a network: order, names, blobs, padding, weights, and shapes that fit from the
 * inputs to the declared outputs.
 */
import { probabilityBlob } from './compute';
import { layerShape } from './shapes';
import { describeShape, sameShape, shapeOfArray, sizeOf, type Shape } from './tensor';
import type { FeatureType, Layer, Model, Weights } from './types';
import type { Findings } from './violation';

/**
 * Checks the network of a model.
 * @returns the shapes of all blobs that could be worked out, by name
 */
export function checkNetwork(model: Model, findings: Findings): Map<string, Shape> {
  const { layers } = model.network;
  checkLayerNames(model, findings);
  const produced = new Set(model.description.inputs.map(({ name }) => name));
  const shapes = inputShapes(model);
  for (const layer of layers) {
    const name = `Layer '${layer.name}'`;
    const missing = layer.inputs.filter((blob) => !produced.has(blob));
    findings.expect(
      missing.length === 0,
      'topological order',
      `${name} reads '${missing.join("', '")}', which is neither an input nor produced by an earlier layer.`,
    );
    for (const blob of layer.outputs) {
      findings.expect(blob !== '', 'layer names', `${name} has an output without a name.`);
      findings.expect(
        !produced.has(blob),
        'blob produced once',
        `${name} produces '${blob}', which exists already.`,
      );
      produced.add(blob);
    }
    checkPaddingSet(layer, findings);
    checkWeights(layer, findings);
    checkShape(layer, shapes, findings);
  }
  checkOutputs(model, produced, shapes, findings);
  return shapes;
}

/** The weights of a layer with their names, those that are there. */
export function weightsOf(layer: Layer): [name: string, weights: Weights][] {
  const { body } = layer;
  const named: Record<string, Weights | undefined> = {};
  if (body.kind === 'convolution' || body.kind === 'innerProduct' || body.kind === 'embedding') {
    Object.assign(named, { weights: body.weights, bias: body.bias });
  } else if (body.kind === 'batchnorm') {
    Object.assign(named, { gamma: body.gamma, beta: body.beta, mean: body.mean, variance: body.variance });
  } else if (body.kind === 'activation') {
    const { activation } = body;
    if (activation.name === 'prelu') named.alpha = activation.alpha;
    if (activation.name === 'parametricSoftplus')
      Object.assign(named, { alpha: activation.alpha, beta: activation.beta });
  }
  return Object.entries(named).flatMap(([name, weights]) => (weights ? [[name, weights]] : []));
}

function checkLayerNames(model: Model, findings: Findings): void {
  const seen = new Set<string>();
  const losses = model.network.update?.losses ?? [];
  for (const { name } of [...model.network.layers, ...losses]) {
    findings.expect(name !== '', 'layer names', 'A layer or loss has no name.');
    findings.expect(
      !seen.has(name),
      'layer names',
      `The name '${name}' is given to more than one layer or loss.`,
    );
    seen.add(name);
  }
}

function checkPaddingSet({ name, body }: Layer, findings: Findings): void {
  if (body.kind !== 'convolution' && body.kind !== 'pooling' && body.kind !== 'padding') return;
  findings.expect(
    body.padding !== undefined,
    'padding set',
    `Layer '${name}' (${body.kind}) does not set its padding.`,
  );
}

function checkWeights(layer: Layer, findings: Findings): void {
  for (const [name, weights] of weightsOf(layer)) {
    const kinds = [weights.floats.length, weights.float16Bytes, weights.rawBytes].filter(
      (count) => count > 0,
    );
    const where = `Layer '${layer.name}': ${name}`;
    findings.expect(kinds.length <= 1, 'weights', `${where} is given in more than one kind of numbers.`);
    findings.expect(
      weights.floats.every(Number.isFinite),
      'weights',
      `${where} holds a number that is not finite.`,
    );
  }
  if (layer.body.kind === 'batchnorm') {
    const { variance } = layer.body;
    findings.expect(
      variance === undefined || variance.floats.every((value) => value >= 0),
      'weights',
      `Layer '${layer.name}': the variance holds a negative number.`,
    );
  }
}

function inputShapes(model: Model): Map<string, Shape> {
  const shapes = new Map<string, Shape>();
  for (const { name, type } of model.description.inputs) {
    const shape = featureShape(type);
    if (shape) shapes.set(name, shape);
  }
  return shapes;
}

function featureShape(type: FeatureType): Shape | undefined {
  if (type.kind === 'multiArray') return shapeOfArray(type.shape);
  if (type.kind !== 'image') return undefined;
  return { channels: type.colorSpace === 'grayscale' ? 1 : 3, height: type.height, width: type.width };
}

/** Works out the shape of a layer's output; says nothing where its inputs are in doubt already. */
function checkShape(layer: Layer, shapes: Map<string, Shape>, findings: Findings): void {
  const inputs = layer.inputs.map((blob) => shapes.get(blob));
  if (inputs.includes(undefined)) return;
  const shape = layerShape(
    layer,
    inputs.filter((input) => input !== undefined),
  );
  const output = layer.outputs[0];
  if (typeof shape === 'string') findings.expect(false, 'layer computable', shape);
  else if (output !== undefined) shapes.set(output, shape);
}

function checkOutputs(
  model: Model,
  produced: Set<string>,
  shapes: Map<string, Shape>,
  findings: Findings,
): void {
  const inputs = new Set(model.description.inputs.map(({ name }) => name));
  for (const { name, type } of model.description.outputs) {
    if (type.kind !== 'multiArray') continue;
    findings.expect(
      produced.has(name) && !inputs.has(name),
      'outputs produced',
      `The declared output '${name}' is not produced by any layer.`,
    );
    const shape = shapes.get(name);
    if (!shape || type.shape.length === 0) continue;
    const declared = shapeOfArray(type.shape);
    findings.expect(
      declared !== undefined && sameShape(declared, shape),
      'output shape',
      `The output '${name}' is declared as [${type.shape.join(', ')}], but ${describeShape(shape)} is produced.`,
    );
  }
  const labels = model.network.classifier?.labels?.values;
  const probabilities = shapes.get(probabilityBlob(model) ?? '');
  if (!labels || !probabilities) return;
  findings.expect(
    labels.length === sizeOf(probabilities),
    'classifier labels',
    `There are ${labels.length} class labels for ${sizeOf(probabilities)} outputs.`,
  );
}
