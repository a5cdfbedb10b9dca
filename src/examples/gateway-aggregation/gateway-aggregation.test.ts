import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { cacheControlOf } from './caching.ts';
import { Aggregator, PartTimeoutError, RequiredPartError, ServiceFullError, Slots, UnknownPartError } from './gateway-aggregation.ts';
import type { AggregatorEvent, Ask, Part } from './gateway-aggregation.ts';
import { headersForPart } from './headers.ts';
import { renew } from './shown.ts';
import type { Shown } from './shown.ts';

type Values = { order: string; reviews: string[]; suggestions: string };
type Behaviour = { tookMs?: number; fails?: Error; throws?: Error; deaf?: boolean } & Partial<Part<string, never>>;

/** `order` is required. A part that is `deaf` goes on when it is told to stop. */
function setUp({ deadlineMs = 500, order = {}, reviews = {}, suggestions = {} }: { deadlineMs?: number; order?: Behaviour; reviews?: Behaviour; suggestions?: Behaviour } = {}) {
  const clock = new VirtualClock();
  const events: AggregatorEvent[] = [];
  const asked: { part: string; request: string; atMs: number; ask: Ask }[] = [];
  const slots = { order: new Slots('orders', 10), reviews: new Slots('reviews', 10), suggestions: new Slots('suggestions', 10) };
  const part = <Value>(name: keyof typeof slots, value: Value, { tookMs = 50, fails, throws, deaf, ...rest }: Behaviour): Part<string, Value> => ({
    fetch: (request, ask) => {
      asked.push({ part: name, request, atMs: clock.now(), ask });
      if (throws !== undefined) throw throws;
      return clock.sleep(tookMs, deaf ? undefined : ask.signal).then(() => {
        if (fails !== undefined) throw fails;
        return value;
      });
    },
    timeoutMs: 200, slots: slots[name], ...rest,
  });
  const home = new Aggregator<string, Values>({
    parts: { order: part('order', 'order 17', { required: true, ...order }), reviews: part<string[]>('reviews', [], reviews), suggestions: part('suggestions', 'a hat', suggestions) },
    deadlineMs, clock, onEvent: (event) => events.push(event),
  });
  return { home, clock, events, asked, slots };
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(() => expect.fail('resolved'), (error: unknown) => error);
}

describe('a page', () => {
  test('asks all parts at the same moment and is as slow as the slowest', async () => {
    const { home, clock, asked } = setUp({ order: { tookMs: 80 }, reviews: { tookMs: 30 } });
    const page = home.answer('GET /home');
    await clock.advance(80);
    expect(await page).toEqual({ complete: true, parts: { order: { status: 'ok', value: 'order 17' }, reviews: { status: 'ok', value: [] }, suggestions: { status: 'ok', value: 'a hat' } } });
    expect(asked.map(({ part, request, atMs }) => [part, request, atMs])).toEqual([['order', 'GET /home', 0], ['reviews', 'GET /home', 0], ['suggestions', 'GET /home', 0]]);
    expect(clock.pending).toBe(0);
  });

  test('does not wait for a slow widget: it is left out at its own limit, and named', async () => {
    const { home, clock, events, asked } = setUp({ suggestions: { tookMs: 3_000, timeoutMs: 120 } });
    const page = home.answer('GET /home');
    await clock.advance(120);
    expect(await page).toMatchObject({ complete: false, parts: { order: { status: 'ok' }, reviews: { status: 'ok' }, suggestions: { status: 'missing', reason: 'late' } } });
    expect(events.map(({ type, part, tookMs }) => [type, part, tookMs])).toEqual([['answered', 'order', 50], ['answered', 'reviews', 50], ['missing', 'suggestions', 120]]);
    expect(asked[2]!.ask.signal.reason).toBeInstanceOf(PartTimeoutError);
    expect(clock.pending).toBe(0);
  });

  test('has one deadline that no part may exceed, and each part is told what it has', async () => {
    const { home, clock, asked } = setUp({ deadlineMs: 150, suggestions: { tookMs: 3_000, timeoutMs: 10_000 }, reviews: { timeoutMs: 90 } });
    const page = home.answer('GET /home');
    await clock.advance(150);
    expect(await page).toMatchObject({ parts: { suggestions: { status: 'missing', reason: 'late' } } });
    expect(asked.map(({ ask }) => ask.leftMs)).toEqual([150, 90, 150]);
  });

  test('survives a widget that fails, or throws before it has begun', async () => {
    const { home, clock, events } = setUp({ reviews: { fails: new Error('500') }, suggestions: { throws: new Error('no address') } });
    const page = home.answer('GET /home');
    await clock.advance(50);
    expect(await page).toMatchObject({ complete: false, parts: { order: { status: 'ok' }, reviews: { status: 'missing', reason: 'failed' }, suggestions: { status: 'missing', reason: 'failed' } } });
    expect(events.filter((event) => event.type === 'missing').map(({ part, error }) => [part, (error as Error).message])).toEqual([['suggestions', 'no address'], ['reviews', '500']]);
  });

  test('tells an empty list from a gap', async () => {
    const { home, clock } = setUp({ suggestions: { fails: new Error('down') } });
    const page = home.answer('GET /home');
    await clock.advance(50);
    const { parts } = await page;
    expect(parts.reviews).toEqual({ status: 'ok', value: [] });
    expect(parts.suggestions).not.toHaveProperty('value');
  });

  test('leaves nothing running when it has answered, and a late failure harms nobody', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    const { process } = globalThis as unknown as { process: { on: (event: string, listener: (reason: unknown) => void) => void; off: (event: string, listener: (reason: unknown) => void) => void } };
    process.on('unhandledRejection', note);
    const { home, clock, asked } = setUp({ suggestions: { deaf: true, tookMs: 900, fails: new Error('too late') } });
    const page = home.answer('GET /home');
    await clock.advance(200);
    await page;
    expect(asked.every(({ ask }) => ask.signal.aborted)).toBe(true);
    await clock.advance(1_000);
    await clock.advance(0);
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });
});

describe('a required part', () => {
  test('ends the page at once when it fails, and the others are told to stop', async () => {
    const { home, clock, asked, events } = setUp({ order: { fails: new Error('500') }, reviews: { tookMs: 150 } });
    const error = rejection(home.answer('GET /home'));
    await clock.advance(50);
    expect(await error).toMatchObject({ name: 'RequiredPartError', part: 'order', reason: 'failed', httpStatus: 502, cause: new Error('500') });
    expect(asked.map(({ ask }) => ask.signal.aborted)).toEqual([true, true, true]);
    expect(events.filter((event) => event.type === 'missing').map(({ part }) => part)).toEqual(['order']);
    expect(clock.pending).toBe(0);
  });

  test('that is late or cannot be asked says so with its own status', async () => {
    const late = setUp({ order: { tookMs: 900 } });
    const lateError = rejection(late.home.answer('GET /home'));
    await late.clock.advance(200);
    expect(await lateError).toMatchObject({ reason: 'late', httpStatus: 504 });

    const full = setUp({ order: { slots: new Slots('orders', 1), tookMs: 100 } });
    const first = full.home.answer('GET /home');
    const error = await rejection(full.home.answer('GET /home'));
    expect(error).toBeInstanceOf(RequiredPartError);
    expect(error).toMatchObject({ reason: 'busy', httpStatus: 503 });
    expect((error as Error).cause).toBeInstanceOf(ServiceFullError);
    await full.clock.advance(100);
    expect((await first).complete).toBe(true);
  });
});

describe('the bulkhead of a service', () => {
  test('leaves a part out at once when its service is full, and keeps the slot of a call that does not stop', async () => {
    const suggestions = new Slots('suggestions', 2);
    const { home, clock, asked } = setUp({ suggestions: { slots: suggestions, deaf: true, tookMs: 5_000 } });
    const pages = [home.answer('1'), home.answer('2'), home.answer('3')];
    await clock.advance(200);
    expect((await Promise.all(pages)).map(({ parts }) => parts.suggestions)).toEqual([{ status: 'missing', reason: 'late' }, { status: 'missing', reason: 'late' }, { status: 'missing', reason: 'busy' }]);
    expect(asked.filter(({ part }) => part === 'suggestions').length).toBe(2);
    expect(suggestions.open).toBe(2);
    const page = home.answer('4');
    await clock.advance(50);
    expect((await page).parts.suggestions).toEqual({ status: 'missing', reason: 'busy' });
    await clock.advance(5_000);
    expect(suggestions.open).toBe(0);
  });

  test('is shared by the pages that ask the service, and one service does not take the slots of another', async () => {
    const reviews = new Slots('reviews', 1);
    const one = setUp({ reviews: { slots: reviews, tookMs: 100 } });
    const other = setUp({ reviews: { slots: reviews, tookMs: 100 } });
    const first = one.home.answer('1');
    const second = other.home.answer('2');
    await other.clock.advance(100);
    expect((await second).parts).toMatchObject({ order: { status: 'ok' }, reviews: { status: 'missing', reason: 'busy' } });
    await one.clock.advance(100);
    expect((await first).complete).toBe(true);
  });

  test('gives the slot back after an error and a synchronous throw', async () => {
    const { home, clock, slots } = setUp({ reviews: { fails: new Error('500') }, suggestions: { throws: new Error('no address') } });
    const page = home.answer('GET /home');
    await clock.advance(50);
    await page;
    expect(Object.values(slots).map(({ open }) => open)).toEqual([0, 0, 0]);
  });
});

describe('the client', () => {
  test('may come back for what was missing, and nothing else is asked', async () => {
    const { home, clock, asked } = setUp();
    const page = home.answer('GET /home', ['suggestions', 'suggestions']);
    await clock.advance(50);
    expect(await page).toEqual({ complete: true, parts: { suggestions: { status: 'ok', value: 'a hat' } } });
    expect(asked.map(({ part }) => part)).toEqual(['suggestions']);
  });

  test('cannot ask for what is no part of the page', async () => {
    const { home, asked } = setUp();
    for (const name of ['prices', 'constructor', '']) {
      expect(await rejection(home.answer('GET /home', ['order', name]))).toBeInstanceOf(UnknownPartError);
    }
    expect(asked).toEqual([]);
  });

  test('that leaves ends all calls, and this is no gap', async () => {
    const { home, clock, asked, events } = setUp();
    const gone = new Error('the reader went back');
    const client = new AbortController();
    const error = rejection(home.answer('GET /home', undefined, client.signal));
    await clock.advance(20);
    client.abort(gone);
    expect(await error).toBe(gone);
    expect(asked.map(({ ask }) => ask.signal.reason)).toEqual([gone, gone, gone]);
    expect(events).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  test('that leaves while the parts are being asked is told the same', async () => {
    const client = new AbortController();
    const gone = new Error('gone');
    const { home, clock } = setUp({ order: { fetch: () => { client.abort(gone); return Promise.resolve('order 17' as never); } } });
    expect(await rejection(home.answer('GET /home', ['order'], client.signal))).toBe(gone);
    expect(clock.pending).toBe(0);
  });

  test('that has left is asked for nothing', async () => {
    const { home, asked } = setUp();
    const gone = new Error('gone');
    expect(await rejection(home.answer('GET /home', undefined, AbortSignal.abort(gone)))).toBe(gone);
    expect(asked).toEqual([]);
  });

  test('keeps what it had where there is a gap, and knows how old it is', () => {
    const shown: Shown = { order: { state: 'unknown' }, reviews: { state: 'known', value: ['good'], asOfMs: 10 }, suggestions: { state: 'unknown' } };
    const { shown: next, again } = renew(shown, { parts: { order: { status: 'ok', value: 'order 17' }, reviews: { status: 'missing', reason: 'late' }, suggestions: { status: 'missing', reason: 'busy' } } }, 500);
    expect(next).toEqual({ order: { state: 'known', value: 'order 17', asOfMs: 500 }, reviews: { state: 'known', value: ['good'], asOfMs: 10 }, suggestions: { state: 'unknown' } });
    expect(again).toEqual(['reviews', 'suggestions']);
    expect(shown.order).toEqual({ state: 'unknown' });
  });

  test('ignores a part that it does not know, and leaves alone what the answer does not name', () => {
    const shown: Shown = { order: { state: 'known', value: 'order 17', asOfMs: 10 } };
    expect(renew(shown, { parts: { coupons: { status: 'missing', reason: 'failed' } } }, 500)).toEqual({ shown, again: [] });
    const inherited = Object.create({ order: { status: 'ok', value: 'polluted' } }) as Record<string, never>;
    expect(renew(shown, { parts: inherited }, 500)).toEqual({ shown, again: [] });
  });
});

describe('one Cache-Control for all parts', () => {
  const part = (cacheControl: string | null, age?: string) => ({ cacheControl, ...(age !== undefined && { age }) });

  test('lasts as long as the part that goes stale first, what it spent in a cache taken off', () => {
    expect(cacheControlOf([part('max-age=3600'), part('public, MAX-AGE="60"', '20')])).toBe('max-age=40');
    expect(cacheControlOf([part('max-age=60', '60'), part('max-age=3600')])).toBe('no-store');
    expect(cacheControlOf([part('max-age=30, max-age=600')])).toBe('max-age=30');
  });

  test('is private as soon as one part is', () => {
    expect(cacheControlOf([part('max-age=3600'), part('private, max-age=300')])).toBe('private, max-age=300');
  });

  test('forbids to keep a page with a gap, or with a part that says nothing that can be read', () => {
    for (const other of [undefined, part(null), part('no-store, max-age=60'), part('no-cache, max-age=60'), part('max-age=soon'), part('max-age='), part('max-age=-5'), part('max-age=1e9'), part('max-age=60', 'old'), part('max-age=60', '-5'), part('max-age')]) {
      expect(cacheControlOf([part('max-age=3600'), other])).toBe('no-store');
    }
    expect(cacheControlOf([])).toBe('no-store');
  });
});

describe('what goes on of the headers', () => {
  test('is what stands on the list, never conditions, cookies or fields that were meant for this hop', () => {
    const headers = headersForPart(new Headers({
      'authorization': 'Bearer x', 'accept-language': 'de', 'traceparent': '00-1', 'accept': 'text/html', 'if-none-match': '"a"', 'range': 'bytes=0-9', 'cookie': 'a=b', 'x-caller-id': 'forged', 'keep-alive': '5', 'te': 'trailers',
    }));
    expect([...headers].toSorted()).toEqual([['accept', 'application/json'], ['accept-language', 'de'], ['authorization', 'Bearer x'], ['traceparent', '00-1']]);
  });

  test('leaves out what Connection names, although it is on the list', () => {
    const headers = headersForPart(new Headers({ 'connection': 'close, Traceparent', 'traceparent': '00-1', 'authorization': 'Bearer x' }));
    expect([...headers.keys()].toSorted()).toEqual(['accept', 'authorization']);
  });
});

describe('options', () => {
  test('that cannot work are refused with name, rule and value', () => {
    const part = { fetch: async () => 1, timeoutMs: 100, slots: new Slots('a', 1) };
    for (const bad of [0, -1, Number.NaN, Infinity, 2 ** 31]) {
      expect(() => new Aggregator({ parts: { a: part }, deadlineMs: bad })).toThrow(`deadlineMs must be above 0 and at most 2147483647: current value is ${bad}`);
      expect(() => new Aggregator({ parts: { a: { ...part, timeoutMs: bad } }, deadlineMs: 100 })).toThrow(`timeoutMs of a must be above 0`);
    }
    for (const bad of [0, 1.5, Number.NaN]) expect(() => new Slots('a', bad)).toThrow(`most must be a positive integer: current value is ${bad}`);
  });

  test('have the clock of the system as default', async () => {
    const parts = { a: { fetch: async (request: string) => request.length, timeoutMs: 1_000, slots: new Slots('a', 1) } };
    expect(await new Aggregator<string, { a: number }>({ parts, deadlineMs: 1_000 }).answer('four')).toEqual({ complete: true, parts: { a: { status: 'ok', value: 4 } } });
  });
});
