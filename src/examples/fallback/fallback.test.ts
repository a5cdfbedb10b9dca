import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { Fallback, NoSubstituteError, SubstituteBusyError, SubstituteTimeoutError } from './fallback.ts';
import type { FallbackEvent, FallbackOptions, Substitute } from './fallback.ts';

class DownError extends Error {}
class NoSuchAddressError extends Error {}

const flat: Substitute<string, number> = { name: 'flat rate', answer: () => 590, limitMs: 50 };

/** The real cost is 420; `down` makes the service fail. */
function setUp(options: Partial<FallbackOptions<string, number>> = {}) {
  const clock = new VirtualClock();
  const events: FallbackEvent[] = [];
  const state: { error?: Error; asked: number } = { asked: 0 };
  const fallback = new Fallback<string, number>({
    name: 'delivery cost',
    real: async () => {
      state.asked += 1;
      if (state.error !== undefined) throw state.error;
      return 420;
    },
    isUnavailable: (error) => error instanceof DownError,
    substitutes: [flat],
    clock,
    onEvent: (event) => events.push(event),
    ...options,
  });
  return { fallback, clock, events, state };
}

/** A substitute that answers after `ms`, and counts what of it runs. */
function slow(clock: () => VirtualClock, ms: number, options: Partial<Substitute<string, number>> = {}) {
  const seen = { running: 0, most: 0, aborted: 0 };
  const substitute: Substitute<string, number> = {
    name: 'second carrier',
    limitMs: 200,
    answer: async (_, signal) => {
      seen.running += 1;
      seen.most = Math.max(seen.most, seen.running);
      signal.addEventListener('abort', () => { seen.aborted += 1; });
      await clock().sleep(ms);
      seen.running -= 1;
      return 480;
    },
    ...options,
  };
  return { substitute, seen };
}

describe('which errors', () => {
  test('a real answer is given as it is, and no substitute is asked', async () => {
    const { fallback, events } = setUp({ substitutes: [{ ...flat, answer: () => expect.fail('asked') }] });
    expect(await fallback.get('Bern')).toEqual({ value: 420, degraded: false });
    expect(events).toEqual([{ fallback: 'delivery cost', atMs: 0, type: 'answered' }]);
  });

  test('an outage is substituted, and the answer says so and why', async () => {
    const { fallback, events, state } = setUp();
    const error = new DownError('connection refused');
    state.error = error;
    expect(await fallback.get('Bern')).toEqual({ value: 590, degraded: true, by: 'flat rate', cause: error });
    expect(events).toEqual([{ fallback: 'delivery cost', atMs: 0, type: 'degraded', by: 'flat rate', cause: error }]);
  });

  test('an error that is an answer goes to the caller, and no substitute hides it', async () => {
    const { fallback, events, state } = setUp({ substitutes: [{ ...flat, answer: () => expect.fail('asked') }] });
    state.error = new NoSuchAddressError('nobody lives there');
    await expect(fallback.get('Nowhere')).rejects.toBe(state.error);
    expect(events.map(({ type }) => type)).toEqual(['passed']);
  });

  test('a caller who has left gets no substitute', async () => {
    const caller = new AbortController();
    const { fallback, events, state } = setUp({
      real: async () => {
        caller.abort(new Error('gone'));
        throw new DownError('aborted');
      },
    });
    await expect(fallback.get('Bern', caller.signal)).rejects.toThrow('gone');
    await expect(fallback.get('Bern', caller.signal)).rejects.toThrow('gone');
    expect([events, state.asked]).toEqual([[], 0]);
  });

  test('the next call asks the real one again: nothing is kept', async () => {
    const { fallback, state } = setUp();
    state.error = new DownError('down');
    await fallback.get('Bern');
    delete state.error;
    expect(await fallback.get('Bern')).toEqual({ value: 420, degraded: false });
    expect(state.asked).toBe(2);
  });
});

describe('a substitute that fails too', () => {
  test('has a limit of its own; its signal aborts and a late answer is ignored', async () => {
    const { substitute, seen } = slow(() => parts.clock, 300);
    const parts = setUp({ substitutes: [substitute, flat] });
    parts.state.error = new DownError('down');
    const answer = parts.fallback.get('Bern');
    await parts.clock.advance(199);
    expect(seen.aborted).toBe(0);
    await parts.clock.advance(1);
    expect(await answer).toMatchObject({ value: 590, by: 'flat rate' });
    expect(seen.aborted).toBe(1);
    expect(parts.events[0]).toEqual({ fallback: 'delivery cost', atMs: 200, type: 'failed', by: 'second carrier', error: new SubstituteTimeoutError('second carrier', 200) });
    await parts.clock.advance(1_000);
    expect(parts.clock.pending).toBe(0);
  });

  test('leaves no timer behind when it answers', async () => {
    const { substitute, seen } = slow(() => parts.clock, 100);
    const parts = setUp({ substitutes: [substitute, flat] });
    parts.state.error = new DownError('down');
    const answer = parts.fallback.get('Bern');
    await parts.clock.advance(100);
    expect(await answer).toMatchObject({ value: 480, by: 'second carrier' });
    expect([parts.clock.pending, seen.aborted]).toEqual([0, 0]);
  });

  test('leaves no listener behind at the signal of its work', async () => {
    const removed: string[] = [];
    const answer = (_: string, signal: AbortSignal): number => {
      signal.removeEventListener = (type: string) => void removed.push(type);
      return 590;
    };
    const { fallback, state } = setUp({ substitutes: [{ ...flat, answer }] });
    state.error = new DownError('down');
    await fallback.get('Bern');
    expect(removed).toEqual(['abort']);
  });

  test('takes no more than its slots; the others go on to the next at once', async () => {
    const { substitute, seen } = slow(() => parts.clock, 100, { slots: 2 });
    const parts = setUp({ substitutes: [substitute, flat] });
    parts.state.error = new DownError('down');
    const answers = Promise.all(Array.from({ length: 5 }, () => parts.fallback.get('Bern')));
    await parts.clock.advance(100);
    expect((await answers).map((answer) => answer.degraded && answer.by)).toEqual(['second carrier', 'second carrier', 'flat rate', 'flat rate', 'flat rate']);
    expect(seen.most).toBe(2);
    expect(parts.events.filter(({ type }) => type === 'failed').map((event) => 'error' in event && event.error)).toEqual(Array.from({ length: 3 }, () => new SubstituteBusyError('second carrier', 2)));
    const again = parts.fallback.get('Bern');
    await parts.clock.advance(100);
    expect(await again).toMatchObject({ by: 'second carrier' });
  });

  test('a slot stays taken until the work really ends, not until its limit', async () => {
    const { substitute } = slow(() => parts.clock, 1_000, { slots: 1 });
    const parts = setUp({ substitutes: [substitute, flat] });
    parts.state.error = new DownError('down');
    const byEvents = (): string[] => parts.events.flatMap((event) => event.type === 'failed' ? [(event.error as Error).name] : []);
    void parts.fallback.get('Bern');
    await parts.clock.advance(500);
    void parts.fallback.get('Bern');
    await parts.clock.advance(499);
    expect(byEvents()).toEqual(['SubstituteTimeoutError', 'SubstituteBusyError']);
    await parts.clock.advance(1);
    void parts.fallback.get('Bern');
    await parts.clock.advance(200);
    expect(byEvents()).toEqual(['SubstituteTimeoutError', 'SubstituteBusyError', 'SubstituteTimeoutError']);
  });

  test('gives its slot back when it throws, at once or later', async () => {
    const substitute = { name: 'second carrier', limitMs: 200, slots: 1, answer: () => { throw new DownError('also down'); } };
    const { fallback, events, state } = setUp({ substitutes: [substitute, flat] });
    state.error = new DownError('down');
    for (let call = 0; call < 3; call++) expect(await fallback.get('Bern')).toMatchObject({ by: 'flat rate' });
    expect(events.filter(({ type }) => type === 'failed').map((event) => 'error' in event && event.error)).toEqual(Array.from({ length: 3 }, () => new DownError('also down')));
  });

  test('when all fail, the error has the first cause and each of theirs', async () => {
    const { fallback, state } = setUp({ substitutes: [{ ...flat, answer: () => { throw new Error('no rate'); } }, { ...flat, answer: async () => { throw new Error('no file'); } }] });
    state.error = new DownError('down');
    const error: unknown = await fallback.get('Bern').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NoSubstituteError);
    expect(error).toMatchObject({ message: "'delivery cost' is unavailable, and none of 2 substitutes could answer", cause: state.error, errors: [new Error('no rate'), new Error('no file')] });
  });

  test('a caller who leaves while it works is let go at once', async () => {
    const { substitute, seen } = slow(() => parts.clock, 100);
    const parts = setUp({ substitutes: [substitute, flat] });
    parts.state.error = new DownError('down');
    const caller = new AbortController();
    const answer = parts.fallback.get('Bern', caller.signal);
    await parts.clock.advance(50);
    caller.abort(new Error('gone'));
    await expect(answer).rejects.toThrow('gone');
    expect([seen.aborted, parts.events]).toEqual([1, []]);
  });
});

describe('a rehearsal', () => {
  test('runs beside a share of the real answers, and nobody waits for it or sees it', async () => {
    const { substitute, seen } = slow(() => parts.clock, 100);
    const draws = [0.3, 0.24, 0.9];
    const parts = setUp({ substitutes: [substitute, flat], rehearsed: 0.25, random: () => draws.shift() ?? 1 });
    for (let call = 0; call < 3; call++) expect(await parts.fallback.get('Bern')).toEqual({ value: 420, degraded: false });
    expect(seen.running).toBe(1);
    await parts.clock.advance(100);
    expect(parts.events.at(-1)).toEqual({ fallback: 'delivery cost', atMs: 100, type: 'rehearsed', by: 'second carrier', ok: true });
  });

  test('tells that the substitute would have failed', async () => {
    const parts = setUp({ substitutes: [{ ...flat, answer: () => { throw new Error('moved'); } }], rehearsed: 1, random: () => 0.999 });
    expect(await parts.fallback.get('Bern')).toEqual({ value: 420, degraded: false });
    await parts.clock.advance(0);
    expect(parts.events.at(-1)).toEqual({ fallback: 'delivery cost', atMs: 0, type: 'rehearsed', by: 'flat rate', ok: false, error: new Error('moved') });
  });
});

test('has the system clock and needs no listener', async () => {
  const fallback = new Fallback<string, number>({ name: 'delivery cost', real: () => Promise.reject(new DownError('down')), isUnavailable: () => true, substitutes: [flat] });
  expect(await fallback.get('Bern')).toMatchObject({ value: 590 });
});

test('refuses options that make no sense', () => {
  expect(() => setUp({ substitutes: [] })).toThrow('substitutes must have at least one: current value has none');
  for (const limitMs of [0, -1, Number.NaN, Infinity]) expect(() => setUp({ substitutes: [{ ...flat, limitMs }] })).toThrow(`limitMs must be above 0 and at most 2147483647: current value is ${limitMs}`);
  for (const slots of [0, 1.5, Number.NaN, Infinity]) expect(() => setUp({ substitutes: [{ ...flat, slots }] })).toThrow(`slots must be a positive integer: current value is ${slots}`);
  for (const rehearsed of [-0.1, 1.1, Number.NaN]) expect(() => setUp({ rehearsed })).toThrow(`rehearsed must be a share from 0 to 1: current value is ${rehearsed}`);
});
