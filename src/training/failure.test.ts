/** The words for a run that ended by a fault: what happened, what was kept, what to do. */
import { describe, expect, it } from 'vitest';
import { DeviceLostError } from '../engine/engine';
import { describeFailure } from './failure';

describe('a failure in words', () => {
  it('of a network too large for the memory says what to make smaller', () => {
    const { message } = describeFailure(new RangeError('Array buffer allocation failed'), undefined);
    expect(message).toMatch(
      /not enough memory to train this network.*layers smaller.*No weights of this run/,
    );
  });

  it('of a device without memory advises a smaller batch, and says what is kept', () => {
    const { cause, message } = describeFailure(new DeviceLostError('The device ran out of memory.'), 1200);
    expect(cause).toBe('deviceLost');
    expect(message).toMatch(
      /ran out of memory\. A smaller batch size needs less of it\. .*step 1,200 are kept/,
    );
  });

  it('of a device that went away advises nothing that does not help', () => {
    const { message } = describeFailure(new DeviceLostError('The graphics processor was lost.'), 6);
    expect(message).not.toContain('batch size');
  });

  it('of a run that has not kept a step says that the weights it started from are kept', () => {
    const { message } = describeFailure(new DeviceLostError('The graphics processor was lost.'), 0);
    expect(message).toContain('The weights that it started from are kept');
  });
});
