/** What a person should know about a Core ML file before saving it, in words. */
import { rules, layerTypeOf } from '../../coreml/rules';
import { specificationVersion } from '../../coreml/version';
import { layerOf } from '../../layers';
import type { ExportNote, ExportSource } from '../defineFormat';
import type { CoreMLOptions } from './options';
import type { Plan } from './plan';
import { limitsOf } from './update';

/** Frozen layers with their reasons first, then what is good to know. */
export function notesOf(source: ExportSource, options: CoreMLOptions, plan: Plan): readonly ExportNote[] {
  return [
    ...fixedNotes(source, plan),
    ...frozenNotes(plan),
    ...deviceNotes(plan),
    ...limitNotes(source, options, plan),
    ...leftOutNotes(plan),
    ...versionNotes(plan),
  ];
}

/** The file as a whole where nothing in it trains, with the layers that keep their weights. */
function fixedNotes(source: ExportSource, { refused, trains }: Plan): readonly ExportNote[] {
  if (trains.size > 0) return [];
  const weighted = source.network.layers.filter((layer) => layer.weights.length > 0);
  const kept =
    refused === undefined || weighted.length === 0
      ? ''
      : ` These layers keep the weights that they have: ${weighted.map(({ name }) => name).join(', ')}.`;
  const why = refused ?? 'It has no layer that Core ML can train where it stands.';
  const message = `The file runs on the device but cannot be trained there. ${why}${kept}`;
  return [{ severity: 'frozen', message }];
}

/** One note per layer of the app that has weights and does not train, where its own place or kind is the reason. */
function frozenNotes({ graph, judgement, refused }: Plan): readonly ExportNote[] {
  if (refused !== undefined) return [];
  return judgement.verdicts.flatMap((verdict) => {
    if (verdict.fate !== 'frozen') return [];
    const layer = graph.origin.get(verdict.layer)!;
    const { by, reason } = verdict.because;
    const cause = graph.origin.get(by)!;
    if (by === verdict.layer) return [{ severity: 'frozen', layer: layer.name, message: reason } as const];
    const where =
      cause === layer
        ? 'Its own activation stops the gradients.'
        : `"${cause.name}" stops the gradients on their way from the loss.`;
    const message = `Keeps the weights that it has on the device. ${where} ${reason}`;
    return [{ severity: 'frozen', layer: layer.name, message } as const];
  });
}

/** Known trouble on devices with files that Apple's validator accepts. */
function deviceNotes({ graph, loss, trains }: Plan): readonly ExportNote[] {
  if (trains.size === 0) return [];
  const notes: ExportNote[] = [];
  const first = graph.layers.findIndex(({ name }) => trains.has(name));
  // All that trains lies after the last layer that stops gradients, so what follows it passes them on.
  graph.layers.forEach((layer, i) => {
    if (layer.batchnorm && i > first)
      notes.push({
        severity: 'note',
        layer: graph.origin.get(layer.name)!.name,
        message:
          'Layers before this batch normalization train through it. Some devices failed to compile such a model ' +
          '(coremltools issue 492); try the file on yours.',
      });
  });
  const last = graph.layers.find((layer) => layer.output.includes(loss.input))!;
  const type = layerTypeOf(last);
  if (loss.type === 'meanSquaredError' && rules[type].updatable === true)
    notes.push({
      severity: 'note',
      layer: graph.origin.get(last.name)!.name,
      message:
        'Mean squared error reads its linear output directly. Some devices failed to compile such a model ' +
        '(coremltools issue 1983); a sigmoid output avoids it.',
    });
  return notes;
}

/** Limits of the options that had to give way to the run's own settings. */
function limitNotes(
  { settings }: ExportSource,
  options: CoreMLOptions,
  { trains }: Plan,
): readonly ExportNote[] {
  if (trains.size === 0) return [];
  const limits = limitsOf(settings, options);
  const raised = [
    { label: 'largest learning rate', asked: options.maxLearningRate, got: limits.learningRate },
    { label: 'most epochs', asked: options.maxEpochs, got: limits.epochs },
    { label: 'largest batch size', asked: options.maxBatchSize, got: limits.batchSize },
  ];
  return raised
    .filter(({ asked, got }) => got > asked)
    .map(({ label, asked, got }) => ({
      severity: 'note',
      message: `The ${label} is raised from ${asked} to ${got}, so that the run's own setting is allowed.`,
    }));
}

function leftOutNotes({ graph }: Plan): readonly ExportNote[] {
  return graph.leftOut.map((layer) => ({
    severity: 'note',
    layer: layer.name,
    message: `This ${layerOf(layer.kind).label} changes nothing in a prediction: the file leaves it out.`,
  }));
}

/** What runs the file, where that is not everything that runs networks which train. */
function versionNotes({ graph }: Plan): readonly ExportNote[] {
  const { number, systems } = specificationVersion(graph.layers);
  if (number === specificationVersion([]).number) return [];
  const message =
    `The file is of version ${number}, which came with ${systems}: its bilinear upsampling has a grid that older ` +
    'systems lack. The grid asymmetric does without.';
  return [{ severity: 'note', message }];
}
