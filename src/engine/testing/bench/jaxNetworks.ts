/**
 * The networks of the benchmark in jax-js, written as its own examples are: images as batch × channels × height × width,
 * pooling before relu. Each takes its weights in the order of the compiled network's layers. In jax-js a function consumes
 * the arrays that it gets; `.ref` keeps one for another use. Its relu has slope 1 at zero and its equal maxima share their
 * gradient: on MNIST's black borders its losses differ from the others' in the fourth digit.
 */
import { lax, nn, numpy as np } from '@jax-js/jax';
import type { BenchNetworkId } from '../benchNetworks';

export interface JaxOutput {
  /** batch × 10. */
  readonly logits: np.Array;
  /** The moving means and variances after this step, in order. */
  readonly statistics: np.Array[];
}

export type JaxNetwork = (weights: np.Array[], statistics: np.Array[], x: np.Array) => JaxOutput;

const EPSILON = 0.001;
const MOMENTUM = 0.99;

/** Hands out weights and statistics in order. */
class Layers {
  #weight = 0;
  #statistic = 0;
  readonly #moved: np.Array[] = [];

  constructor(
    private readonly weights: np.Array[],
    private readonly statistics: np.Array[],
  ) {}

  #next(): np.Array {
    return this.weights[this.#weight++]!;
  }

  conv(x: np.Array, padding: 'VALID' | 'SAME', bias = true): np.Array {
    const y = lax.convGeneralDilated(x, this.#next(), [1, 1], padding);
    return bias ? y.add(this.#next().reshape([1, -1, 1, 1])) : y;
  }

  dense(x: np.Array): np.Array {
    return np.dot(x, this.#next()).add(this.#next());
  }

  batchNormalization(x: np.Array): np.Array {
    const channels = [1, -1, 1, 1];
    const gamma = this.#next().reshape(channels);
    const beta = this.#next().reshape(channels);
    const mean = x.ref.mean([0, 2, 3], { keepdims: true });
    const centred = x.sub(mean.ref);
    const variance = np.square(centred.ref).mean([0, 2, 3], { keepdims: true });
    this.#move(mean);
    this.#move(variance.ref);
    return centred
      .div(np.sqrt(variance.add(EPSILON)))
      .mul(gamma)
      .add(beta);
  }

  /** @throws Error where the network has not taken every weight: a mistake of this file. */
  end(): np.Array[] {
    if (this.#weight !== this.weights.length || this.#statistic !== this.statistics.length)
      throw new Error(`jax-js's network takes ${this.#weight} weights; ours has ${this.weights.length}.`);
    return this.#moved;
  }

  #move(batch: np.Array): void {
    const before = this.statistics[this.#statistic++]!;
    const now = lax.stopGradient(batch).reshape([-1]);
    this.#moved.push(before.mul(MOMENTUM).add(now.mul(1 - MOMENTUM)));
  }
}

const maxPool = (x: np.Array): np.Array => lax.reduceWindow(x, np.max, [2, 2], [2, 2]);
const flatten = (x: np.Array): np.Array => x.reshape([x.shape[0]!, -1]);

type Body = (layers: Layers, x: np.Array) => np.Array;

function residual(layers: Layers, x: np.Array): np.Array {
  const inner = nn.relu(layers.batchNormalization(layers.conv(x.ref, 'SAME', false)));
  return nn.relu(x.add(layers.batchNormalization(layers.conv(inner, 'SAME', false))));
}

const bodies: Readonly<Record<BenchNetworkId, Body>> = {
  lenet: (layers, x) => {
    const first = nn.relu(maxPool(layers.conv(x, 'VALID')));
    const second = nn.relu(maxPool(layers.conv(first, 'VALID')));
    return layers.dense(nn.relu(layers.dense(flatten(second))));
  },
  mlp: (layers, x) => {
    const hidden = nn.relu(layers.dense(flatten(x)));
    return layers.dense(nn.relu(layers.dense(hidden)));
  },
  residual: (layers, x) => {
    const stem = nn.relu(maxPool(layers.batchNormalization(layers.conv(x, 'SAME', false))));
    const first = residual(layers, stem);
    const wider = nn.relu(maxPool(layers.batchNormalization(layers.conv(first, 'SAME', false))));
    return layers.dense(residual(layers, wider).mean([2, 3]));
  },
  colour: (layers, x) => {
    const first = nn.relu(layers.conv(x, 'VALID'));
    const second = nn.relu(maxPool(layers.conv(first, 'VALID')));
    return layers.dense(flatten(nn.relu(maxPool(layers.conv(second, 'VALID')))));
  },
};

export function jaxNetwork(id: BenchNetworkId): JaxNetwork {
  return (weights, statistics, x) => {
    const layers = new Layers(weights, statistics);
    const logits = bodies[id](layers, x);
    return { logits, statistics: layers.end() };
  };
}
