import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NeuralNetworkLayer } from '../coreml/messages';
import { defaultsOf, type ParamValues } from '../core/params';
import { isProblem } from '../core/problem';
import { createRandom } from '../core/random';
import { sizeOf, type Shape } from '../core/shape';
import { layerOf, layers, type LayerKind } from '.';
import { casesOf } from './arbitrary.testing';
import type { CoreMLRead } from './defineLayer';

const readable = layers.filter(({ coreml }) => coreml.read).map(({ kind }) => kind);

/** What no file keeps; a layer with weights leaves its activation to a layer after it. */
const lost: readonly string[] = ['kernelInitializer', 'momentum'];
const isLost = (kind: LayerKind, key: string): boolean =>
  lost.includes(key) || (key === 'activation' && kind !== 'activation');

type Weights = Readonly<Record<string, Float32Array>>;

function randomWeights(
  kind: LayerKind,
  inputs: readonly Shape[],
  params: ParamValues,
  seed: number,
): Weights {
  const random = createRandom(seed);
  const specs = layerOf(kind).weights?.(inputs, params) ?? [];
  return Object.fromEntries(
    specs.map(({ name, shape }) => [
      name,
      Float32Array.from({ length: sizeOf(shape) }, () => random.next() + 0.5),
    ]),
  );
}

function write(
  kind: LayerKind,
  inputShapes: readonly Shape[],
  params: ParamValues,
  weights: Weights,
): readonly NeuralNetworkLayer[] {
  const { coreml, outputShape } = layerOf(kind);
  return coreml.write({
    ...{ name: 'written', params, inputShapes, weights },
    inputs: inputShapes.map((_, i) => `in_${i}`),
    output: 'out',
    outputShape: outputShape(inputShapes, params) as Shape,
  });
}

/** Reads a layer by the first kind that takes it, as files are read. */
function readByAny(layer: NeuralNetworkLayer, inputShapes: readonly Shape[]) {
  for (const { kind, coreml, params } of layers) {
    const read = coreml.read?.(layer, { inputShapes });
    if (typeof read !== 'object') continue;
    return { kind, params: { ...defaultsOf(params), ...read.params }, weights: read.weights };
  }
  return undefined;
}

/** The parameters that the file keeps, those that do not matter left out. Pads of zeros are valid padding. */
function kept(kind: LayerKind, params: ParamValues): ParamValues {
  const none =
    params['padding'] === 'explicit' && (params['pads'] as readonly number[]).every((n) => n === 0);
  const all = none ? { ...params, padding: 'valid' } : params;
  const shown = Object.entries(layerOf(kind).params).filter(([, spec]) => spec.visible?.(all) ?? true);
  return Object.fromEntries(
    shown.flatMap(([key]) => (isLost(kind, key) || all[key] === undefined ? [] : [[key, all[key]]])),
  );
}

/** Without the name of its output: it is another where an activation follows. */
const nameless = ({ output, ...layer }: NeuralNetworkLayer) => ({ ...layer, outputs: output.length });

describe('what is written to Core ML is read as it was', () => {
  for (const kind of readable) {
    const definition = layerOf(kind);
    test(definition.label, () => {
      let same = 0;
      fc.assert(
        fc.property(casesOf(definition), fc.nat(1000), ([inputs, params], seed) => {
          if (isProblem(definition.outputShape(inputs, params))) return;
          if (definition.coreml.gap?.(params, inputs) !== undefined) return;
          const weights = randomWeights(kind, inputs, params, seed);
          const [first] = write(kind, inputs, params, weights);
          if (!first) return;
          const read = readByAny(first, inputs)!;
          const again = write(read.kind, inputs, read.params, read.weights);
          expect(nameless(again[0]!)).toEqual(nameless(first));
          // A depthwise convolution of one channel is a plain one, and the other way round.
          if (read.kind !== kind) return;
          same++;
          expect(read.weights).toEqual(weights);
          expect(kept(kind, read.params)).toEqual(kept(kind, params));
        }),
        { numRuns: 100 },
      );
      expect(same).toBeGreaterThan(10);
    });
  }
});

/**
 * Every way to take one part out of a message, or to make it something else. As from the decoder, numbers and lists are
 * always there; messages may be missing.
 */
function spoilt(message: object): readonly object[] {
  return Object.entries(message).flatMap(([key, value]) => {
    const others: unknown[] = [];
    if (typeof value === 'number') others.push(0, 7, 4_294_967_295);
    if (Array.isArray(value)) others.push([], [...(value as unknown[]), 1]);
    if (value instanceof Float32Array) others.push(value.slice(1), new Float32Array());
    const deeper = typeof value === 'object' && value !== null && !ArrayBuffer.isView(value);
    if (deeper && !Array.isArray(value) && !Array.isArray(message)) others.push(undefined);
    return [...others, ...(deeper ? spoilt(value as object) : [])].map((other) =>
      Array.isArray(message)
        ? message.map((part: unknown, i) => (i === Number(key) ? other : part))
        : { ...message, [key]: other },
    );
  });
}

describe('a layer that lacks a part or lies is refused in a sentence, or read', () => {
  for (const kind of readable) {
    const definition = layerOf(kind);
    test(definition.label, () => {
      const read = (layer: NeuralNetworkLayer, inputs: readonly Shape[]): CoreMLRead | string | undefined =>
        definition.coreml.read!(layer, { inputShapes: inputs });
      fc.assert(
        fc.property(casesOf(definition), ([inputs, params]) => {
          if (isProblem(definition.outputShape(inputs, params))) return;
          if (definition.coreml.gap?.(params, inputs) !== undefined) return;
          const [layer] = write(kind, inputs, params, randomWeights(kind, inputs, params, 1));
          if (!layer) return;
          for (const other of spoilt(layer) as NeuralNetworkLayer[])
            for (const shapes of [inputs, [], [[3]], [[1, 2, 3]]]) {
              const answer = read({ ...other, input: other.input ?? [] }, shapes);
              if (typeof answer === 'string') expect(answer).toMatch(/^[A-Z].*\.$/);
              else if (answer) expect(Object.keys(answer)).toEqual(['params', 'weights']);
            }
        }),
        { numRuns: 10 },
      );
    });
  }
});
