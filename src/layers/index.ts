/** The list of layer kinds, in the order of the palette. It is explicit: it gives the `LayerKind` union. */
import { activation } from './activation';
import { add } from './add';
import { averagePooling2d } from './averagePooling2d';
import { batchNormalization } from './batchNormalization';
import { concatenate } from './concatenate';
import { conv2d } from './conv2d';
import { conv2dTranspose } from './conv2dTranspose';
import type { LayerDefinition, LayerGroup } from './defineLayer';
import { dense } from './dense';
import { depthwiseConv2d } from './depthwiseConv2d';
import { dropout } from './dropout';
import { embedding } from './embedding';
import { flatten } from './flatten';
import { globalAveragePooling2d } from './globalAveragePooling2d';
import { globalMaxPooling2d } from './globalMaxPooling2d';
import { input } from './input';
import { l2Pooling2d } from './l2Pooling2d';
import { maxPooling2d } from './maxPooling2d';
import { permute } from './permute';
import { reshape } from './reshape';
import { upSampling2d } from './upSampling2d';
import { zeroPadding2d } from './zeroPadding2d';
import { multiply } from './multiply';
import { parametricSoftplus } from './parametricSoftplus';
import { prelu } from './prelu';

const list = [
  input,
  conv2d,
  depthwiseConv2d,
  conv2dTranspose,
  maxPooling2d,
  averagePooling2d,
  l2Pooling2d,
  globalAveragePooling2d,
  globalMaxPooling2d,
  flatten,
  permute,
  reshape,
  zeroPadding2d,
  upSampling2d,
  dense,
  embedding,
  activation,
  prelu,
  parametricSoftplus,
  dropout,
  batchNormalization,
  add,
  multiply,
  concatenate,
] as const;

export type LayerKind = (typeof list)[number]['kind'];

export const layers = list as unknown as readonly (LayerDefinition & { readonly kind: LayerKind })[];

const byKind = new Map<string, LayerDefinition>(layers.map((layer) => [layer.kind, layer]));

export function isLayerKind(kind: unknown): kind is LayerKind {
  return typeof kind === 'string' && byKind.has(kind);
}

export function layerOf(kind: LayerKind): LayerDefinition {
  return byKind.get(kind)!;
}

/** Names of the groups, in the palette's order. */
export const groupLabels: Record<LayerGroup, string> = {
  input: 'Input',
  convolution: 'Convolve',
  pooling: 'Pool',
  shape: 'Shape',
  dense: 'Dense',
  activation: 'Activate',
  regularization: 'Regularize',
  merge: 'Merge',
};
