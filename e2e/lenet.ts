/** The reference network as a table: name, output shape and parameters of each layer. From its public description. */
export const lenet = [
  { name: 'input', shape: '28×28×1', parameters: 0 },
  { name: 'conv2d', shape: '26×26×32', parameters: 320 },
  { name: 'max_pooling2d', shape: '13×13×32', parameters: 0 },
  { name: 'conv2d_1', shape: '12×12×32', parameters: 4128 },
  { name: 'max_pooling2d_1', shape: '6×6×32', parameters: 0 },
  { name: 'flatten', shape: '1152', parameters: 0 },
  { name: 'dense', shape: '500', parameters: 576_500 },
  { name: 'dense_1', shape: '10', parameters: 5010 },
] as const;
