/**
 * A program on the device: all its buffers, pipelines and bind groups, made once. Jobs are queued here and go to the
 * device together, in one write, one pass and one submit; their results come back by a copy that nobody waits for until
 * they are asked for.
 */
import type { DeviceWatch } from '../watch';
import { Buffers } from './buffers';
import type { StoredPart } from './dataSets';
import { JOB_BYTES, JobQueue, type JobParameters } from './jobs';
import { gatherKernel } from './kernels/gather';
import { MOST_WORKGROUPS, type Kernel, type Resource } from './kernels/kernel';
import type { Memory } from './memory';
import type { Pipelines } from './pipelines';
import type { Program, Task } from './program';
import type { ResultReader, ResultSink } from './results';
import type { WeightBlock } from './weights';

/** What a machine runs on. */
export interface MachineParts {
  readonly device: GPUDevice;
  readonly watch: DeviceWatch;
  readonly pipelines: Pipelines;
  readonly weights: WeightBlock;
  readonly reader: ResultReader;
}

/** A kernel with what it binds. */
interface Prepared {
  readonly kernel: Kernel;
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
}

interface QueuedJob {
  readonly task: Task;
  readonly parts: readonly StoredPart[];
  readonly count: number;
  readonly sink: ResultSink | undefined;
}

type Own = Readonly<Record<keyof Memory['own'], GPUBuffer>>;

export class Machine {
  readonly #buffers: Buffers;
  readonly #values: readonly GPUBuffer[];
  readonly #own: Own;
  readonly #queue: JobQueue;
  readonly #stepGroup: GPUBindGroup;
  readonly #offset = new Uint32Array(1);
  readonly #kernels: Readonly<Record<Task, readonly Prepared[]>>;
  readonly #resolveValue: (resource: Resource) => GPUBufferBinding;
  readonly #input: GPUBuffer;
  readonly #outputs: GPUBuffer;
  readonly #gathers = new Map<StoredPart, Prepared>();
  #jobs: QueuedJob[] = [];

  constructor(
    readonly program: Program,
    memory: Memory,
    private readonly parts: MachineParts,
  ) {
    const { device, pipelines } = parts;
    this.#buffers = new Buffers(device);
    this.#values = memory.shared.bytes.map((bytes, i) => this.#buffers.storage(`values ${i}`, bytes));
    const own = (label: keyof Own): GPUBuffer => this.#buffers.storage(label, memory.own[label]);
    this.#own = {
      gradients: own('gradients'),
      scratch: own('scratch'),
      labels: own('labels'),
      results: own('results'),
      pages: own('pages'),
      parameters: this.#buffers.make(
        'parameters',
        memory.own.parameters,
        GPUBufferUsage.UNIFORM | GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
      ),
    };
    device.queue.writeBuffer(this.#own.pages, 0, program.pages);
    this.#queue = new JobQueue(program.plan.batch);
    this.#stepGroup = device.createBindGroup({
      layout: pipelines.stepLayout,
      entries: [{ binding: 0, resource: { buffer: this.#own.parameters, size: JOB_BYTES } }],
    });
    const { of } = memory.shared;
    const resolve = (resource: Resource): GPUBufferBinding => this.#resolve(resource, of);
    const prepare = (kernels: readonly Kernel[]): readonly Prepared[] =>
      kernels.map((kernel) => this.#prepare(kernel, resolve));
    const { train, evaluate, predict } = program.kernels;
    this.#kernels = { train: prepare(train), evaluate: prepare(evaluate), predict: prepare(predict) };
    this.#resolveValue = resolve;
    this.#input = this.#values[of[program.plan.input]!]!;
    this.#outputs = this.#values[of[program.plan.loss.outputs]!]!;
  }

  /** Buffers that it holds. */
  get allocations(): number {
    return this.#buffers.count;
  }

  /** Examples of a job at most. */
  get batch(): number {
    return this.program.plan.batch;
  }

  /** Queues a step or an evaluation on examples of a data set; its result goes to `sink`. */
  enqueue(
    task: 'train' | 'evaluate',
    stored: readonly StoredPart[],
    indices: Uint32Array,
    parameters: JobParameters,
    sink: ResultSink,
  ): void {
    if (this.#queue.isFull) this.flush();
    this.#queue.add(indices, parameters);
    this.#jobs.push({ task, parts: stored, count: indices.length, sink });
  }

  /** Sends what is queued to the device. */
  flush(): void {
    const jobs = this.#jobs;
    if (jobs.length === 0) return;
    const { device, reader } = this.parts;
    const encoder = this.#encode(jobs);
    const bytes = 8 * this.batch * jobs.length;
    const staging = reader.stage(encoder, this.#own.results, bytes);
    device.queue.submit([encoder.finish()]);
    const counts = jobs.map(({ count, sink }) => ({ count, sink: sink! }));
    void reader.read(staging, bytes, (values) => {
      counts.forEach(({ count, sink }, i) => sink(values.subarray(2 * this.batch * i), count));
    });
    this.#clear();
  }

  /**
   * Computes outputs for inputs that are scaled already.
   * @param count at most `batch`.
   */
  async predict(inputs: Float32Array, count: number): Promise<Float32Array> {
    this.flush();
    const { device, reader } = this.parts;
    const { classes } = this.program.plan.loss;
    device.queue.writeBuffer(this.#input, 0, inputs);
    this.#queue.addCount(count, { training: false, seed: 0, rate: 0 });
    const encoder = this.#encode([{ task: 'predict', parts: [], count, sink: undefined }]);
    const staging = reader.stage(encoder, this.#outputs, 4 * count * classes);
    device.queue.submit([encoder.finish()]);
    this.#clear();
    let outputs = new Float32Array();
    await reader.read(staging, 4 * count * classes, (values) => (outputs = values.slice()));
    return outputs;
  }

  destroy(): void {
    this.#clear();
    this.#buffers.destroy();
  }

  #clear(): void {
    this.#jobs = [];
    this.#queue.clear();
  }

  /** Writes the parameters of the jobs and encodes their dispatches, all in one pass. */
  #encode(jobs: readonly QueuedJob[]): GPUCommandEncoder {
    const { device } = this.parts;
    const { bytes, length } = this.#queue.content;
    device.queue.writeBuffer(this.#own.parameters, 0, bytes, 0, length);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    jobs.forEach(({ task, parts, count }, slot) => {
      this.#offset[0] = slot * JOB_BYTES;
      pass.setBindGroup(0, this.#stepGroup, this.#offset, 0, 1);
      for (const part of parts) dispatch(pass, this.#gather(part), count);
      for (const prepared of this.#kernels[task]) dispatch(pass, prepared, count);
    });
    pass.end();
    return encoder;
  }

  /** The kernel that gathers from a part of a data set, made when the part is first seen. */
  #gather(part: StoredPart): Prepared {
    const made =
      this.#gathers.get(part) ??
      this.#prepare(gatherKernel(part, this.program.plan.input), (resource) => {
        if (resource.type === 'images') return { buffer: part.images };
        return resource.type === 'classes' ? { buffer: part.classes } : this.#resolveValue(resource);
      });
    this.#gathers.set(part, made);
    return made;
  }

  #prepare(kernel: Kernel, resolve: (resource: Resource) => GPUBufferBinding): Prepared {
    const { device, pipelines } = this.parts;
    const entries = Object.values(kernel.bindings).map(({ resource }, binding) => ({
      binding,
      resource: resolve(resource),
    }));
    const group = device.createBindGroup({ label: kernel.name, layout: pipelines.layout(kernel), entries });
    return { kernel, pipeline: pipelines.pipeline(kernel), group };
  }

  #resolve(resource: Resource, of: readonly number[]): GPUBufferBinding {
    const { weights } = this.parts;
    switch (resource.type) {
      case 'buffer':
        return { buffer: this.#values[of[resource.id]!]! };
      case 'weights':
        return part(weights.weights, resource);
      case 'slot':
        return part(weights.slots[resource.slot]!, resource);
      case 'gradients':
      case 'pages':
        return part(this.#own[resource.type], resource);
      case 'indices':
        return { buffer: this.#own.parameters, offset: this.#queue.indicesAt };
      case 'scratch':
      case 'labels':
      case 'results':
        return { buffer: this.#own[resource.type] };
      case 'images':
      case 'classes':
        throw new Error('Only the kernel that gathers binds a data set.');
      default:
        return resource satisfies never;
    }
  }
}

/** A binding of a part of a buffer; kernels read it by vectors of four floats. */
function part(
  buffer: GPUBuffer,
  { start, size }: { readonly start: number; readonly size: number },
): GPUBufferBinding {
  return { buffer, offset: 4 * start, size: 4 * Math.ceil(size / 4) * 4 };
}

function dispatch(pass: GPUComputePassEncoder, { kernel, pipeline, group }: Prepared, count: number): void {
  const workgroups = kernel.workgroups(count);
  pass.setPipeline(pipeline);
  pass.setBindGroup(1, group);
  pass.dispatchWorkgroups(Math.min(workgroups, MOST_WORKGROUPS), Math.ceil(workgroups / MOST_WORKGROUPS));
}
