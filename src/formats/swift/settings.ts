/** The Swift files that are the person's own: what the network reads and gives, what the app shows, where numbers stand. */
import type { NumberPlace, TrainedLayerPlaces } from '../../coreml/weightPlaces';
import type { DatasetDefinition } from '../../datasets/defineDataset';
import { fileNameOf } from './names';
import type { SwiftFacts, SwiftHyperparameter } from './exported';
import { swiftArray, swiftComment, swiftNumber, swiftString } from './text';

/** `NetworkSettings.swift`: all that the core files know of the network. */
export function networkSettings(facts: SwiftFacts, { shape, scale }: DatasetDefinition): string {
  const [height, width, channels] = shape as readonly [number, number, number];
  const input = facts.inputShape ? `.array(shape: ${swiftArray(facts.inputShape.map(String))})` : '.image';
  return `@preconcurrency import CoreML

/// The network as its model file states it.
enum NetworkSettings {
    static let inputName = ${swiftString(facts.inputName)}
    static let input = NetworkInput${input}
    static let outputName = ${swiftString(facts.outputName)}
    static let targetName = ${swiftString(facts.targetName)}
    static let target = NetworkTarget.${facts.target}

    static let imageHeight = ${height}
    static let imageWidth = ${width}
    static let imageChannels = ${channels}
    /// Bytes of one image.
    static let imageSize = ${height * width * channels}
    /// What a pixel, 0 to 255, is multiplied by where the network reads numbers.
    static let pixelScale: Float = ${swiftNumber(Math.fround(scale))}
    /// Classes in the order of the output.
    static let labels = ${swiftArray(facts.labels.map(swiftString))}

    /// What the model lets the device choose, as it allows it.
    static var hyperparameters: [Hyperparameter] {
        [
${facts.hyperparameters.map((one) => `            ${hyperparameter(one)},`).join('\n')}
        ]
    }
}
`;
}

function hyperparameter({ key, label, whole, parameter }: SwiftHyperparameter): string {
  const { defaultValue, range, set } = parameter;
  const allowed = set
    ? `.values(${swiftArray(set.values.map(swiftNumber))})`
    : range
      ? `.range(${swiftNumber(range.minValue)} ... ${swiftNumber(range.maxValue)})`
      : '.any';
  return (
    `Hyperparameter(id: "${key}", label: "${label}", key: .${key}, isWholeNumber: ${whole}, ` +
    `standard: ${swiftNumber(defaultValue)}, allowed: ${allowed})`
  );
}

export interface AppFacts {
  /** The project's name. */
  readonly name: string;
  /** Eight hexadecimal digits of the model file. */
  readonly mark: string;
  readonly trainingImages: number;
  readonly testImages: number;
}

/** `AppSettings.swift`: what the app shows besides the network. */
export function appSettings(app: AppFacts, { label, licence, shape, drawing }: DatasetDefinition): string {
  const box = drawing && shape[2] === 1 ? String(drawing.box) : 'nil';
  return `${swiftComment(`What the app knows besides the network. Made by Layerpad from the project "${app.name}".`)}
enum AppSettings {
    static let title = ${swiftString(app.name)}
    /// Of the trained model, without its ending.
    static let fileName = ${swiftString(`${fileNameOf(app.name)}-trained`)}
    /// Tells this export from others: weights that another one has trained do not fit its file.
    static let exportMark = "${app.mark}"
    static let datasetTitle = ${swiftString(label)}
    static let datasetLicence = ${swiftString(licence)}
    static let trainingImages = ${app.trainingImages}
    static let testImages = ${app.testImages}
    /// Pixels of the longer side of what is drawn; nil where nobody could draw an example.
    static let drawingBox: Int? = ${box}
}
`;
}

/** `TrainedLayers.swift`: where the numbers of layers that train stand in the model file. */
export function trainedLayers(places: readonly TrainedLayerPlaces[]): string {
  const place = ({ offset, count }: NumberPlace) => `NumberPlace(offset: ${offset}, count: ${count})`;
  const lines = places.map(
    ({ name, weights, biases }) =>
      `        TrainedLayer(name: ${swiftString(name)}, weights: ${place(weights)}, ` +
      `biases: ${biases ? place(biases) : 'nil'}),`,
  );
  return `/// Where the numbers of the layers that train stand in the model file.
enum TrainedLayers {
    static let all: [TrainedLayer] = [
${lines.join('\n')}
    ]
}
`;
}
