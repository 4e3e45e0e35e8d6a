/**
 * TensorFlow.js on WebGL 2, on a canvas of our own: TensorFlow.js makes none in Safari's workers, and only the owner of
 * the canvas hears that its context is lost.
 */
import { env } from '@tensorflow/tfjs-core';
import { softwareAdapter, type EngineDriver, type Probe } from '../driver';
import { engineLabels } from '../labels';
import { startBackend, TfjsEngine } from './engine';
import { limitFilterGradient } from './filterGradient';
import { DeviceWatch } from '../watch';

const attributes: WebGLContextAttributes = {
  alpha: false,
  antialias: false,
  depth: false,
  stencil: false,
  premultipliedAlpha: false,
  preserveDrawingBuffer: false,
};

function createContext(): WebGL2RenderingContext | null {
  return typeof OffscreenCanvas === 'undefined'
    ? null
    : new OffscreenCanvas(1, 1).getContext('webgl2', attributes);
}

const release = (gl: WebGL2RenderingContext): void => gl.getExtension('WEBGL_lose_context')?.loseContext();

function probe(): Promise<Probe> {
  const gl = createContext();
  if (!gl)
    return Promise.resolve({ available: false, reason: 'This browser does not offer WebGL 2 in a worker.' });
  const named = gl.getExtension('WEBGL_debug_renderer_info');
  const device = String(gl.getParameter(named ? named.UNMASKED_RENDERER_WEBGL : gl.RENDERER) ?? '');
  release(gl);
  return Promise.resolve({ available: true, device, software: softwareAdapter.test(device) });
}

/** Asking for errors waits for the device, so only when it is idle. WebGL reports a texture that it has no memory for there alone. */
function inspect(gl: WebGL2RenderingContext, idle: boolean): string | undefined {
  if (gl.isContextLost()) return 'The graphics processor was lost.';
  return idle && gl.getError() === gl.OUT_OF_MEMORY ? 'The graphics processor ran out of memory.' : undefined;
}

/**
 * TensorFlow.js packs four values into a texel and lets element-wise operations run over the empty ones of odd shapes:
 * their logarithm is infinite, and the next packed matrix product carries it into real values. At 25 images a batch
 * every gradient of LeNet came out as NaN. Unpacked operations leave no such values behind.
 */
function keepPaddingFinite(): void {
  env().set('WEBGL_PACK_UNARY_OPERATIONS', false);
  env().set('WEBGL_PACK_BINARY_OPERATIONS', false);
}

export const webgl: EngineDriver = {
  id: 'tfjs-webgl',
  label: engineLabels['tfjs-webgl'],
  probe,
  async open({ device, software }) {
    const { setWebGLContext } = await import('@tensorflow/tfjs-backend-webgl');
    const gl = createContext();
    if (!gl) throw new Error('WebGL did not start on this device.');
    limitFilterGradient('webgl');
    keepPaddingFinite();
    setWebGLContext(2, gl);
    try {
      await startBackend('webgl', 'WebGL');
    } catch (error) {
      release(gl);
      throw error;
    }
    const watch = new DeviceWatch((idle) => inspect(gl, idle));
    gl.canvas.addEventListener('webglcontextlost', () => watch.lose('The graphics processor was lost.'));
    const info = { id: 'tfjs-webgl', label: engineLabels['tfjs-webgl'], device, software } as const;
    return new TfjsEngine(info, { name: 'webgl', watch, release: () => release(gl) });
  },
};
