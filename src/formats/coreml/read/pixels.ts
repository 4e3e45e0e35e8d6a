/** How a file scales the pixels of its image input, against how the data set here scales them. */
import type { ImageScaler, Preprocessing } from '../../../coreml/model';
import type { ParamValues } from '../../../core/params';
import { defaultsOf, parseParams } from '../../../core/params';
import { layerOf, type LayerKind } from '../../../layers';
import type { ModelInterface } from './interface';
import type { Notes } from './notes';

/** A layer that does to the data set's values what the file does to pixels besides. */
export interface PixelLayer {
  readonly kind: LayerKind;
  readonly params: ParamValues;
}

/**
 * @param scale what the data set's pixels of 0 to 255 are multiplied by before they reach the network.
 * @returns a layer to put behind the input, or undefined where none is needed or none can do it; notes say which.
 */
export function pixelLayer(
  preprocessing: readonly Preprocessing[],
  { input }: ModelInterface,
  scale: number,
  notes: Notes,
): PixelLayer | undefined {
  if (preprocessing.some(({ meanImage }) => meanImage))
    notes.lost(
      'The file subtracts a mean image from its input. Layerpad cannot: what goes in here keeps its mean.',
    );
  if (input.form === 'array') {
    if (preprocessing.some(({ scaler }) => scaler))
      notes.lost('The file scales an input that is no image; Core ML does not, and Layerpad neither.');
    return undefined;
  }
  const scaler = preprocessing.find((entry) => entry.scaler)?.scaler ?? { channelScale: 1 };
  const bias = biasOf(scaler, input.shape[2]!);
  if (bias === undefined) {
    notes.lost(
      'The file adds a different number to each colour of its input. Layerpad cannot: the image stays as it is.',
    );
    return undefined;
  }
  const alpha = scaler.channelScale / scale;
  // Files keep 32-bit floats.
  if (Math.abs(alpha - 1) < 1e-6 && bias === 0) return undefined;
  const kind = 'activation';
  const own = { activation: 'linear', alpha: Number(alpha.toPrecision(7)), beta: bias };
  const { params: schema } = layerOf(kind);
  const { values, errors } = parseParams(schema, { ...defaultsOf(schema), ...own });
  const does = `multiplies its pixels by ${Number(scaler.channelScale.toPrecision(6))} and adds ${bias}`;
  if (!('beta' in schema) || errors.length > 0) {
    notes.lost(
      `The file ${does}. Here they are multiplied by ${Number(scale.toPrecision(6))}, and nothing is added.`,
    );
    return undefined;
  }
  notes.note(
    `The file ${does}. A layer behind the input does what is left of that to the values that it gets here.`,
  );
  return { kind, params: values };
}

/** The number that is added to every channel, or undefined where they differ. */
function biasOf(scaler: ImageScaler, channels: number): number | undefined {
  const { grayBias = 0, redBias = 0, greenBias = 0, blueBias = 0 } = scaler;
  if (channels === 1) return grayBias;
  return redBias === greenBias && greenBias === blueBias ? redBias : undefined;
}
