/** What a person should know about a Core ML file before saving it, in words, with one-tap ways out. */
import { YOU_FROZE_IT } from '../../coreml/judge';
import { rules, layerTypeOf } from '../../coreml/rules';
import { specificationVersion } from '../../coreml/version';
import { layerOf } from '../../layers';
import type { CompiledLayer } from '../../network/compiled';
import type { ExportNote, ExportSource } from '../defineFormat';
import { allowedNotes } from './allowed';
import { fatesOf } from './fates';
import type { Plan } from './plan';
import { refusalOf } from './refusals';
import { endWith } from './wayOut';

/** What must be mended first, then frozen layers with their reasons, then what is good to know. */
export function notesOf(source: ExportSource, plan: Plan): readonly ExportNote[] {
  return [
    ...(plan.trains.size > 0 ? allowedNotes(source) : []),
    ...fixedNotes(source, plan),
    ...frozenNotes(source, plan),
    ...deviceNotes(source, plan),
    ...leftOutNotes(plan),
    ...versionNotes(plan),
  ];
}

/** The file as a whole where nothing in it trains, with the layers that keep their weights. */
function fixedNotes(source: ExportSource, plan: Plan): readonly ExportNote[] {
  const { refused, trains } = plan;
  if (trains.size > 0) return [];
  const weighted = source.network.layers.filter((layer) => layer.weights.length > 0);
  const kept =
    refused === undefined || weighted.length === 0
      ? ''
      : ` These layers keep the weights that they have: ${weighted.map(({ name }) => name).join(', ')}.`;
  const why = refused ?? 'It has no layer that Core ML can train where it stands.';
  const message = `The file runs on the device but cannot be trained there. ${why}${kept}`;
  return [{ severity: 'frozen', message, waysOut: refusalOf(source, plan)?.waysOut ?? [] }];
}

/** One note for each layer that is frozen by its place or kind, and one for all that the person froze. */
function frozenNotes({ network }: ExportSource, plan: Plan): readonly ExportNote[] {
  if (plan.refused !== undefined) return [];
  const fates = fatesOf(plan, network.layers);
  const frozen = network.layers.filter(({ id }) => fates.get(id)!.fate === 'frozen');
  const chosen = frozen.filter(({ id }) => fates.get(id)!.reason === YOU_FROZE_IT);
  const others = frozen.filter((layer) => !chosen.includes(layer));
  return [
    ...others.map(({ id, name }): ExportNote => {
      const { reason, waysOut } = fates.get(id)!;
      return { severity: 'frozen', layer: name, message: reason, waysOut };
    }),
    ...(chosen.length > 0 ? [chosenNote(chosen)] : []),
  ];
}

function chosenNote(layers: readonly CompiledLayer[]): ExportNote {
  const ids = layers.map(({ id }) => id);
  const names = new Intl.ListFormat('en').format(layers.map(({ name }) => name));
  const [it, has] = layers.length === 1 ? ['it', 'has'] : ['they', 'have'];
  return {
    severity: 'frozen',
    message: `You froze ${names}: ${it} ${layers.length === 1 ? 'runs' : 'run'} on the device with the weights that ${it} ${has}.`,
    waysOut: [{ type: 'trainable', ids, trainable: true, label: `Let ${it === 'it' ? 'it' : 'them'} train` }],
  };
}

/** Known trouble on devices with files that Apple's validator accepts, each with the safer form. */
function deviceNotes({ network }: ExportSource, { graph, loss, trains }: Plan): readonly ExportNote[] {
  if (trains.size === 0) return [];
  const notes: ExportNote[] = [];
  const training = new Set([...trains].map((name) => graph.origin.get(name)!));
  for (const written of graph.layers) {
    if (!written.batchnorm) continue;
    const norm = graph.origin.get(written.name)!;
    const before = layersBefore(network.layers, norm).filter((layer) => training.has(layer));
    if (before.length === 0) continue;
    const ids = before.map(({ id }) => id);
    notes.push({
      severity: 'note',
      layer: norm.name,
      message:
        'Layers before this batch normalization train through it. Some devices failed to compile such a model ' +
        '(coremltools issue 492); try the file on yours, or freeze them.',
      waysOut: [{ type: 'trainable', ids, trainable: false, label: 'Freeze the layers before it' }],
    });
  }
  const last = graph.layers.find((layer) => layer.output.includes(loss.input))!;
  const type = layerTypeOf(last);
  if (loss.type === 'meanSquaredError' && rules[type].updatable === true) {
    const output = graph.origin.get(last.name)!;
    notes.push({
      severity: 'note',
      layer: output.name,
      message:
        'Mean squared error reads its linear output directly. Some devices failed to compile such a model ' +
        '(coremltools issue 1983); a sigmoid output avoids it.',
      waysOut: [endWith(output, 'sigmoid', 'End with sigmoid')],
    });
  }
  return notes;
}

/** All that feeds a layer, directly or not. */
function layersBefore(layers: readonly CompiledLayer[], layer: CompiledLayer): readonly CompiledLayer[] {
  const found = new Set<CompiledLayer>();
  const queue = [layer];
  for (let at = queue.pop(); at; at = queue.pop())
    for (const input of at.inputs) {
      const source = layers[input]!;
      if (!found.has(source)) queue.push(source);
      found.add(source);
    }
  return layers.filter((candidate) => found.has(candidate));
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
