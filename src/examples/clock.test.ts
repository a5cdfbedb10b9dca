import { describe, expect, test } from 'vitest';
import { systemClock } from './clock.ts';
import { VirtualClock } from './virtual-clock.ts';

describe('the system clock', () => {
  test('never runs backwards', async () => {
    const startMs = systemClock.now();
    await systemClock.sleep(1);
    expect(systemClock.now()).toBeGreaterThan(startMs);
  });

  test('a cleared timer does not fire', async () => {
    let fired = false;
    systemClock.clearTimeout(systemClock.setTimeout(() => { fired = true; }, 0));
    await systemClock.sleep(5);
    expect(fired).toBe(false);
  });

  test('an aborted sleep rejects with the reason of the signal', async () => {
    const abort = new AbortController();
    const sleep = systemClock.sleep(60_000, abort.signal);
    abort.abort(new Error('enough'));
    await expect(sleep).rejects.toThrow('enough');
  });
});

describe('the virtual clock', () => {
  test('time moves only when told to', async () => {
    const clock = new VirtualClock();
    expect(clock.now()).toBe(0);
    await clock.advance(250);
    expect(clock.now()).toBe(250);
  });

  test('timers fire in order of due time, then of creation, and see their own time', async () => {
    const clock = new VirtualClock();
    const fired: string[] = [];
    clock.setTimeout(() => fired.push(`late at ${clock.now()}`), 20);
    clock.setTimeout(() => fired.push(`first at ${clock.now()}`), 10);
    clock.setTimeout(() => fired.push(`second at ${clock.now()}`), 10);
    clock.setTimeout(() => fired.push('beyond'), 31);
    await clock.advance(30);
    expect(fired).toEqual(['first at 10', 'second at 10', 'late at 20']);
    expect(clock.pending).toBe(1);
  });

  test('what a timer settles runs before the next timer', async () => {
    const clock = new VirtualClock();
    const order: string[] = [];
    void clock.sleep(10).then(() => Promise.resolve()).then(() => order.push('after the first'));
    clock.setTimeout(() => order.push('second'), 11);
    await clock.advance(11);
    expect(order).toEqual(['after the first', 'second']);
  });

  test('a sleep leaves neither timer nor listener behind', async () => {
    const clock = new VirtualClock();
    const abort = new AbortController();
    const sleep = clock.sleep(10, abort.signal);
    await clock.advance(10);
    await sleep;
    abort.abort();
    expect(clock.pending).toBe(0);
  });

  test('an abort ends a sleep at once and clears its timer', async () => {
    const clock = new VirtualClock();
    const abort = new AbortController();
    const sleep = clock.sleep(10, abort.signal);
    abort.abort(new Error('enough'));
    await expect(sleep).rejects.toThrow('enough');
    expect(clock.pending).toBe(0);
  });

  test('a signal that is aborted already sets no timer', async () => {
    const clock = new VirtualClock();
    await expect(clock.sleep(10, AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
    expect(clock.pending).toBe(0);
  });
});
