/** For tests only: whole runs on small engines, with all that they tell. */
import { defineDataset, type DatasetDefinition } from '../datasets/defineDataset';
import { NoEngineError } from '../engine/choose';
import type { CheckpointStore } from './checkpoints';
import { createClock } from './clock';
import { RunControl } from './control';
import type { RunEvent, StartCommand } from './protocol';
import { runSession, type SessionEnvironment } from './session';
import {
  createSoftmaxEngine,
  smallDataset,
  smallNetwork,
  smallSettings,
  type Trouble,
} from './softmax.testing';

export const small: DatasetDefinition = defineDataset({
  id: 'small',
  label: 'Small',
  documentation: 'Made for tests.',
  shape: [2, 2, 1],
  scale: 1 / 255,
  classLabels: ['a', 'b', 'c'],
  trainCount: 100,
  testCount: 600,
  licence: 'MIT',
  downloadBytes: 0,
  load: (_, onProgress) => {
    onProgress({ loaded: 700, total: 700 });
    return Promise.resolve(smallDataset());
  },
});

const start: StartCommand = {
  type: 'start',
  projectId: 'p',
  datasetId: 'small',
  network: smallNetwork,
  settings: smallSettings,
  fromCheckpoint: false,
  assetBase: 'https://app.example/',
};

export function memoryStore(): CheckpointStore & { readonly kept: Map<string, unknown> } {
  const kept = new Map<string, unknown>();
  return {
    kept,
    read: (id) => Promise.resolve(structuredClone(kept.get(id))),
    write: (checkpoint) => Promise.resolve(void kept.set(checkpoint.projectId, structuredClone(checkpoint))),
  };
}

export const noGpu = { label: 'WebGPU', cause: 'absent', reason: 'There is none here.' } as const;

interface Case {
  readonly command?: Partial<StartCommand>;
  readonly store?: CheckpointStore;
  readonly dataset?: DatasetDefinition;
  readonly trouble?: Trouble;
  /** Engines in the order in which they are taken. Missing: one, with this trouble. */
  readonly engines?: readonly ReturnType<typeof createSoftmaxEngine>[];
  readonly environment?: Partial<SessionEnvironment>;
  readonly onEvent?: (event: RunEvent, control: RunControl) => void;
}

/** Runs until the end and notes all that is told. */
export async function session({
  command,
  store = memoryStore(),
  dataset = small,
  trouble,
  engines = [createSoftmaxEngine(trouble)],
  environment,
  onEvent,
}: Case = {}) {
  const events: RunEvent[] = [];
  const control = new RunControl();
  const clock = createClock();
  const opened: string[] = [];
  await runSession(
    { ...start, ...command },
    {
      emit: (event) => {
        events.push(structuredClone(event));
        onEvent?.(event, control);
      },
      datasetOf: (id) => (id === dataset.id ? dataset : undefined),
      openEngine: async ({ run, onStage, without }) => {
        const found = engines.find(({ engine }) => !without?.has(engine.info.id));
        if (!found) throw new NoEngineError('No engine works here.');
        const engine = found.open();
        opened.push(engine.info.label);
        onStage?.('checking', engine.info.label);
        return { engine, trainer: await engine.createTrainer(run), rejected: [noGpu] };
      },
      checkpoints: store,
      fetchAsset: () => Promise.reject(new Error('The small data set fetches nothing.')),
      clock,
      ...environment,
    },
    control,
  );
  clock.close();
  return {
    events,
    last: events.at(-1)!,
    types: events.map(({ type }) => type),
    held: engines.map(({ held }) => held),
    opened,
  };
}
