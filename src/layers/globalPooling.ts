/** What the global poolings share: their layers in Core ML's files. Not a layer kind itself. */
import type { NeuralNetworkLayer, PoolingType } from '../coreml/messages';
import { plainRead } from './coremlReading';
import type { CoreMLContext, CoreMLRead } from './defineLayer';

/** A pooling over the whole image. Core ML keeps two sides of length one; flattening drops them and lets gradients pass. */
export function writeGlobalPooling(
  type: PoolingType,
  { name, inputs, output }: Pick<CoreMLContext<unknown>, 'name' | 'inputs' | 'output'>,
): readonly NeuralNetworkLayer[] {
  const pooled = `${output}_pooled`;
  return [
    {
      name,
      input: [...inputs],
      output: [pooled],
      pooling: { type, valid: { paddingAmounts: {} }, globalPooling: true },
    },
    { name: `${name}_flatten`, input: [pooled], output: [output], flatten: { mode: 1 } },
  ];
}

export function readGlobalPooling(
  type: PoolingType,
  { pooling }: NeuralNetworkLayer,
): CoreMLRead | undefined {
  return pooling?.globalPooling && pooling.type === type ? plainRead : undefined;
}
