/**
 * Turns what a caller hands over (numbers of an array, bytes of an image) into the tensors that a network is fed,
 * with the preprocessing that the file asks for. Refuses what Core ML would refuse.
 */
import { shapeOfArray, sizeOf, zeros, type Tensor } from './tensor';
import type { Feature, FeatureType, Model, Preprocessing } from './types';

/** For each input its numbers; a model with one input may be given them alone. */
export type InputValues = ArrayLike<number> | Readonly<Record<string, ArrayLike<number>>>;

/**
 * The tensor for every input of the model.
 * @param values an array: in the order of its shape (channels first). A grey image: height x width bytes, 0 to 255, rows
 *   from the top. A colour image: height x width x 3 bytes, red, green, blue for each pixel, whatever order the file wants.
 * @throws Error in a sentence when an input is missing or does not fit its type
 */
export function feedInputs(model: Model, values: InputValues): Map<string, Tensor> {
  const inputs = model.description.inputs;
  const tensors = new Map<string, Tensor>();
  for (const input of inputs) {
    const given = isArrayLike(values) ? (inputs.length === 1 ? values : undefined) : values[input.name];
    if (!given) throw new Error(`No numbers were given for the input '${input.name}'.`);
    tensors.set(input.name, feed(model, input, given));
  }
  return tensors;
}

function isArrayLike(values: InputValues): values is ArrayLike<number> {
  return typeof (values as ArrayLike<number>).length === 'number';
}

function feed(model: Model, input: Feature, values: ArrayLike<number>): Tensor {
  const type = input.type;
  if (type.kind === 'image') {
    const step = model.network.preprocessing.find(
      ({ featureName }) =>
        featureName === input.name || (featureName === '' && model.description.inputs.length === 1),
    )?.step;
    return feedImage(input.name, type, values, step);
  }
  const shape = type.kind === 'multiArray' ? shapeOfArray(type.shape) : undefined;
  if (!shape) throw new Error(`The input '${input.name}' is neither an image nor an array of rank 1 or 3.`);
  if (values.length !== sizeOf(shape)) {
    throw new Error(
      `The input '${input.name}' takes ${sizeOf(shape)} numbers, but ${values.length} were given.`,
    );
  }
  const tensor = zeros(shape);
  tensor.data.set(values);
  return tensor;
}

function feedImage(
  name: string,
  type: Extract<FeatureType, { kind: 'image' }>,
  values: ArrayLike<number>,
  step: Preprocessing['step'],
): Tensor {
  const channels = type.colorSpace === 'grayscale' ? 1 : 3;
  const tensor = zeros({ channels, height: type.height, width: type.width });
  if (values.length !== tensor.data.length) {
    throw new Error(
      `The image '${name}' takes ${tensor.data.length} bytes, but ${values.length} were given.`,
    );
  }
  if (type.colorSpace === 'unknown') throw new Error(`The image '${name}' states no known colour space.`);
  if (step?.kind === 'meanImage') throw new Error('A mean image is not computed by this reference.');
  const scale = step?.channelScale ?? 1;
  const { redBias = 0, greenBias = 0, blueBias = 0, grayBias = 0 } = step ?? {};
  const biases = channels === 1 ? [grayBias] : [redBias, greenBias, blueBias];
  const area = type.height * type.width;
  for (let pixel = 0; pixel < area; pixel++) {
    for (let channel = 0; channel < channels; channel++) {
      const byte = values[pixel * channels + channel]!;
      if (!Number.isInteger(byte) || byte < 0 || byte > 255) {
        throw new Error(`The image '${name}' takes bytes from 0 to 255, but ${byte} was given.`);
      }
      const plane = type.colorSpace === 'bgr' ? 2 - channel : channel;
      tensor.data[plane * area + pixel] = scale * byte + biases[channel]!;
    }
  }
  return tensor;
}
