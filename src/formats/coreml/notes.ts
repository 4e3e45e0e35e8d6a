/** What a person should know about a Core ML file before saving it, in words. */
import { rules, layerTypeOf } from '../../coreml/rules';
import { layerOf } from '../../layers';
import type { ExportNote, ExportSource } from '../defineFormat';
import type { Plan } from './plan';

/** Frozen layers with their reasons first, then what is good to know. */
export function notesOf(source: ExportSource, plan: Plan): readonly ExportNote[] {
  return [...fixedNotes(source, plan), ...frozenNotes(plan), ...deviceNotes(plan), ...leftOutNotes(plan)];
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

function leftOutNotes({ graph }: Plan): readonly ExportNote[] {
  return graph.leftOut.map((layer) => ({
    severity: 'note',
    layer: layer.name,
    message: `This ${layerOf(layer.kind).label} changes nothing in a prediction: the file leaves it out.`,
  }));
}
