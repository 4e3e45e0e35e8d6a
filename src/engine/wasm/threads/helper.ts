/** The worker of a helping thread. It says when it is there, then opens what it is told to, one network after the other. */
import { serve, type OpenMessage } from './session';

declare const self: DedicatedWorkerGlobalScope;

self.addEventListener('message', ({ data }: MessageEvent<OpenMessage>) => serve(data));
self.postMessage('ready');
