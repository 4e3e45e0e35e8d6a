/** The small parts of a run: the curve that stays short, the speed, the way back to the event loop. */
import { describe, expect, it } from 'vitest';
import { createClock } from './clock';
import { RunControl } from './control';
import { appendPoints, MAX_POINTS } from './points';
import type { BatchPoint } from './protocol';
import { createSpeed } from './speed';

const line = (from: number, to: number): BatchPoint[] =>
  Array.from({ length: to - from + 1 }, (_, i) => ({ step: from + i, loss: from + i, accuracy: 0.5 }));

describe('the curve', () => {
  it('keeps every point until it is full', () => {
    expect(appendPoints(line(1, 3), line(4, 5))).toEqual(line(1, 5));
    expect(appendPoints([], line(1, MAX_POINTS))).toEqual(line(1, MAX_POINTS));
  });

  it('then merges neighbours, and keeps its end and its mean', () => {
    const points = appendPoints(line(1, MAX_POINTS), line(MAX_POINTS + 1, MAX_POINTS + 1));
    expect(points).toHaveLength(MAX_POINTS / 2 + 1);
    expect(points[0]).toEqual({ step: 2, loss: 1.5, accuracy: 0.5 });
    expect(points.at(-2)).toEqual({ step: MAX_POINTS, loss: MAX_POINTS - 0.5, accuracy: 0.5 });
    expect(points.at(-1)!.step).toBe(MAX_POINTS + 1);
  });

  it('stays short and in order over a long run, however the points come', () => {
    const at = line(1, 50_000);
    const whole = appendPoints([], at);
    let parts: readonly BatchPoint[] = [];
    for (let i = 0; i < at.length; i += 777) parts = appendPoints(parts, at.slice(i, i + 777));
    expect(whole.length).toBeLessThanOrEqual(MAX_POINTS);
    expect(parts).toEqual(whole);
    expect(whole.every((p, i) => i === 0 || p.step > whole[i - 1]!.step)).toBe(true);
  });
});

describe('the speed', () => {
  it('is unknown before the first work', () => {
    expect(createSpeed().imagesPerSecond()).toBe(0);
  });

  it('forgets the slow first work as soon as there is other', () => {
    const speed = createSpeed();
    speed.add(128, 10);
    expect(speed.imagesPerSecond()).toBeCloseTo(12.8);
    speed.add(128, 0.1);
    speed.add(128, 0.1);
    expect(speed.imagesPerSecond()).toBeCloseTo(1280);
  });

  it('follows the last seconds', () => {
    const speed = createSpeed();
    for (let i = 0; i < 100; i++) speed.add(100, 0.1);
    for (let i = 0; i < 50; i++) speed.add(100, 0.2);
    expect(speed.imagesPerSecond()).toBeCloseTo(500);
  });
});

describe('the clock', () => {
  // Node takes up to a thousand messages of one port in a row; a browser takes them in the order of their coming.
  it('lets messages that are waiting come in', async () => {
    const clock = createClock();
    const { port1, port2 } = new MessageChannel();
    const heard: string[] = [];
    port1.onmessage = () => heard.push('command');
    port2.postMessage('stop');
    for (let i = 0; i < 10_000 && heard.length === 0; i++) await clock.nextTask();
    expect(heard).toEqual(['command']);
    port1.close();
    clock.close();
  });
});

describe('the control', () => {
  it('does not take back a stop', () => {
    const control = new RunControl();
    control.stop();
    control.resume();
    control.pause();
    expect(control.wanted).toBe('stop');
    expect(control.signal.aborted).toBe(true);
  });

  it('answers once that a checkpoint was asked for', () => {
    const control = new RunControl();
    control.save();
    expect([control.takeSave(), control.takeSave()]).toEqual([true, false]);
  });
});
