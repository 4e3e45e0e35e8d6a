/** The app's end of the worker: commands that go out, events that come in, workers that break, pages that go away. */
import { beforeEach, describe, expect, it } from 'vitest';
import { connect, type StartRequest, type TrainingClient } from './client';
import type { Command, RunEvent } from './protocol';
import { smallNetwork, smallSettings } from './softmax.testing';

/** The worker's side of the channel: what it was sent, and a way to answer. */
class FarEnd extends EventTarget {
  readonly sent: Command[] = [];
  terminated = false;
  postMessage(command: Command): void {
    this.sent.push(command);
  }
  terminate(): void {
    this.terminated = true;
  }
  answer(event: RunEvent): void {
    this.dispatchEvent(new MessageEvent('message', { data: event }));
  }
}

const request: StartRequest = {
  projectId: 'p',
  datasetId: 'mnist',
  network: smallNetwork,
  settings: smallSettings,
  fromCheckpoint: false,
};

describe('the training client', () => {
  let worker: FarEnd;
  let events: RunEvent[];
  let client: TrainingClient;
  const visibility: { visibilityState: DocumentVisibilityState } = { visibilityState: 'visible' };
  const document = Object.assign(new EventTarget(), visibility);
  const window = new EventTarget();

  beforeEach(() => {
    worker = new FarEnd();
    events = [];
    document.visibilityState = 'visible';
    const page = { baseURI: 'https://app.example/pad/?x=1', document, window };
    client = connect(worker, page, (event) => events.push(event));
  });

  it('sends commands, and says where the assets lie', () => {
    client.start(request);
    client.pause();
    client.resume();
    client.stop();
    expect(worker.sent.map(({ type }) => type)).toEqual(['start', 'pause', 'resume', 'stop']);
    expect(worker.sent[0]).toMatchObject({ projectId: 'p', fromCheckpoint: false });
    const { assetBase } = worker.sent[0] as Extract<Command, { type: 'start' }>;
    expect(new URL('datasets/mnist/x.bin', assetBase).origin).toBe('https://app.example');
    expect(assetBase.endsWith('/')).toBe(true);
  });

  it('passes events on, and ends the worker with the run', () => {
    worker.answer({ type: 'paused' });
    expect(worker.terminated).toBe(false);
    worker.answer({ type: 'ended', reason: 'finished', allocations: 0 });
    expect(events.map(({ type }) => type)).toEqual(['paused', 'ended']);
    expect(worker.terminated).toBe(true);
    client.pause();
    expect(worker.sent).toEqual([]);
  });

  it('turns a worker that breaks down into one failure, in words', () => {
    worker.dispatchEvent(Object.assign(new Event('error'), { message: 'out of memory' }));
    worker.dispatchEvent(Object.assign(new Event('error'), { message: 'again' }));
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ type: 'failed', cause: 'engine' });
    expect(events[0]).toMatchObject({
      message: expect.stringMatching(/broke down \(out of memory\).*start again/) as string,
    });
    expect(worker.terminated).toBe(true);
  });

  it('tells a worker that does not start', () => {
    worker.dispatchEvent(new Event('error'));
    expect(events[0]).toMatchObject({ message: expect.stringContaining('could not be started') as string });
  });

  it('tells a message that cannot be read', () => {
    worker.dispatchEvent(new Event('messageerror'));
    expect(events[0]).toMatchObject({ type: 'failed' });
  });

  it('asks for a checkpoint when the page is hidden or goes away, and only then', () => {
    document.dispatchEvent(new Event('visibilitychange'));
    expect(worker.sent).toEqual([]);
    document.visibilityState = 'hidden';
    document.dispatchEvent(new Event('visibilitychange'));
    window.dispatchEvent(new Event('pagehide'));
    expect(worker.sent).toEqual([{ type: 'save' }, { type: 'save' }]);
    client.terminate();
    window.dispatchEvent(new Event('pagehide'));
    expect(worker.sent).toHaveLength(2);
  });

  it('is silent once it is ended', () => {
    client.terminate();
    worker.answer({ type: 'paused' });
    worker.dispatchEvent(new Event('error'));
    expect(events).toEqual([]);
    expect(worker.terminated).toBe(true);
  });
});
