/**
 * Counts what a contender really asks of WebGPU, and the memory that it takes from WebGPU and WebAssembly, by standing
 * between it and the browser. To be started before the contender's code runs.
 */

export interface GpuCalls {
  readonly dispatches: number;
  readonly submits: number;
  readonly passes: number;
  readonly buffers: number;
  readonly bindGroups: number;
  readonly queueWrites: number;
}

const counts = { dispatches: 0, submits: 0, passes: 0, buffers: 0, bindGroups: 0, queueWrites: 0 };
const gpu = { live: 0, peak: 0 };
const memories = new Set<WebAssembly.Memory>();

type Method = (...args: never[]) => unknown;

/** Calls `note` after each call of a method, with what it got and gave. */
function after(
  prototype: object,
  name: string,
  note: (target: object, args: readonly unknown[], result: unknown) => void,
): void {
  const original = Reflect.get(prototype, name) as Method;
  Reflect.set(prototype, name, function (this: object, ...args: never[]) {
    const result = original.apply(this, args);
    note(this, args, result);
    return result;
  });
}

function watchGpu(): void {
  const count = (type: { readonly prototype: object }, name: string, key: keyof GpuCalls) =>
    after(type.prototype, name, () => void counts[key]++);
  count(GPUComputePassEncoder, 'dispatchWorkgroups', 'dispatches');
  count(GPUComputePassEncoder, 'dispatchWorkgroupsIndirect', 'dispatches');
  count(GPUQueue, 'submit', 'submits');
  count(GPUCommandEncoder, 'beginComputePass', 'passes');
  count(GPUDevice, 'createBuffer', 'buffers');
  count(GPUDevice, 'createBindGroup', 'bindGroups');
  count(GPUQueue, 'writeBuffer', 'queueWrites');
  count(GPUQueue, 'writeTexture', 'queueWrites');
  const sizes = new WeakMap<object, number>();
  after(GPUDevice.prototype, 'createBuffer', (_, __, made) => {
    const { size } = made as GPUBuffer;
    sizes.set(made as GPUBuffer, size);
    gpu.live += size;
    gpu.peak = Math.max(gpu.peak, gpu.live);
  });
  after(GPUBuffer.prototype, 'destroy', (buffer) => {
    gpu.live -= sizes.get(buffer) ?? 0;
    sizes.delete(buffer);
  });
}

/** Remembers memories that are made, and those that modules bring along and export. */
function watchWasm(): void {
  const { Memory } = WebAssembly;
  const exported = (instance: WebAssembly.Instance): void => {
    for (const value of Object.values(instance.exports)) if (value instanceof Memory) memories.add(value);
  };
  WebAssembly.Memory = new Proxy(Memory, {
    construct(target, args) {
      const memory = Reflect.construct(target, args) as WebAssembly.Memory;
      memories.add(memory);
      return memory;
    },
  });
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct(target, args) {
      const instance = Reflect.construct(target, args) as WebAssembly.Instance;
      exported(instance);
      return instance;
    },
  });
  for (const name of ['instantiate', 'instantiateStreaming'])
    after(WebAssembly, name, (_, __, result) => {
      const note = (made: WebAssembly.Instance | WebAssembly.WebAssemblyInstantiatedSource) =>
        exported('instance' in made ? made.instance : made);
      (result as Promise<WebAssembly.Instance>).then(note, () => undefined);
    });
}

export function watchCalls(): void {
  if (typeof GPUDevice !== 'undefined') watchGpu();
  watchWasm();
}

/** All calls so far. */
export const callsSoFar = (): GpuCalls => ({ ...counts });

/**
 * Bytes of WebAssembly memory and the most bytes of GPU buffers at one time; undefined where a contender keeps its
 * numbers in neither, as in textures of WebGL.
 */
export function memorySoFar(): number | undefined {
  const wasm = [...memories].reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  return wasm + gpu.peak || undefined;
}
