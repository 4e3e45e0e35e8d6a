/**
 * What Core ML will do with every layer of the designer, live, also of a network that is not finished. It knows no
 * values of weights, and asks the writer and the judge of the export.
 */
import { layerOf } from '../../layers';
import type { Analysis } from '../../network/analyze';
import type { CompiledLayer } from '../../network/compiled';
import { knownLayers } from '../../network/compiledLayers';
import type { Network } from '../../network/network';
import type { CoreMLSettings } from '../../project/coremlSettings';
import type { TrainingSettings } from '../../training/settings';
import { fatesOf, type LayerFate } from './fates';
import { draftOf, planOf } from './plan';
import { refusalOf } from './refusals';

export interface NetworkFate {
  /** One for every layer, by id. */
  readonly layers: ReadonlyMap<string, LayerFate>;
  /** "3 of 4 layers with weights train on the device." */
  readonly summary: string;
}

/** Judges a network for the loss and the choices of the export. Never throws; linear in the size of usual networks. */
export function judgeNetwork(
  network: Network,
  analysis: Analysis,
  settings: Pick<TrainingSettings, 'loss'>,
  coreml: CoreMLSettings,
): NetworkFate {
  const known = knownLayers(network, analysis.nodes);
  const { written, gaps, below } = partByGaps(known);
  const finished =
    written.length === network.nodes.length &&
    analysis.problems.every(({ problem }) => problem.code === 'softmax');
  const judged = finished ? judgeFinished(written, settings, coreml) : judgeDraft(written, coreml);
  const layers = new Map<string, LayerFate>(
    network.nodes.map(({ id }) => {
      const gap = gaps.get(id);
      const why = below.has(id) ? 'a layer above it is not in Core ML' : 'its shapes are not known so far';
      const open: LayerFate = { fate: 'open', stops: false, reason: `Not judged yet: ${why}.`, waysOut: [] };
      return [id, judged.get(id) ?? (gap ? { ...open, fate: 'gap', reason: gap } : open)];
    }),
  );
  return { layers, summary: summarize(layers, known, finished) };
}

function judgeFinished(
  layers: readonly CompiledLayer[],
  settings: Pick<TrainingSettings, 'loss'>,
  coreml: CoreMLSettings,
): ReadonlyMap<string, LayerFate> {
  const source = { network: { layers, outputShape: layers.at(-1)!.outputShape }, settings, coreml };
  const plan = planOf(source);
  return fatesOf(plan, layers, refusalOf(source, plan));
}

function judgeDraft(
  layers: readonly CompiledLayer[],
  coreml: CoreMLSettings,
): ReadonlyMap<string, LayerFate> {
  return fatesOf(draftOf(layers, coreml), layers);
}

/** The layers that can be written, those that cannot with the reason, and what comes below them. */
function partByGaps(layers: readonly CompiledLayer[]) {
  const gaps = new Map<string, string>();
  const below = new Set<string>();
  const place = new Map<number, number>();
  const written: CompiledLayer[] = [];
  layers.forEach((layer, i) => {
    const gap = layerOf(layer.kind).coreml.gap?.(layer.params, layer.inputShapes);
    const inputs = layer.inputs.map((input) => place.get(input));
    if (gap) gaps.set(layer.id, gap);
    else if (inputs.includes(undefined)) below.add(layer.id);
    else {
      place.set(i, written.length);
      written.push({ ...layer, inputs: inputs as number[] });
    }
  });
  return { written, gaps, below };
}

function summarize(
  fates: ReadonlyMap<string, LayerFate>,
  known: readonly CompiledLayer[],
  finished: boolean,
): string {
  const weighted = known.filter(({ weights }) => weights.length > 0).map(({ id }) => fates.get(id)!.fate);
  const gap = known.find(({ id }) => fates.get(id)!.fate === 'gap');
  if (gap) return `"${gap.name}" is not in Core ML, so no file can be written.`;
  if (weighted.length === 0) return 'No layer has weights that the device could train.';
  if (!finished) return 'What trains on the device is judged once the network leads to its loss.';
  const trains = weighted.filter((fate) => fate === 'trains').length;
  return `${countWords(trains, weighted.length)} with weights ${trains === 1 || trains === 0 ? 'trains' : 'train'} on the device.`;
}

/** "All 4 layers", "1 of 4 layers", "The one layer", "No layer", "None of the 4 layers". */
function countWords(some: number, all: number): string {
  if (all === 1) return some === 1 ? 'The one layer' : 'No layer';
  if (some === all) return `All ${all} layers`;
  return some === 0 ? `None of the ${all} layers` : `${some} of ${all} layers`;
}
