/** The name of a graphics processor without what browsers wrap around it. */

/** How makers write themselves; WebGPU tells them in lower case. */
const makers: Readonly<Record<string, string>> = {
  amd: 'AMD',
  apple: 'Apple',
  arm: 'Arm',
  imagination: 'Imagination',
  intel: 'Intel',
  nvidia: 'NVIDIA',
  qualcomm: 'Qualcomm',
};

/**
 * "ANGLE (Apple, ANGLE Metal Renderer: Apple M4, Unspecified Version)" as "Apple M4", "apple metal-3" as
 * "Apple Metal 3"; other names as they are.
 */
export function deviceName(reported: string): string {
  const software = /SwiftShader|llvmpipe/i.exec(reported);
  if (software) return software[0].toLowerCase() === 'swiftshader' ? 'SwiftShader' : 'llvmpipe';
  const [, maker = '', architecture = ''] = /^([a-z]+) ([a-z0-9-]+)$/.exec(reported) ?? [];
  if (Object.hasOwn(makers, maker)) {
    const words = architecture.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
    return [makers[maker], ...words].join(' ');
  }
  const renderer = /^ANGLE \([^,]+, (?:ANGLE Metal Renderer: )?([^,]+)/.exec(reported)?.[1] ?? reported;
  return renderer.replace(/ (\(0x|Direct3D|OpenGL|Vulkan).*$/, '').trim();
}
