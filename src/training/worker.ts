/**
 * The training worker: hands commands to the run and events to the app. The only file that touches `self`; what it
 * does with them is in session.ts.
 */
import { datasetOf } from '../datasets';
import type { FetchAsset } from '../datasets/defineDataset';
import { openEngine } from '../engine';
import { browserCheckpoints } from './checkpoints';
import { createClock } from './clock';
import { RunControl } from './control';
import type { Command, RunEvent, StartCommand } from './protocol';
import { runSession } from './session';

declare const self: DedicatedWorkerGlobalScope;

let control: RunControl | undefined;

const emit = (event: RunEvent): void => self.postMessage(event);

async function start(command: StartCommand): Promise<void> {
  if (control) {
    emit({
      type: 'failed',
      cause: 'engine',
      message: 'Another run is going on; stop it before you start one.',
    });
    return;
  }
  control = new RunControl();
  const clock = createClock();
  const fetchAsset: FetchAsset = (path, signal) =>
    fetch(new URL(path, command.assetBase), signal ? { signal } : {});
  await runSession(
    command,
    { emit, datasetOf, openEngine, checkpoints: browserCheckpoints(), fetchAsset, clock },
    control,
  );
  clock.close();
  control = undefined;
}

self.addEventListener('message', ({ data: command }: MessageEvent<Command>) => {
  switch (command.type) {
    case 'start':
      void start(command);
      break;
    case 'pause':
    case 'resume':
    case 'stop':
    case 'save':
      control?.[command.type]();
      break;
    default:
      command satisfies never;
  }
});
