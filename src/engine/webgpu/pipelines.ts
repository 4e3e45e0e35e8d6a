/** Compiled kernels of one device, each text once, and the layouts that they share. */
import type { Kernel } from './kernels/kernel';
import { moduleText } from './kernels/text';

export class Pipelines {
  /** Of the step's parameters, which begin at another place for each step. */
  readonly stepLayout: GPUBindGroupLayout;
  readonly #layouts = new Map<string, GPUBindGroupLayout>();
  readonly #compiled = new Map<string, GPUComputePipeline>();

  constructor(private readonly device: GPUDevice) {
    const buffer = { type: 'uniform', hasDynamicOffset: true } as const;
    this.stepLayout = device.createBindGroupLayout({
      entries: [{ binding: 0, visibility: GPUShaderStage.COMPUTE, buffer }],
    });
  }

  /** Compiles what is not compiled yet, side by side and without stopping the thread. */
  async prepare(kernels: readonly Kernel[]): Promise<void> {
    const missing = new Map(
      kernels
        .map((kernel) => [moduleText(kernel), kernel] as const)
        .filter(([text]) => !this.#compiled.has(text)),
    );
    await Promise.all(
      [...missing].map(async ([text, kernel]) => {
        this.#compiled.set(text, await this.device.createComputePipelineAsync(this.#describe(kernel, text)));
      }),
    );
  }

  pipeline(kernel: Kernel): GPUComputePipeline {
    const text = moduleText(kernel);
    const made = this.#compiled.get(text) ?? this.device.createComputePipeline(this.#describe(kernel, text));
    this.#compiled.set(text, made);
    return made;
  }

  /** The layout of what a kernel binds besides the step's parameters. */
  layout({ bindings }: Kernel): GPUBindGroupLayout {
    const types = Object.values(bindings).map(({ writes }): GPUBufferBindingType =>
      writes ? 'storage' : 'read-only-storage',
    );
    const key = types.join();
    const visibility = GPUShaderStage.COMPUTE;
    const entries = types.map((type, binding) => ({ binding, visibility, buffer: { type } }));
    const made = this.#layouts.get(key) ?? this.device.createBindGroupLayout({ entries });
    this.#layouts.set(key, made);
    return made;
  }

  #describe(kernel: Kernel, code: string): GPUComputePipelineDescriptor {
    const { device } = this;
    return {
      label: kernel.name,
      layout: device.createPipelineLayout({ bindGroupLayouts: [this.stepLayout, this.layout(kernel)] }),
      compute: { module: device.createShaderModule({ label: kernel.name, code }), entryPoint: 'main' },
    };
  }
}
