import { expect, it } from 'vitest';
import { deviceName } from './deviceName';

it.each([
  ['ANGLE (Apple, ANGLE Metal Renderer: Apple M4, Unspecified Version)', 'Apple M4'],
  [
    'ANGLE (NVIDIA, NVIDIA GeForce RTX 4070 (0x00002786) Direct3D11 vs_5_0 ps_5_0, D3D11)',
    'NVIDIA GeForce RTX 4070',
  ],
  [
    'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)',
    'SwiftShader',
  ],
  ['Apple GPU', 'Apple GPU'],
  ['apple metal-3', 'Apple Metal 3'],
  ['nvidia ampere', 'NVIDIA Ampere'],
  ['google swiftshader', 'SwiftShader'],
  ['2 threads', '2 threads'],
  ['example gpu-1', 'example gpu-1'],
  ['', ''],
])('calls %j %j', (reported, name) => {
  expect(deviceName(reported)).toBe(name);
});
