import { describe, expect, it } from 'vitest';
import { stepFrom } from './steps';

describe('stepFrom', () => {
  const filters = {
    type: 'integer',
    label: 'Filters',
    default: 32,
    min: 1,
    max: 4096,
    step: 'double',
  } as const;
  const rate = { type: 'real', label: 'Learning rate', default: 0.001, min: 1e-7, max: 10 } as const;

  it('doubles and halves to powers of two', () => {
    expect(stepFrom(32, 1, filters)).toBe(64);
    expect(stepFrom(32, -1, filters)).toBe(16);
    expect(stepFrom(500, 1, filters)).toBe(512);
    expect(stepFrom(500, -1, filters)).toBe(256);
  });

  it('walks 1, 2, 5, 10 on a scale', () => {
    expect(stepFrom(0.001, 1, rate)).toBe(0.002);
    expect(stepFrom(0.002, 1, rate)).toBe(0.005);
    expect(stepFrom(0.005, 1, rate)).toBe(0.01);
    expect(stepFrom(0.001, -1, rate)).toBe(0.0005);
    expect(stepFrom(0.003, -1, rate)).toBe(0.002);
  });

  it('adds plain steps without binary noise', () => {
    const slope = { type: 'real', label: 'Slope', default: 0.3, min: 0, max: 1, step: 0.1 } as const;
    expect(stepFrom(0.2, 1, slope)).toBe(0.3);
  });

  it('answers undefined at a limit and never passes it', () => {
    expect(stepFrom(1, -1, filters)).toBeUndefined();
    expect(stepFrom(4096, 1, filters)).toBeUndefined();
    expect(stepFrom(4000, 1, filters)).toBe(4096);
  });
});
