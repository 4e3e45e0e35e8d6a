/** When an engine that was lost is opened again. */
import { expect, it } from 'vitest';
import { DeviceLostError, type EngineInfo } from '../engine/engine';
import { Losses } from './losses';

const info = (id: EngineInfo['id']): EngineInfo => ({ id, label: '', device: '', software: false });
const lost = new DeviceLostError('The graphics processor was lost.');

it('opens an engine again once, and leaves it alone after the second loss within a minute', () => {
  const losses = new Losses();
  expect(losses.note(info('webgpu'), lost, 0)).toBe(true);
  expect([...losses.without]).toEqual([]);
  expect(losses.note(info('webgpu'), lost, 59_000)).toBe(true);
  expect([...losses.without]).toEqual([['webgpu', 'It was lost 2 times within a minute.']]);
});

it('forgets losses that are more than a minute apart, as of a page that is put aside again and again', () => {
  const losses = new Losses();
  for (let minute = 0; minute < 20; minute++)
    expect(losses.note(info('webgpu'), lost, minute * 61_000)).toBe(true);
  expect([...losses.without]).toEqual([]);
});

it('ends the run after four losses together, whichever engines', () => {
  const losses = new Losses();
  const ids = ['webgpu', 'webgpu', 'wasm', 'wasm'] as const;
  expect(ids.map((id, i) => losses.note(info(id), lost, i * 1000))).toEqual([true, true, true, false]);
});

it('does not open an engine again that ran out of memory', () => {
  const losses = new Losses();
  const message = 'The graphics processor ran out of memory.';
  expect(losses.note(info('webgpu'), new DeviceLostError(message), 0)).toBe(true);
  expect(losses.without.get('webgpu')).toBe(message);
});
