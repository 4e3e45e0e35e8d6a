/**
 * Our WebGPU kernels against TensorFlow.js's cpu backend, on the adapter that is there. Compiling them is what takes time
 * where the adapter is emulated: a few networks of each kind are left out there.
 */
import { askOf, expect, test } from './engines';

const ask = askOf('webgpu');

test.describe('gradients, statistics and outputs are those of the CPU', () => {
  const parts = {
    'dense layers and losses': '^(dense|mean squared|cross-entropy|softmax|flatten|batch)',
    convolutions: '^convolution(?!,| in| with (relu|wide|dilation, |strides, ))',
    'pooled convolutions': '^convolution(,| in)',
    poolings: '^(max|average|global|L2)',
    activations:
      '^(activation (?!.* (by itself|after a pooling))|activation (softmax|elu) (by|after)|prelu|parametric|dropout)',
    'frozen layers':
      '^frozen(: (the last layer|a pooled convolution|batch.*curve|branches.*)| (depth|conv2dT|emb|prelu|param).*)$',
    'rearranged and looked up values':
      '^(permute$|reshape channel|zero padding$|upsampling|rearrangements|embedding with|vectors as)',
    'depthwise and transposed convolutions':
      '^(depthwise convolution with dilation|transposed convolution (with (groups|softmax)|in branches)$)',
    'branched networks': '^(add|multiply|concatenate|random network 1$)',
  };
  for (const [name, pattern] of Object.entries(parts))
    test(name, async ({ page }) => {
      expect(await ask(page, 'agreement', true, pattern)).toEqual([]);
    });

  test('with the tiles of a real device too', async ({ page }) => {
    const pattern = '^(dense|convolution with (same padding|groups)|convolution, pooled by twos|add)$';
    expect(await ask(page, 'agreement', false, pattern)).toEqual([]);
  });
});

test('twenty steps of LeNet, partial batches among them, take the CPU’s way with the tiles of either device', async ({
  page,
}) => {
  for (const difference of await ask<number[]>(page, 'lenetDifferences'))
    expect(difference).toBeLessThan(1e-3);
});

test('over twenty batches of MNIST the loss of LeNet is that of PyTorch', async ({ page }) => {
  expect(await ask<number>(page, 'pytorch')).toBeLessThan(1e-4);
});

test('the same run is the same bit for bit, however many steps are queued, and resumed', async ({ page }) => {
  expect(await ask(page, 'determinism')).toEqual({ alike: 1, withOther: 2 });
});

test('eight steps of LeNet are 11 dispatches each, one pass, one submit and one write, and nothing is made', async ({
  page,
}) => {
  expect(await ask(page, 'calls')).toEqual({
    counts: {
      createBuffer: 0,
      createBindGroup: 0,
      createComputePipeline: 0,
      createShaderModule: 0,
      submit: 1,
      writeBuffer: 1,
      beginComputePass: 1,
      dispatchWorkgroups: 88,
    },
    allocations: 0,
  });
});

test('a lost device ends whatever waits for it, and another one can be opened', async ({ page }) => {
  const { asked, refused, left, after } = await ask<{
    asked: number;
    refused: number;
    left: number;
    after: number;
  }>(page, 'loss');
  expect(refused).toBe(asked);
  expect(left).toBe(0);
  expect(after).toBeGreaterThan(0);
});
