/** Loss and accuracy while it trains: every batch, and the test images after every epoch. */
import { useMemo } from 'react';
import type { AlignedData } from 'uplot';
import type { BatchPoint, EpochResult } from '../../training/protocol';
import { useRun } from '../stores';
import { Curve, type CurveSeries } from './Curve';

const lossSeries: readonly CurveSeries[] = [
  { label: 'training', color: 'accent' },
  { label: 'test', color: 'good', dots: true },
];
const accuracySeries = lossSeries;

const lossRange = (_: number, max: number): [number, number] => [0, Math.max(max * 1.05, 0.1)];
const accuracyRange = (min: number): [number, number] => [min > 0.8 ? 0.8 : min > 0.5 ? 0.5 : 0, 1];
const lossFormat = (value: number) => (value >= 10 ? value.toFixed(0) : value.toFixed(2));
const accuracyFormat = (value: number) => value.toFixed(2);

/** One column of steps and one each for training and test, which is known at the end of epochs only. */
function columns(
  points: readonly BatchPoint[],
  epochs: readonly EpochResult[],
  train: (point: BatchPoint) => number,
  test: (epoch: EpochResult) => number,
): AlignedData {
  const tests = new Map(epochs.map((epoch) => [epoch.step, test(epoch)]));
  const known = new Map(points.map((point) => [point.step, train(point)]));
  const steps = [...new Set([...known.keys(), ...tests.keys()])].sort((a, b) => a - b);
  return [steps, steps.map((step) => known.get(step) ?? null), steps.map((step) => tests.get(step) ?? null)];
}

export function Charts() {
  const points = useRun((run) => run.points);
  const epochs = useRun((run) => run.epochs);
  const loss = useMemo(
    () =>
      columns(
        points,
        epochs,
        (p) => p.loss,
        (e) => e.testLoss,
      ),
    [points, epochs],
  );
  const accuracy = useMemo(
    () =>
      columns(
        points,
        epochs,
        (p) => p.accuracy,
        (e) => e.testAccuracy,
      ),
    [points, epochs],
  );
  const last = points.at(-1);
  return (
    <>
      <Panel title="Loss" value={last ? last.loss.toFixed(4) : ''}>
        <Curve
          label={`Loss over ${last?.step ?? 0} batches, now ${last?.loss.toFixed(4) ?? 'unknown'}`}
          series={lossSeries}
          data={loss}
          range={lossRange}
          format={lossFormat}
        />
      </Panel>
      <Panel title="Accuracy" value={<Legend />}>
        <Curve
          label={`Accuracy over ${last?.step ?? 0} batches, now ${last?.accuracy.toFixed(4) ?? 'unknown'}`}
          series={accuracySeries}
          data={accuracy}
          range={accuracyRange}
          format={accuracyFormat}
        />
      </Panel>
    </>
  );
}

function Legend() {
  return (
    <span className="flex gap-3">
      <span className="flex items-center gap-1.5">
        <span aria-hidden className="size-2 rounded-full bg-accent" /> training
      </span>
      <span className="flex items-center gap-1.5">
        <span aria-hidden className="size-2 rounded-full bg-good" /> test
      </span>
    </span>
  );
}

function Panel({
  title,
  value,
  children,
}: {
  title: string;
  value: React.ReactNode;
  children: React.ReactNode;
}) {
  return (
    <div className="flex min-h-[150px] min-w-0 flex-1 flex-col border-line px-4 py-3 medium:max-wide:order-last max-wide:border-t wide:border-r">
      <h3 className="mb-1 flex justify-between text-2xs text-faint">
        <span>{title}</span>
        <span className="text-mute">{value}</span>
      </h3>
      {children}
    </div>
  );
}
