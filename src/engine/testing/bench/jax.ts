/** jax-js as a contender: one jitted function is the whole step, Adam included, as its documentation advises. */
import {
  defaultDevice,
  getWebGPUDevice,
  init,
  jit,
  nn,
  numpy as np,
  valueAndGrad,
  type Device,
} from '@jax-js/jax';
import { sizeOf } from '../../../core/shape';
import { weightKey, type CompiledNetwork } from '../../../network/compiled';
import type { Contender } from './contender';
import { adam, batchOf, type BenchCase } from './data';
import { jaxNetwork } from './jaxNetworks';

interface JaxWeight {
  readonly array: np.Array;
  readonly trainable: boolean;
}

/** The weights in jax-js's layouts: convolutions as outputs × inputs × height × width. */
function jaxWeights({ network, weights }: BenchCase): JaxWeight[] {
  return network.layers.flatMap((layer) =>
    layer.weights.map((spec): JaxWeight => {
      const array = np.array(weights[weightKey(layer, spec)]!.slice()).reshape([...spec.shape]);
      const { trainable } = spec;
      if (spec.shape.length === 4) return { array: np.transpose(array, [3, 2, 0, 1]), trainable };
      const image = flattened(network, layer.inputs[0]!);
      if (spec.shape.length < 2 || !image) return { array, trainable };
      // The rows of a dense layer after Flatten follow the channels first here.
      const [height, width, channels] = image as [number, number, number];
      const rows = array.reshape([height, width, channels, -1]);
      return { array: np.transpose(rows, [2, 0, 1, 3]).reshape([...spec.shape]), trainable };
    }),
  );
}

/** The shape of the image that this layer flattens; undefined for other layers. */
function flattened({ layers }: CompiledNetwork, index: number): readonly number[] | undefined {
  const layer = layers[index]!;
  return layer.kind === 'flatten' ? layer.inputShapes[0] : undefined;
}

/** An array each for images, channels first and scaled, and for labels. */
function gather({ data, network }: BenchCase, step: number): [np.Array, np.Array] {
  const [height, width, channels] = network.inputShape as [number, number, number];
  const indices = batchOf(step, data.count);
  const size = sizeOf(data.shape);
  const place = height * width;
  const images = new Float32Array(indices.length * size);
  const labels = new Int32Array(indices.length);
  indices.forEach((index, i) => {
    labels[i] = data.labels[index]!;
    for (let k = 0; k < place; k++)
      for (let c = 0; c < channels; c++)
        images[i * size + c * place + k] = data.images[index * size + k * channels + c]! * data.scale;
  });
  return [np.array(images).reshape([indices.length, channels, height, width]), np.array(labels)];
}

type State = [weights: np.Array[], m: np.Array[], v: np.Array[], statistics: np.Array[]];

function trainingStep(start: BenchCase) {
  const network = jaxNetwork(start.id);
  const [beta1, beta2] = [adam.beta1, adam.beta2];
  const lossOf = (weights: np.Array[], statistics: np.Array[], x: np.Array, y: np.Array) => {
    const count = y.shape[0]!;
    const { logits, statistics: moved } = network(weights, statistics, x);
    const loss = nn
      .logSoftmax(logits)
      .mul(nn.oneHot(y, 10))
      .sum()
      .mul(-1 / count);
    return [loss, moved] as [np.Array, np.Array[]];
  };
  return jit((state: State, rate: np.Array, x: np.Array, y: np.Array): [np.Array, State] => {
    const [weights, m, v, statistics] = state;
    const [[loss, moved], gradients] = valueAndGrad(lossOf, { hasAux: true })(
      weights.map((weight) => weight.ref),
      statistics,
      x,
      y,
    ) as unknown as [[np.Array, np.Array[]], np.Array[]];
    const nextM = m.map((old, i) => old.mul(beta1).add(gradients[i]!.ref.mul(1 - beta1)));
    const nextV = v.map((old, i) => old.mul(beta2).add(np.square(gradients[i]!).mul(1 - beta2)));
    const next = weights.map((weight, i) => {
      const change = nextM[i]!.ref.div(np.sqrt(nextV[i]!.ref).add(adam.epsilon));
      return weight.sub(change.mul(rate.ref));
    });
    rate.dispose();
    return [loss, [next, nextM, nextV, moved]];
  });
}

/** jax-js takes a thread for each core, and says nothing of it. */
function nameOf(device: Device): string {
  if (device !== 'webgpu') return `${navigator.hardwareConcurrency} threads`;
  const { vendor, architecture, description } = getWebGPUDevice().adapterInfo;
  return [vendor, architecture, description].filter(Boolean).join(' ');
}

/** @throws Error in one sentence where the device is not there. */
export async function openJax(device: Device, start: BenchCase): Promise<Contender> {
  if (!(await init(device)).includes(device)) throw new Error(`jax-js finds no ${device} here.`);
  defaultDevice(device);
  const all = jaxWeights(start);
  const weights = all.filter(({ trainable }) => trainable).map(({ array }) => array);
  const zeros = () => weights.map(({ shape }) => np.zeros(shape));
  const statistics = all.filter(({ trainable }) => !trainable).map(({ array }) => array);
  let state: State = [weights, zeros(), zeros(), statistics];
  let pending: np.Array[] = [];
  const step = trainingStep(start);
  return {
    device: nameOf(device),
    step(n) {
      const t = n + 1;
      const rate = (adam.learningRate * Math.sqrt(1 - adam.beta2 ** t)) / (1 - adam.beta1 ** t);
      const [loss, next] = step(state, np.array(new Float32Array([rate])), ...gather(start, n));
      state = next;
      pending.push(loss);
    },
    async losses() {
      const values: readonly Float32Array[] = await Promise.all(pending.map((loss) => loss.data()));
      pending = [];
      return values.map((value) => value[0]!);
    },
  };
}
