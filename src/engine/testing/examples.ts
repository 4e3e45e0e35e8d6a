/** Small networks and made-up examples for the engine's tests and its benchmark. Not data sets: nothing here is a picture. */
import type { ParamValues } from '../../core/params';
import { createRandom } from '../../core/random';
import { sizeOf, type Shape } from '../../core/shape';
import type { LabelledImages } from '../../datasets/defineDataset';
import type { LayerKind } from '../../layers';
import { analyze } from '../../network/analyze';
import type { CompiledNetwork } from '../../network/compiled';
import type { Network } from '../../network/network';
import { chain } from '../../network/templates/template';

/** Compiles a network whatever it is for; throws where it has problems. */
export function compiled(
  network: Network,
  inputShape: Shape,
  classes: number,
  loss = 'meanSquaredError',
): CompiledNetwork {
  const { compiled: result, problems } = analyze(network, {
    inputShape,
    classes,
    loss,
    datasetLabel: 'Noise',
  });
  if (!result) throw new Error(problems.map(({ problem }) => problem.message).join(' '));
  return result;
}

/** A chain of layers after an Input of this shape, or one that takes such images another way. */
export function compiledChain(
  inputShape: Shape,
  classes: number,
  layers: readonly (readonly [LayerKind, ParamValues?])[],
  input: ParamValues = { shape: inputShape },
): CompiledNetwork {
  return compiled(chain([['input', input], ...layers]), inputShape, classes);
}

/** Noise with a brighter block whose place tells the class, so that it can be learned. No two pixels need be equal, so no maximum is a tie. */
export function examples(count: number, shape: Shape, classes: number, seed = 1): LabelledImages {
  const random = createRandom(seed);
  const size = sizeOf(shape);
  const images = Uint8Array.from({ length: count * size }, () => random.next() * 128);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % classes);
  labels.forEach((label, i) => {
    const from = i * size + Math.floor((label * size) / classes);
    for (let k = from; k < from + Math.floor(size / classes); k++) images[k] = images[k]! + 128;
  });
  return { images, labels, count, shape, scale: 1 / 255, classes };
}

/** `from`, `from + 1`, … `to - 1`. */
export function range(from: number, to: number): Uint32Array {
  return Uint32Array.from({ length: to - from }, (_, i) => from + i);
}
