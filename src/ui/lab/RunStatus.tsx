/** The state of the run in words and numbers, with the buttons that change it. */
import { Gauge, Pause, Play, RotateCcw, Square } from 'lucide-react';
import type { RunState } from '../../state/run';
import { Button } from '../common/Button';
import { accuracyWords, clock, numberWords } from '../common/format';
import { useRun } from '../stores';
import { useTrainHere } from '../topbar/useTrainHere';
import { EngineStatus, WhyThisEngine } from './EngineStatus';
import { useEvaluate } from './useEvaluate';

export function RunStatus() {
  const run = useRun((state) => state);
  const trainHere = useTrainHere();
  const evaluate = useEvaluate();
  const { status } = run;
  const last = run.epochs.at(-1);
  const measured = run.tested?.accuracy ?? last?.testAccuracy;
  const headline = measured !== undefined ? accuracyWords(measured) : run.points.at(-1)?.accuracy.toFixed(2);
  const share = shareDone(run);
  const idle = !run.active && status !== 'paused';
  return (
    <div className="flex min-w-0 shrink-0 flex-col overflow-y-auto border-line px-4 py-3 wide:w-[272px] wide:border-r">
      <div className="flex justify-between gap-2 text-2xs text-faint">
        <span>{stage(run)}</span>
        {run.progress?.secondsLeft !== undefined && run.active && (
          <span>{clock(run.progress.secondsLeft)} left</span>
        )}
      </div>
      <div className="mt-1 flex items-baseline gap-2">
        <span className="text-2xl font-semibold tracking-tight" data-testid="headline">
          {headline ?? '—'}
        </span>
        <span className="text-xs text-mute">
          {measured !== undefined
            ? 'test accuracy'
            : status === 'adopted'
              ? 'not tested yet'
              : 'accuracy of this batch'}
        </span>
      </div>
      <div
        role="progressbar"
        aria-label="Progress"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        className="my-2 h-1.5 shrink-0 overflow-hidden rounded-full bg-line"
      >
        <div className="h-full origin-left bg-accent" style={{ transform: `scaleX(${share})` }} />
      </div>
      <EngineStatus />
      {run.message && (
        <p role="alert" className="mt-2 rounded-lg bg-bad-soft px-2.5 py-1.5 text-xs text-ink">
          {run.message}
        </p>
      )}
      <div className="mt-2.5 flex flex-wrap gap-2">
        {run.active && status !== 'paused' && run.afterwards === undefined && (
          <Button
            className="px-3 text-sm"
            icon={<Pause size={15} fill="currentColor" aria-hidden />}
            disabled={status !== 'running' && status !== 'evaluating'}
            onClick={run.pause}
          >
            Pause
          </Button>
        )}
        {status === 'paused' && (
          <Button
            variant="primary"
            className="px-3 text-sm"
            icon={<Play size={15} fill="currentColor" aria-hidden />}
            onClick={run.resume}
          >
            Resume
          </Button>
        )}
        {(run.active || status === 'paused') && (
          <Button
            className="px-3 text-sm"
            icon={<Square size={14} fill="currentColor" aria-hidden />}
            disabled={status === 'stopping'}
            onClick={run.stop}
          >
            Stop
          </Button>
        )}
        {idle && (
          <Button className="px-3 text-sm" icon={<RotateCcw size={15} aria-hidden />} onClick={trainHere}>
            {status === 'failed' ? 'Try again' : 'Train on'}
          </Button>
        )}
        {!run.active && (
          <Button className="px-3 text-sm" icon={<Gauge size={15} aria-hidden />} onClick={evaluate}>
            Evaluate
          </Button>
        )}
      </div>
      <WhyThisEngine />
      <p role="status" aria-label="Training status" className="sr-only">
        {announcement(run)}
      </p>
    </div>
  );
}

function stage(run: RunState): string {
  const { status, progress, load } = run;
  const epoch = progress ? `Epoch ${progress.epoch} of ${progress.epochs}` : '';
  switch (status) {
    case 'idle':
      return '';
    case 'loading':
      return load
        ? `Loading images ${numberWords(load.loaded)} of ${numberWords(load.total)}`
        : 'Loading images';
    case 'checking':
      return 'Checking one gradient step against the CPU';
    case 'measuring':
      return `Measuring ${run.candidate ?? ''}`;
    case 'reopening':
      return 'Opening an engine again';
    case 'running':
      return progress
        ? `${epoch} · batch ${numberWords(progress.batch)} of ${numberWords(progress.batches)}`
        : 'Starting';
    case 'evaluating':
      return run.evaluation
        ? `Testing ${numberWords(run.evaluation.loaded)} of ${numberWords(run.evaluation.total)}`
        : 'Testing';
    case 'pausing':
      return 'Pausing after this batch';
    case 'paused':
      return `Paused${epoch ? ` · ${epoch}` : ''}`;
    case 'stopping':
      return 'Stopping after this batch';
    case 'finished':
      return 'Finished';
    case 'stopped':
      return `Stopped${epoch ? ` · ${epoch}` : ''}`;
    case 'adopted':
      return 'Weights from a file';
    case 'tested':
      return testWords(run);
    case 'failed':
      return 'Stopped by a problem';
    default:
      return status satisfies never;
  }
}

/** "Tested · loss 0.0312". */
function testWords({ tested, checkpoint }: RunState): string {
  const what = checkpoint ? 'Tested' : 'Untrained weights tested';
  return tested ? `${what} · loss ${tested.loss.toFixed(4)}` : what;
}

/** Changes once an epoch and at turns of the run only, so that it can be read aloud. */
function announcement(run: RunState): string {
  const last = run.epochs.at(-1);
  const afterEpoch = last && `Test accuracy ${accuracyWords(last.testAccuracy)} after epoch ${last.epoch}. `;
  const tested = run.tested ? `Test accuracy ${accuracyWords(run.tested.accuracy)}. ` : (afterEpoch ?? '');
  if (run.active && run.afterwards !== undefined) return `Testing the weights. ${tested}`;
  if (run.status === 'running' || run.status === 'evaluating')
    return `${run.progress ? `Epoch ${run.progress.epoch} of ${run.progress.epochs}. ` : ''}${tested}`;
  return `${run.status === 'loading' ? 'Loading images' : stage(run)}. ${tested}`;
}

function shareDone({ progress, load, status, evaluation, afterwards }: RunState): number {
  if (status === 'loading') return load ? load.loaded / load.total : 0;
  if (status === 'finished' || status === 'tested') return 1;
  if (evaluation && afterwards) return evaluation.loaded / evaluation.total;
  if (!progress) return 0;
  return (progress.epoch - 1 + progress.batch / progress.batches) / progress.epochs;
}
