/**
 * The rules of coreml.md on optimizer, epochs, mini-batch size and training inputs.
 */
import { sameShape, shapeOfArray, type Shape } from './tensor';
import type {
  DoubleParameter,
  Feature,
  FeatureType,
  IntegerParameter,
  Loss,
  Model,
  UpdateParameters,
} from './types';
import type { Findings, RuleName } from './violation';

/** Checks optimizer, epochs and seed: all that is required is there, and defaults are inside their own limits. */
export function checkUpdateParameters(update: UpdateParameters, findings: Findings): void {
  const { optimizer, epochs, seed } = update;
  checkCount(epochs, 'epochs', 'epochs', findings);
  if (seed) checkAllowed(seed, 'seed', findings);
  if (!optimizer) {
    findings.expect(false, 'optimizer', 'The update parameters have no optimizer.');
    return;
  }
  checkCount(optimizer.miniBatchSize, 'miniBatchSize', 'optimizer', findings);
  checkDouble(optimizer.learningRate, 'learningRate', true, findings);
  if (optimizer.kind === 'sgd') {
    checkDouble(optimizer.momentum, 'momentum', false, findings);
    return;
  }
  checkDouble(optimizer.beta1, 'beta1', true, findings);
  checkDouble(optimizer.beta2, 'beta2', true, findings);
  checkDouble(optimizer.eps, 'eps', true, findings);
}

function checkDouble(
  parameter: DoubleParameter | undefined,
  name: string,
  required: boolean,
  findings: Findings,
): void {
  findings.expect(!required || parameter !== undefined, 'optimizer', `The optimizer has no ${name}.`);
  if (!parameter) return;
  const { value, range } = parameter;
  findings.expect(
    Number.isFinite(value) && value >= 0,
    'parameter limits',
    `The ${name} should be a number of 0 or more, but is ${value}.`,
  );
  findings.expect(
    !range || (range.min <= value && value <= range.max),
    'parameter limits',
    `The ${name} ${value} is not inside its range ${range?.min} to ${range?.max}.`,
  );
}

/** A whole number that is required and above 0. */
function checkCount(
  parameter: IntegerParameter | undefined,
  name: string,
  rule: RuleName,
  findings: Findings,
): void {
  if (!parameter) {
    findings.expect(false, rule, `There is no ${name}.`);
    return;
  }
  const { value, allowed } = parameter;
  findings.expect(value > 0, 'parameter limits', `The ${name} should be above 0, but is ${value}.`);
  const limits = !allowed ? [] : allowed.kind === 'set' ? allowed.values : [allowed.min, allowed.max];
  findings.expect(
    limits.every((limit) => limit > 0),
    'parameter limits',
    `The allowed values of ${name} should all be above 0, but are ${limits.join(', ')}.`,
  );
  checkAllowed(parameter, name, findings);
}

function checkAllowed({ value, allowed }: IntegerParameter, name: string, findings: Findings): void {
  if (!allowed) return;
  const inside =
    allowed.kind === 'set' ? allowed.values.includes(value) : allowed.min <= value && value <= allowed.max;
  findings.expect(inside, 'parameter limits', `The ${name} ${value} is not among its own allowed values.`);
}

/** Checks that training is fed every input as it is, and the target of the loss with its type. */
export function checkTrainingInputs(
  model: Model,
  loss: Loss,
  shapes: ReadonlyMap<string, Shape>,
  findings: Findings,
): void {
  const { inputs, trainingInputs } = model.description;
  findings.expect(
    trainingInputs.length >= 2,
    'training inputs',
    `There should be at least two training inputs, but there are ${trainingInputs.length}.`,
  );
  for (const input of inputs) {
    const same = trainingInputs.find(({ name }) => name === input.name);
    findings.expect(
      same !== undefined && sameType(same.type, input.type),
      'training inputs',
      `The input '${input.name}' should also be a training input, of exactly the same type.`,
    );
  }
  const targetName = targetOf(model, loss);
  const target = trainingInputs.find(({ name }) => name === targetName);
  if (
    !findings.expect(
      target !== undefined,
      'training inputs',
      `The target '${targetName}' is no training input.`,
    )
  ) {
    return;
  }
  const known = new Set([...inputs.map(({ name }) => name), targetName]);
  const other = trainingInputs.find(({ name }) => !known.has(name));
  findings.expect(
    !other,
    'training inputs',
    `The training input '${other?.name}' is neither an input nor the target.`,
  );
  if (target) checkTargetType(model, loss, target, shapes, findings);
}

/** A classifier is trained on its label, unless the error is the mean squared one, which needs numbers. */
function targetOf(model: Model, loss: Loss): string {
  const isLabel = model.network.kind === 'neuralNetworkClassifier' && loss.kind === 'categoricalCrossEntropy';
  return isLabel ? model.description.predictedFeatureName : loss.target;
}

function checkTargetType(
  model: Model,
  loss: Loss,
  { name, type }: Feature,
  shapes: ReadonlyMap<string, Shape>,
  findings: Findings,
): void {
  if (loss.kind === 'meanSquaredError') {
    const expected = shapes.get(loss.input);
    const shape =
      type.kind === 'multiArray' && type.dataType === 'double' ? shapeOfArray(type.shape) : undefined;
    findings.expect(
      shape !== undefined && (!expected || sameShape(shape, expected)),
      'target type',
      `The target '${name}' should be a DOUBLE array of the output's shape.`,
    );
  } else if (model.network.kind === 'neuralNetworkClassifier') {
    const label = model.description.outputs.find((output) => output.name === name);
    findings.expect(
      (type.kind === 'int64' || type.kind === 'string') && label?.type.kind === type.kind,
      'target type',
      `The target '${name}' should be an int64 or string as the classifier's label, but is ${type.kind}.`,
    );
  } else {
    findings.expect(
      type.kind === 'multiArray' &&
        type.dataType === 'int32' &&
        type.shape.length === 1 &&
        type.shape[0] === 1,
      'target type',
      `The target '${name}' should be an INT32 array of shape [1], the index of the class.`,
    );
  }
}

function sameType(a: FeatureType, b: FeatureType): boolean {
  return JSON.stringify(a, Object.keys(a).sort()) === JSON.stringify(b, Object.keys(b).sort());
}
