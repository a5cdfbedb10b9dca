import { describe, expect, test, vi } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { readThrough } from './read-through.ts';
import type { ReadThrough } from './read-through.ts';
import { SingleFlight } from './request-coalescing.ts';

/** A shared cache that is 5 ms away, and a load that takes 100 ms. */
function setUp(options: Partial<ReadThrough<string>> = {}) {
  const clock = new VirtualClock();
  const entries = new Map<string, string>();
  const ttls: number[] = [];
  const cache = {
    // What it found is on the way for 5 ms.
    get: async (key: string) => { const found = entries.get(key); await clock.sleep(5); return found; },
    set: async (key: string, value: string, ttlMs: number) => { await clock.sleep(5); entries.set(key, value); ttls.push(ttlMs); },
  };
  const load = vi.fn(async (key: string, signal: AbortSignal) => { await clock.sleep(100, signal); return `price of ${key}`; });
  const flights = new SingleFlight<string>({ name: 'catalogue', limitMs: 1_000, clock });
  const parts = { cache, flights, load, ttlMs: 60_000, spread: 0.2, random: () => 0.5, ...options };
  return { clock, entries, ttls, load, flights, read: (key: string) => readThrough(key, parts) };
}

describe('read through', () => {
  test('all that miss together cause one load', async () => {
    const { clock, entries, load, read } = setUp();
    const answers = Promise.all(Array.from({ length: 50 }, () => read('lamp')));
    await clock.advance(200);
    expect(new Set(await answers)).toEqual(new Set(['price of lamp']));
    expect(load).toHaveBeenCalledTimes(1);
    expect(entries.get('lamp')).toBe('price of lamp');
  });

  test('a hit asks nobody', async () => {
    const { clock, entries, load, read } = setUp();
    entries.set('lamp', '49 €');
    const answer = read('lamp');
    await clock.advance(5);
    expect(await answer).toBe('49 €');
    expect(load).not.toHaveBeenCalled();
  });

  test('who missed, and comes when the others have just landed, does not load again', async () => {
    const { clock, entries, load, read } = setUp();
    const first = read('lamp');
    await clock.advance(112); // loaded; the value reaches the cache at 115 ms
    const late = read('lamp'); // found nothing, and knows it at 117 ms
    expect(entries.size).toBe(0);
    await clock.advance(500);
    expect(await Promise.all([first, late])).toEqual(['price of lamp', 'price of lamp']);
    expect(load).toHaveBeenCalledTimes(1);
  });

  test('who missed, and comes while the value is on its way into the cache, joins', async () => {
    const { clock, load, read } = setUp();
    const first = read('lamp');
    await clock.advance(106);
    const late = read('lamp'); // knows at 111 ms that it found nothing; the value is loaded, and in the cache at 115 ms
    await clock.advance(500);
    expect(await Promise.all([first, late])).toEqual(['price of lamp', 'price of lamp']);
    expect(load).toHaveBeenCalledTimes(1);
  });

  test('a failure is not kept', async () => {
    const { clock, entries, load, read } = setUp();
    load.mockRejectedValueOnce(new Error('down'));
    const failed = read('lamp').catch((error: unknown) => error);
    await clock.advance(50);
    expect(await failed).toEqual(new Error('down'));
    expect(entries.size).toBe(0);
    const answer = read('lamp');
    await clock.advance(200);
    expect(await answer).toBe('price of lamp');
  });

  test('a value from before a write is not put into the cache after it', async () => {
    const { clock, entries, flights, read } = setUp();
    const before = read('lamp');
    await clock.advance(50);
    flights.forget('lamp');
    entries.delete('lamp');
    await clock.advance(200);
    expect(await before).toBe('price of lamp');
    expect(entries.has('lamp')).toBe(false);
  });

  test('lifetimes are spread, and never longer than said', async () => {
    let draw = 0;
    const { clock, ttls, read } = setUp({ random: () => draw++ / 4 });
    const all = Promise.all(['a', 'b', 'c', 'd'].map(read));
    await clock.advance(200);
    await all;
    expect(ttls).toEqual([60_000, 57_000, 54_000, 51_000]);
  });

  test('the load is told to stop when it took too long', async () => {
    const stopped = vi.fn();
    const { clock, entries, read } = setUp({ load: async (_key, signal) => { signal.addEventListener('abort', stopped); await clock.sleep(60_000, signal); return 'late'; } });
    const failed = read('lamp').catch((error: unknown) => error);
    await clock.advance(1_005);
    expect(await failed).toMatchObject({ name: 'TimeoutError' });
    expect(stopped).toHaveBeenCalledTimes(1);
    expect(entries.size).toBe(0);
    expect(clock.pending).toBe(0);
  });

  test('a caller that leaves takes nobody with it', async () => {
    const { clock, flights, load } = setUp();
    const parts: ReadThrough<string> = { cache: { get: async () => undefined, set: async () => {} }, flights, load, ttlMs: 1, spread: 0, random: () => 0 };
    const leaving = new AbortController();
    const first = readThrough('lamp', parts, leaving.signal).catch((error: unknown) => error);
    const second = readThrough('lamp', parts);
    await clock.advance(50);
    leaving.abort('left');
    await clock.advance(100);
    expect(await first).toBe('left');
    expect(await second).toBe('price of lamp');
  });
});
