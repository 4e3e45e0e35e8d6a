/** The name of a graphics processor without what browsers wrap around it. */

/** "ANGLE (Apple, ANGLE Metal Renderer: Apple M4, Unspecified Version)" as "Apple M4"; other names as they are. */
export function deviceName(reported: string): string {
  const software = /SwiftShader|llvmpipe/.exec(reported);
  if (software) return software[0];
  const renderer = /^ANGLE \([^,]+, (?:ANGLE Metal Renderer: )?([^,]+)/.exec(reported)?.[1] ?? reported;
  return renderer.replace(/ (\(0x|Direct3D|OpenGL|Vulkan).*$/, '').trim();
}
