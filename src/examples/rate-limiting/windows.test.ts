import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { RateLimitedError, RateLimiter } from './rate-limiting.ts';
import { FixedWindow, SlidingCounter, SlidingLog } from './windows.ts';
import type { Window } from './windows.ts';

const kinds = [FixedWindow, SlidingCounter, SlidingLog];
const options = { limit: 100, windowMs: 60_000 };

/** How many of `calls` go through at this moment. */
function admitted(window: Window, calls: number): number {
  return Array.from({ length: calls }, () => window.take()).filter((waitMs) => waitMs === 0).length;
}

/** A client that sends all it has in the last second of a minute and all it has in the first of the next. */
async function aroundTheMinute(take: (clock: VirtualClock) => (calls: number) => number): Promise<number> {
  const clock = new VirtualClock();
  const admit = take(clock);
  await clock.advance(59_500);
  const before = admit(1_000);
  await clock.advance(1_000);
  return before + admit(1_000);
}

describe('around the change of the window', () => {
  test('a fixed window lets twice its limit through within a second', async () => {
    const most = await aroundTheMinute((clock) => {
      const window = new FixedWindow({ ...options, clock });
      return (calls) => admitted(window, calls);
    });
    expect(most).toBe(200);
  });

  test('neither the sliding counter nor the log does', async () => {
    for (const Kind of [SlidingCounter, SlidingLog]) {
      const most = await aroundTheMinute((clock) => {
        const window = new Kind({ ...options, clock });
        return (calls) => admitted(window, calls);
      });
      expect(most, Kind.name).toBe(100);
    }
  });

  test('a token bucket does not: at most what it holds, and what came back in that second', async () => {
    const most = await aroundTheMinute((clock) => {
      const limiter = new RateLimiter({ name: 'catalogue', capacity: 20, refill: 100, refillMs: 60_000, clock });
      return (calls) => Array.from({ length: calls }, () => {
        try {
          limiter.take('partner');
          return 1;
        } catch (error) {
          expect(error).toBeInstanceOf(RateLimitedError);
          return 0;
        }
      }).reduce<number>((sum, each) => sum + each, 0);
    });
    expect(most).toBe(21);
  });
});

describe('each of them', () => {
  test('admits its limit, and again a window later', async () => {
    for (const Kind of kinds) {
      const clock = new VirtualClock();
      const window = new Kind({ ...options, clock });
      expect(admitted(window, 500), Kind.name).toBe(100);
      await clock.advance(120_000);
      expect(admitted(window, 500), Kind.name).toBe(100);
    }
  });

  test('says when to come back; a moment earlier is too early', async () => {
    for (const Kind of kinds) {
      const clock = new VirtualClock();
      const window = new Kind({ limit: 7, windowMs: 10_000, clock });
      for (let step = 0; step < 300; step++) {
        await clock.advance(step % 13 === 0 ? 911 : 7);
        const waitMs = window.take();
        if (waitMs === 0) continue;
        await clock.advance(waitMs - 1 / 128);
        expect(window.take(), Kind.name).toBeGreaterThan(0);
        await clock.advance(1 / 128);
        expect(window.take(), Kind.name).toBe(0);
      }
    }
  });

  test('refusals do not count: who goes on asking is admitted as soon as who waits', async () => {
    for (const Kind of kinds) {
      const clock = new VirtualClock();
      const [window, patient] = [new Kind({ limit: 10, windowMs: 1_000, clock }), new Kind({ limit: 10, windowMs: 1_000, clock })];
      let [asked, waited, dueMs] = [0, 0, 0];
      for (let step = 0; step < 500; step++) {
        await clock.advance(10);
        asked += admitted(window, 20);
        for (let call = 0; call < 20 && clock.now() >= dueMs; call++) {
          const waitMs = patient.take();
          if (waitMs === 0) waited += 1;
          else dueMs = clock.now() + waitMs;
        }
      }
      expect(waited, Kind.name).toBeGreaterThan(40);
      expect(asked, Kind.name).toBeGreaterThanOrEqual(waited);
    }
  });

  test('a clock that runs backwards opens no new window', () => {
    for (const Kind of kinds) {
      let nowMs = 65_000;
      const window = new Kind({ ...options, clock: Object.assign(new VirtualClock(), { now: () => nowMs }) });
      admitted(window, 100);
      nowMs = 59_000;
      expect(admitted(window, 100), Kind.name).toBe(0);
    }
  });

  test('refuses options that make no sense, and has the system clock', () => {
    for (const Kind of kinds) {
      for (const limit of [0, 1.5, Number.NaN, Infinity]) expect(() => new Kind({ ...options, limit })).toThrow(`limit must be a positive integer: current value is ${limit}`);
      for (const windowMs of [0, -1, Number.NaN, Infinity]) expect(() => new Kind({ ...options, windowMs })).toThrow(`windowMs must be a positive number: current value is ${windowMs}`);
      expect(new Kind(options).take(), Kind.name).toBe(0);
    }
  });
});

test('the log covers (now − window, now]: a call exactly one window old does not count', async () => {
  const clock = new VirtualClock();
  const log = new SlidingLog({ limit: 1, windowMs: 1_000, clock });
  log.take();
  await clock.advance(999.5);
  expect(log.take()).toBe(0.5);
  await clock.advance(0.5);
  expect(log.take()).toBe(0);
  expect(log.take()).toBe(1_000);
});

test('the counter weights the window before by what is still covered of it', async () => {
  const clock = new VirtualClock();
  const counter = new SlidingCounter({ limit: 100, windowMs: 60_000, clock });
  await clock.advance(1_000);
  expect(admitted(counter, 80)).toBe(80);
  // A quarter of the next minute has passed: three quarters of 80 count, so 40 are free.
  await clock.advance(74_000);
  expect(admitted(counter, 100)).toBe(40);
});

test('the counter only supposes that calls came evenly: a burst at the end of a window counts too little later', async () => {
  const clock = new VirtualClock();
  const counter = new SlidingCounter({ limit: 100, windowMs: 60_000, clock });
  await clock.advance(59_000);
  admitted(counter, 100);
  await clock.advance(31_000);
  // 31 s after the burst, well within the minute, half of it is taken for gone.
  expect(admitted(counter, 100)).toBe(50);
});
