/** Why a project cannot be written as a Core ML file with its choices: what is found before anything is planned. */
import { formatShape } from '../../core/shape';
import { layerOf } from '../../layers';
import { weightKey } from '../../network/compiled';
import { weightsFit } from '../../network/weights';
import type { ExportNote, ExportSource } from '../defineFormat';

/** One note per reason; an empty list where the file can be written. */
export function gapsOf(source: ExportSource): readonly ExportNote[] {
  const { network, weights } = source;
  const gaps: ExportNote[] = network.layers.flatMap((layer) => {
    const message = layerOf(layer.kind).coreml.gap?.(layer.params, layer.inputShapes);
    return message ? [{ severity: 'gap', layer: layer.name, message } as const] : [];
  });
  if (!weightsFit(network, weights))
    return [
      ...gaps,
      whole(
        'The weights do not belong to this network as it is now. Train it again, or start from fresh weights.',
      ),
    ];
  for (const layer of network.layers) {
    const broken = layer.weights.find((spec) => !weights[weightKey(layer, spec)]!.every(Number.isFinite));
    if (broken)
      gaps.push({
        severity: 'gap',
        layer: layer.name,
        message:
          `Its ${broken.name} holds values that are no finite numbers: training went astray. ` +
          `Train again with a smaller learning rate.`,
      });
  }
  return [...gaps, ...interfaceGaps(source)];
}

function interfaceGaps({ network, dataset, coreml }: ExportSource): readonly ExportNote[] {
  const gaps: ExportNote[] = [];
  const { inputShape, outputShape } = network;
  if (coreml.input === 'image' && inputShape.length === 1)
    gaps.push(
      whole(
        `The network takes a flat vector of ${formatShape(inputShape)}, and Core ML makes no vector of an image. Choose the ` +
          `input array, or give Input the form image and put Flatten after it.`,
      ),
    );
  else if (coreml.input === 'image' && !(inputShape.length === 3 && [1, 3].includes(inputShape[2]!)))
    gaps.push(
      whole(
        `An image input has 1 channel (grey) or 3 (colour); this network takes ${formatShape(inputShape)}. ` +
          `Choose the input array.`,
      ),
    );
  const labels = dataset.classLabels.length;
  if (coreml.modelType === 'classifier' && !(outputShape.length === 1 && outputShape[0] === labels))
    gaps.push(
      whole(
        `A classifier needs one output for each of the ${labels} class labels; this network gives ` +
          `${formatShape(outputShape)}. Choose the model type network, or end with ${labels} units.`,
      ),
    );
  return gaps;
}

function whole(message: string): ExportNote {
  return { severity: 'gap', message };
}
