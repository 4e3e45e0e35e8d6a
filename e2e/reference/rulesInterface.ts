/**
 * The rules of coreml.md on what a model takes and gives: features, their types, image preprocessing, classifier labels.
 */
import { probabilityBlob } from './compute';
import { shapeOfArray } from './tensor';
import type { Feature, Model } from './types';
import type { Findings } from './violation';

/** Checks the description of a model against its network's kind; the shapes of outputs are checked with the network. */
export function checkInterface(model: Model, findings: Findings): void {
  const { inputs, outputs, trainingInputs } = model.description;
  findings.expect(inputs.length > 0, 'feature names', 'The model should have an input, but has none.');
  findings.expect(outputs.length > 0, 'feature names', 'The model should have an output, but has none.');
  checkNames([...inputs, ...outputs], 'input or output', findings);
  checkNames(trainingInputs, 'training input', findings);
  for (const input of inputs) checkInput(input, findings);
  for (const output of outputs) checkOutput(model, output, findings);
  checkPreprocessing(model, findings);
  const { arrayInputShapeMapping, imageInputShapeMapping } = model.network;
  findings.expect(
    arrayInputShapeMapping === 0 && imageInputShapeMapping === 0,
    'shape mapping',
    `The input shape mappings should be the default 0, but are ${arrayInputShapeMapping} and ${imageInputShapeMapping}.`,
  );
  if (model.network.kind === 'neuralNetworkClassifier') checkClassifier(model, findings);
  else {
    const { predictedFeatureName: label, predictedProbabilitiesName: probabilities } = model.description;
    findings.expect(
      label === '' && probabilities === '',
      'classifier outputs',
      'A network that is no classifier should name no predicted feature and no probabilities.',
    );
  }
}

function checkNames(features: readonly Feature[], what: string, findings: Findings): void {
  const seen = new Set<string>();
  for (const { name } of features) {
    findings.expect(name !== '', 'feature names', `A ${what} has no name.`);
    findings.expect(
      !seen.has(name),
      'feature names',
      `The name '${name}' is given to more than one ${what}.`,
    );
    seen.add(name);
  }
}

function checkInput({ name, type }: Feature, findings: Findings): void {
  findings.expect(!type.optional, 'feature types', `The input '${name}' should not be optional.`);
  if (type.kind === 'image') {
    findings.expect(
      type.width > 0 && type.height > 0 && type.colorSpace !== 'unknown',
      'feature types',
      `The image input '${name}' should state its width, height and colour space.`,
    );
  } else if (type.kind === 'multiArray') {
    findings.expect(
      shapeOfArray(type.shape) !== undefined,
      'input rank',
      `The input '${name}' should be [C] or [C, H, W], but its shape is [${type.shape.join(', ')}].`,
    );
    checkDataType({ name, type }, findings);
  } else {
    findings.expect(
      false,
      'feature types',
      `The input '${name}' should be an array or an image, but is ${type.kind}.`,
    );
  }
}

function checkDataType({ name, type }: Pick<Feature, 'name' | 'type'>, findings: Findings): void {
  if (type.kind !== 'multiArray') return;
  findings.expect(
    ['float32', 'double', 'int32'].includes(type.dataType),
    'data type',
    `The array '${name}' should state FLOAT32, DOUBLE or INT32 as its data type, but states ${type.dataType}.`,
  );
}

function checkOutput(model: Model, output: Feature, findings: Findings): void {
  const { predictedFeatureName: label, predictedProbabilitiesName: probabilities } = model.description;
  if (model.network.kind === 'neuralNetworkClassifier' && [label, probabilities].includes(output.name))
    return;
  const { name, type } = output;
  findings.expect(
    type.kind === 'multiArray',
    'feature types',
    `The output '${name}' should be an array, but is ${type.kind}.`,
  );
  checkDataType(output, findings);
}

function checkPreprocessing(model: Model, findings: Findings): void {
  const seen = new Set<string>();
  for (const { featureName, step } of model.network.preprocessing) {
    const feature = model.description.inputs.find(({ name }) => name === featureName);
    findings.expect(
      feature?.type.kind === 'image',
      'image preprocessing',
      `The preprocessing of '${featureName}' should name an image input.`,
    );
    findings.expect(
      step !== undefined &&
        (step.kind !== 'scaler' || (Number.isFinite(step.channelScale) && step.channelScale !== 0)),
      'image preprocessing',
      `The preprocessing of '${featureName}' should scale by a number that is not 0.`,
    );
    findings.expect(
      !seen.has(featureName),
      'image preprocessing',
      `The input '${featureName}' is preprocessed more than once.`,
    );
    seen.add(featureName);
  }
}

function checkClassifier(model: Model, findings: Findings): void {
  const { outputs, predictedFeatureName, predictedProbabilitiesName } = model.description;
  const labels = model.network.classifier?.labels;
  const values: readonly (string | number)[] = labels?.values ?? [];
  if (!findings.expect(values.length > 0, 'classifier labels', 'The classifier has no class labels.')) return;
  findings.expect(
    new Set(values).size === values.length && !values.includes(''),
    'classifier labels',
    'The class labels should differ from each other, and none should be empty.',
  );
  const label = outputs.find(({ name }) => name === predictedFeatureName);
  findings.expect(
    label !== undefined && label.type.kind === labels?.kind,
    'classifier outputs',
    `The predicted feature '${predictedFeatureName}' should be an output of type ${labels?.kind}, ` +
      `but is ${label?.type.kind ?? 'no output'}.`,
  );
  if (predictedProbabilitiesName !== '') {
    const type = outputs.find(({ name }) => name === predictedProbabilitiesName)?.type;
    findings.expect(
      type?.kind === 'dictionary' && type.key === labels?.kind,
      'classifier outputs',
      `The probabilities '${predictedProbabilitiesName}' should be an output, a dictionary from ${labels?.kind}.`,
    );
  }
  const blob = probabilityBlob(model);
  findings.expect(
    model.network.layers.some((layer) => blob !== undefined && layer.outputs.includes(blob)),
    'classifier outputs',
    `The layer output with the label probabilities, '${blob}', is not produced by any layer.`,
  );
}
