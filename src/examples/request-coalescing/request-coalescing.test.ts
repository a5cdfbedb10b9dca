import { describe, expect, test, vi } from 'vitest';
import { systemClock } from '../clock.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { FlightAbandonedError, FlightTimeoutError, SingleFlight } from './request-coalescing.ts';
import type { Shared, SingleFlightEvent, SingleFlightOptions } from './request-coalescing.ts';

class DownError extends Error { override readonly name = 'DownError'; }

/** Work may take a second. */
function setUp(options: Partial<SingleFlightOptions> = {}) {
  const clock = new VirtualClock();
  const events: SingleFlightEvent[] = [];
  const flights = new SingleFlight<string>({ name: 'catalogue', limitMs: 1_000, clock, onEvent: (event) => events.push(event), ...options });
  return { flights, clock, events };
}

/** Work that ends when the test says so; `runs` has what each of its runs was given. */
function slowWork() {
  const runs: (Shared & { answer(value: string): void; fail(error: unknown): void })[] = [];
  const work = (shared: Shared): Promise<string> => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    runs.push({ ...shared, answer: resolve, fail: reject });
    return promise;
  };
  return { work, runs };
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(() => expect.fail('resolved'), (error: unknown) => error);
}

const settle = (clock: VirtualClock): Promise<void> => clock.advance(0);

describe('shared work', () => {
  test('callers that ask while it runs get the one outcome', async () => {
    const { flights, clock } = setUp();
    const { work, runs } = slowWork();
    const answers = Array.from({ length: 100 }, () => flights.run('lamp', work));
    await clock.advance(500);
    answers.push(flights.run('lamp', work));
    expect(runs).toHaveLength(1);
    runs[0]?.answer('49 €');
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['49 €']));
    expect(clock.pending).toBe(0);
  });

  test('different keys do not wait for each other', async () => {
    const { flights, clock } = setUp();
    const { work, runs } = slowWork();
    const lamp = flights.run('lamp', work);
    const chair = flights.run('chair', work);
    expect(runs).toHaveLength(2);
    runs[1]?.answer('80 €');
    expect(await chair).toBe('80 €');
    runs[0]?.answer('49 €');
    expect(await lamp).toBe('49 €');
    await settle(clock);
    expect(flights.underWay).toBe(0);
  });

  test('it is no cache: who asks afterwards begins anew', async () => {
    const { flights } = setUp();
    const work = vi.fn(async () => '49 €');
    await flights.run('lamp', work);
    await flights.run('lamp', work);
    expect(work).toHaveBeenCalledTimes(2);
  });

  test('a caller who asks again as soon as it learns the outcome begins anew', async () => {
    const { flights } = setUp();
    let runs = 0;
    const work = async (): Promise<string> => `run ${++runs}`;
    const again = flights.run('lamp', work).then(() => flights.run('lamp', work));
    expect(await again).toBe('run 2');
  });

  test('a process more does the work once more', async () => {
    const [one, other] = [setUp().flights, setUp().flights];
    const { work, runs } = slowWork();
    const answers = [one.run('lamp', work), other.run('lamp', work)];
    expect(runs).toHaveLength(2);
    for (const run of runs) run.answer('49 €');
    await Promise.all(answers);
  });
});

describe('failure', () => {
  test('reaches everybody who waited, and nobody after', async () => {
    const { flights } = setUp();
    const { work, runs } = slowWork();
    const waiting = [flights.run('lamp', work), flights.run('lamp', work)];
    const errors = Promise.all(waiting.map(rejection));
    const error = new DownError('no');
    runs[0]?.fail(error);
    expect(await errors).toEqual([error, error]);
    const next = flights.run('lamp', work);
    runs[1]?.answer('49 €');
    expect(await next).toBe('49 €');
  });

  test('a caller that repeats at once is not given the old failure', async () => {
    const { flights } = setUp();
    let runs = 0;
    const work = async (): Promise<string> => { if (++runs === 1) throw new DownError('no'); return '49 €'; };
    expect(await flights.run('lamp', work).catch(() => flights.run('lamp', work))).toBe('49 €');
  });

  test('work that throws at once fails like any other, and frees the key', async () => {
    const { flights, clock } = setUp();
    const error = new DownError('no');
    expect(await rejection(flights.run('lamp', () => { throw error; }))).toBe(error);
    expect([flights.underWay, clock.pending]).toEqual([0, 0]);
  });
});

describe('work that hangs', () => {
  test('ends for all at the limit, is told to stop, and frees the key', async () => {
    const { flights, clock } = setUp();
    const { work, runs } = slowWork();
    const first = rejection(flights.run('lamp', work));
    await clock.advance(900);
    const second = rejection(flights.run('lamp', work));
    await clock.advance(100);
    const error = await first;
    expect(error).toBeInstanceOf(FlightTimeoutError);
    expect(error).toMatchObject({ name: 'TimeoutError', flights: 'catalogue', limitMs: 1_000, message: 'catalogue: the shared work has not ended within 1000 ms' });
    expect(await second).toBe(error);
    expect(runs[0]?.signal.reason).toBe(error);
    expect([flights.underWay, clock.pending]).toEqual([0, 0]);
    const next = flights.run('lamp', work);
    runs[1]?.answer('49 €');
    expect(await next).toBe('49 €');
  });

  test('when it ends late, the work that took its place goes on, and nothing is told twice', async () => {
    const { flights, clock, events } = setUp();
    const { work, runs } = slowWork();
    const first = rejection(flights.run('lamp', work));
    await clock.advance(1_000);
    await first;
    const next = flights.run('lamp', work);
    runs[0]?.answer('late');
    await settle(clock);
    expect(flights.underWay).toBe(1);
    runs[1]?.answer('49 €');
    expect(await next).toBe('49 €');
    expect(events.flatMap((event) => (event.type === 'ended' ? [event.how] : []))).toEqual(['timed out', 'answered']);
  });

  test('a late failure is nobody’s unhandled rejection', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const { flights, clock } = setUp();
    const { work, runs } = slowWork();
    const first = rejection(flights.run('lamp', work));
    await clock.advance(1_000);
    await first;
    runs[0]?.fail(new DownError('late'));
    await settle(clock);
    await systemClock.sleep(1);
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  test('work that waits for itself ends at the limit too', async () => {
    const { flights, clock } = setUp();
    const outer = rejection(flights.run('lamp', () => flights.run('lamp', async () => 'never')));
    await clock.advance(1_000);
    expect(await outer).toBeInstanceOf(FlightTimeoutError);
  });
});

describe('a caller that leaves', () => {
  test('gets its own reason, and the others their answer, also when it was the first', async () => {
    const { flights } = setUp();
    const { work, runs } = slowWork();
    const leaving = new AbortController();
    const first = rejection(flights.run('lamp', work, leaving.signal));
    const second = flights.run('lamp', work);
    const reason = new Error('closed the page');
    leaving.abort(reason);
    expect(await first).toBe(reason);
    expect(runs[0]?.signal.aborted).toBe(false);
    runs[0]?.answer('49 €');
    expect(await second).toBe('49 €');
    expect(runs).toHaveLength(1);
  });

  test('as the last one stops the work, and nobody joins that any more', async () => {
    const { flights, clock } = setUp();
    const { work, runs } = slowWork();
    const leaving = new AbortController();
    const both = [rejection(flights.run('lamp', work, leaving.signal)), rejection(flights.run('lamp', work, leaving.signal))];
    leaving.abort();
    await Promise.all(both);
    expect(runs[0]?.signal.reason).toBeInstanceOf(FlightAbandonedError);
    expect(runs[0]?.signal.reason).toMatchObject({ name: 'AbortError', message: 'catalogue: everybody who waited has left' });
    expect([flights.underWay, clock.pending]).toEqual([0, 0]);
    const next = flights.run('lamp', work);
    runs[0]?.answer('of the stopped work');
    runs[1]?.answer('49 €');
    expect(await next).toBe('49 €');
  });

  test('while the work begins: is let go, and the work stops', async () => {
    const { flights, clock } = setUp();
    const leaving = new AbortController();
    const reason = new Error('closed the page');
    const result = flights.run('lamp', ({ signal }) => {
      leaving.abort(reason);
      return clock.sleep(500, signal).then(() => '49 €');
    }, leaving.signal);
    expect(await rejection(result)).toBe(reason);
    expect([flights.underWay, clock.pending]).toEqual([0, 0]);
  });

  test('before it came: nothing begins', async () => {
    const { flights } = setUp();
    const { work, runs } = slowWork();
    const reason = new Error('closed the page');
    expect(await rejection(flights.run('lamp', work, AbortSignal.abort(reason)))).toBe(reason);
    expect(runs).toEqual([]);
  });

  test('no listener stays on its signal', async () => {
    const { flights } = setUp();
    const staying = new AbortController();
    const added = vi.spyOn(staying.signal, 'addEventListener');
    const removed = vi.spyOn(staying.signal, 'removeEventListener');
    await flights.run('lamp', async () => '49 €', staying.signal);
    await rejection(flights.run('lamp', async () => { throw new DownError('no'); }, staying.signal));
    expect(added.mock.calls.map(([, listener]) => listener)).toEqual(removed.mock.calls.map(([, listener]) => listener));
    expect(added).toHaveBeenCalledTimes(2);
  });
});

describe('not older than', () => {
  test('who comes after a write does not get what was read before it', async () => {
    const { flights } = setUp();
    const { work, runs } = slowWork();
    const before = flights.run('lamp', work);
    expect(runs[0]?.isCurrent()).toBe(true);
    flights.forget('lamp');
    expect(runs[0]?.isCurrent()).toBe(false);
    const after = flights.run('lamp', work);
    runs[1]?.answer('39 €');
    expect(await after).toBe('39 €');
    runs[0]?.answer('49 €');
    expect(await before).toBe('49 €');
  });

  test('the end of a forgotten work does not free the key of its successor', async () => {
    const { flights, clock } = setUp();
    const { work, runs } = slowWork();
    const before = flights.run('lamp', work);
    flights.forget('lamp');
    const after = flights.run('lamp', work);
    runs[0]?.answer('49 €');
    await before;
    const joined = flights.run('lamp', work);
    expect(runs).toHaveLength(2);
    runs[1]?.answer('39 €');
    expect(await Promise.all([after, joined])).toEqual(['39 €', '39 €']);
    expect(clock.pending).toBe(0);
  });

  test('work that began too long ago is not joined', async () => {
    const { flights, clock } = setUp({ joinMs: 200 });
    const { work, runs } = slowWork();
    const first = flights.run('lamp', work);
    await clock.advance(199);
    const joined = flights.run('lamp', work);
    expect(runs).toHaveLength(1);
    await clock.advance(1);
    const fresh = flights.run('lamp', work);
    expect(runs).toHaveLength(2);
    for (const [at, run] of runs.entries()) run.answer(`run ${at + 1}`);
    expect(await Promise.all([first, joined, fresh])).toEqual(['run 1', 'run 1', 'run 2']);
  });
});

test('tells what happens, without the key', async () => {
  const { flights, clock, events } = setUp();
  const { work, runs } = slowWork();
  const leaving = new AbortController();
  const first = flights.run('lamp', work);
  await clock.advance(100);
  const second = rejection(flights.run('lamp', work, leaving.signal));
  leaving.abort();
  runs[0]?.answer('49 €');
  await Promise.all([first, second]);
  expect(events).toEqual([
    { flights: 'catalogue', atMs: 0, type: 'started' },
    { flights: 'catalogue', atMs: 100, type: 'joined', ageMs: 100, waiting: 2 },
    { flights: 'catalogue', atMs: 100, type: 'left', waiting: 1 },
    { flights: 'catalogue', atMs: 100, type: 'ended', how: 'answered', tookMs: 100, shared: 1 },
  ]);
});

test('has the system clock where nothing else is said', async () => {
  const flights = new SingleFlight<string>({ name: 'catalogue', limitMs: 5 });
  expect(await flights.run('lamp', async () => '49 €')).toBe('49 €');
  expect(await rejection(flights.run('lamp', () => new Promise(() => {})))).toBeInstanceOf(FlightTimeoutError);
});

test('refuses options that make no sense', () => {
  for (const limitMs of [0, -1, Number.NaN, Infinity, 2 ** 31]) expect(() => setUp({ limitMs })).toThrow(`limitMs must be above 0 and at most 2147483647: current value is ${limitMs}`);
  for (const joinMs of [0, -1, Number.NaN]) expect(() => setUp({ joinMs })).toThrow(`joinMs must be above 0: current value is ${joinMs}`);
});
