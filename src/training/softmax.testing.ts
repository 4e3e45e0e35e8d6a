/**
 * For tests only: an engine that really learns, in a few lines. It knows one network, Input → Flatten → Dense with
 * softmax, on 2×2 images of three classes, and can be told to lose its device or to run off.
 */
import type { LabelledImages, LoadedDataset } from '../datasets/defineDataset';
import {
  DeviceLostError,
  type Engine,
  type EngineInfo,
  type StepMetrics,
  type Trainer,
  type TrainerOptions,
} from '../engine/engine';
import type { CompiledNetwork } from '../network/compiled';
import { createRandom } from '../core/random';
import { defaultTrainingSettings, type TrainingSettings } from './settings';

const INPUTS = 4;
const CLASSES = 3;

export const smallNetwork: CompiledNetwork = {
  layers: [
    layer('input', [], []),
    layer('flatten', [0], []),
    layer('dense', [1], [weight('kernel', [INPUTS, CLASSES]), weight('bias', [CLASSES])]),
  ],
  inputShape: [2, 2, 1],
  outputShape: [CLASSES],
  parameters: INPUTS * CLASSES + CLASSES,
  // As many as LeNet has, so that its tests come in chunks of as many images.
  multiplyAdds: 1.36e6,
};

function layer(kind: 'input' | 'flatten' | 'dense', inputs: number[], weights: ReturnType<typeof weight>[]) {
  const shapes = { input: [2, 2, 1], flatten: [INPUTS], dense: [CLASSES] };
  return {
    id: kind,
    name: kind,
    kind,
    params: {},
    trainable: true,
    inputs,
    inputShapes: [],
    outputShape: shapes[kind],
    weights,
    multiplyAdds: 0,
  };
}

function weight(name: string, shape: number[]) {
  const fans = { fanIn: INPUTS, fanOut: CLASSES };
  return {
    name,
    shape,
    initializer: name === 'bias' ? ('zeros' as const) : ('heUniform' as const),
    fans,
    trainable: true,
  };
}

export const smallSettings: TrainingSettings = {
  ...defaultTrainingSettings,
  epochs: 3,
  batchSize: 16,
  learningRate: 0.05,
  trainExamples: 90,
};

/** 100 training and 600 test images; the class is the place of the brightest of the first three pixels. */
export function smallDataset(): LoadedDataset {
  const random = createRandom(3);
  const part = (count: number): LabelledImages => {
    const images = Uint8Array.from({ length: count * INPUTS }, () => Math.floor(random.next() * 256));
    const labels = Uint8Array.from({ length: count }, (_, i) => {
      const pixels = images.subarray(i * INPUTS, i * INPUTS + CLASSES);
      return pixels.indexOf(Math.max(...pixels));
    });
    return { images, labels, count, shape: [2, 2, 1], scale: 1 / 255, classes: CLASSES };
  };
  return { train: part(100), test: part(600) };
}

export interface Trouble {
  /** Answers what happens to the device at a step, from 1 and as the optimizer counts; undefined where it stays. */
  readonly loss?: (step: number) => string | undefined;
  /** The step whose loss is not a number. */
  readonly divergeAt?: number;
  /** Is told the size of every batch of a step. */
  readonly onStep?: (step: number, indices: Uint32Array) => void;
}

export function createSoftmaxEngine(
  trouble: Trouble = {},
  info: EngineInfo = { id: 'tfjs-cpu', label: 'Test', device: '', software: false },
) {
  const held = { trainers: 0, engines: 0 };
  const engine: Engine = {
    info,
    createTrainer: (options) => {
      held.trainers += 1;
      return Promise.resolve(createSoftmaxTrainer(options, trouble, () => (held.trainers -= 1)));
    },
    dispose: () => void (held.engines -= 1),
  };
  const open = (): Engine => {
    held.engines += 1;
    return engine;
  };
  return { engine, open, held };
}

export function createSoftmaxTrainer(
  { state, optimizer }: Pick<TrainerOptions, 'state' | 'optimizer'>,
  trouble: Trouble = {},
  onDispose: () => void = () => undefined,
): Trainer {
  const copy = (blocks: Readonly<Record<string, Float32Array>>) =>
    Object.fromEntries(Object.entries(blocks).map(([key, values]) => [key, values.slice()]));
  const weights = copy(state.weights);
  const slots = copy(state.slots);
  const kernel = weights['dense/kernel']!;
  const bias = weights['dense/bias']!;
  let step = state.step;
  let waiting: StepMetrics[] = [];
  let alive = true;

  function pass(
    data: LabelledImages,
    indices: Uint32Array,
    gradients?: { kernel: Float32Array; bias: Float32Array },
  ): StepMetrics {
    let loss = 0;
    let correct = 0;
    for (const index of indices) {
      const x = Float32Array.from(
        data.images.subarray(index * INPUTS, (index + 1) * INPUTS),
        (byte) => byte * data.scale,
      );
      const label = data.labels[index]!;
      const logits = Array.from(bias, (b, c) =>
        x.reduce((sum, value, i) => sum + value * kernel[i * CLASSES + c]!, b),
      );
      const exps = logits.map((z) => Math.exp(z - Math.max(...logits)));
      const total = exps.reduce((a, b) => a + b, 0);
      loss -= Math.log(exps[label]! / total);
      if (logits.indexOf(Math.max(...logits)) === label) correct += 1;
      if (!gradients) continue;
      exps.forEach((e, c) => {
        const g = (e / total - (c === label ? 1 : 0)) / indices.length;
        gradients.bias[c]! += g;
        x.forEach((value, i) => (gradients.kernel[i * CLASSES + c]! += g * value));
      });
    }
    return { examples: indices.length, loss: loss / indices.length, correct };
  }

  function update(key: string, values: Float32Array, gradient: Float32Array): void {
    const slot = (name: string) => (slots[`${name}:${key}`] ??= new Float32Array(values.length));
    if (optimizer.type === 'sgd') {
      const momentum = slot('momentum');
      gradient.forEach((g, i) => {
        momentum[i] = optimizer.momentum * momentum[i]! + g;
        values[i]! -= optimizer.learningRate * momentum[i];
      });
      return;
    }
    const { beta1, beta2, epsilon, learningRate } = optimizer;
    const [m, v] = [slot('m'), slot('v')];
    gradient.forEach((g, i) => {
      m[i] = beta1 * m[i]! + (1 - beta1) * g;
      v[i] = beta2 * v[i]! + (1 - beta2) * g * g;
      const [mean, square] = [m[i] / (1 - beta1 ** step), v[i] / (1 - beta2 ** step)];
      values[i]! -= (learningRate * mean) / (Math.sqrt(square) + epsilon);
    });
  }

  return {
    step(data, indices) {
      step += 1;
      trouble.onStep?.(step, indices);
      const loss = trouble.loss?.(step);
      if (loss !== undefined) throw new DeviceLostError(loss);
      const gradients = { kernel: new Float32Array(kernel.length), bias: new Float32Array(bias.length) };
      const metrics = pass(data, indices, gradients);
      waiting.push(step === trouble.divergeAt ? { ...metrics, loss: NaN } : metrics);
      update('dense/kernel', kernel, gradients.kernel);
      update('dense/bias', bias, gradients.bias);
    },
    metrics() {
      const ready = waiting;
      waiting = [];
      return Promise.resolve(ready);
    },
    evaluate: (data, indices) => Promise.resolve(pass(data, indices)),
    predict: () => Promise.reject(new Error('The test trainer does not predict.')),
    state: () => Promise.resolve({ step, weights: copy(weights), slots: copy(slots) }),
    allocations: () => (alive ? 2 : 0),
    dispose() {
      alive = false;
      onDispose();
    },
  };
}
