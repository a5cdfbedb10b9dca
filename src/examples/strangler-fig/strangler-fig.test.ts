import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { bucketOf } from './routing.ts';
import { StranglerFacade } from './strangler-fig.ts';
import type { StranglerEvent, StranglerOptions, System } from './strangler-fig.ts';

interface Reservation { sku: string; quantity: number }
type Stock = { sku: string; onHand: number; readAt?: number };

const skus = Array.from({ length: 10_000 }, (_, index) => `sku-${index}`);

/** The old warehouse system and the inventory service that takes its place; `modern` can be made to fail or be wrong. */
function warehouse(options: Partial<StranglerOptions> = {}) {
  const clock = new VirtualClock();
  const events: StranglerEvent[] = [];
  const facade = new StranglerFacade({ maxRehearsals: 10, rehearsalTimeoutMs: 100, clock, onEvent: (event) => events.push(event), ...options });
  const calls = { oldStock: 0, newStock: 0, oldReserve: 0, newReserve: 0, rehearsedReserve: 0 };
  const modern: { stock: System<string, Stock>; reserve: System<Reservation, string>; rehearse: System<Reservation, string> } = {
    stock: async (sku) => ({ sku, onHand: 5 }),
    reserve: async ({ sku }) => `new ${sku}`,
    rehearse: async ({ sku }) => `old ${sku}`,
  };
  const stock = facade.slice<string, Stock>({
    name: 'stock', cohort: 'inventory', effect: 'read', fallBack: true, keyOf: (sku) => sku,
    legacy: async (sku) => { calls.oldStock++; return { sku, onHand: 5 }; },
    modern: async (sku, signal) => { calls.newStock++; return modern.stock(sku, signal); },
  });
  const reserve = facade.slice<Reservation, string>({
    name: 'reserve', cohort: 'inventory', effect: 'write', keyOf: ({ sku }) => sku,
    legacy: async ({ sku }) => { calls.oldReserve++; return `old ${sku}`; },
    modern: async (question, signal) => { calls.newReserve++; return modern.reserve(question, signal); },
    rehearse: async (question, signal) => { calls.rehearsedReserve++; return modern.rehearse(question, signal); },
  });
  return { clock, events, facade, calls, modern, stock, reserve };
}

describe('routing', () => {
  test('everybody starts on the old system', async () => {
    const { calls, events, stock } = warehouse();
    expect(await stock('sku-1')).toEqual({ sku: 'sku-1', onHand: 5 });
    expect(calls).toMatchObject({ oldStock: 1, newStock: 0 });
    expect(events).toEqual([{ type: 'routed', slice: 'stock', key: 'sku-1', to: 'legacy', ok: true, durationMs: 0 }]);
  });

  test('a key stays where it is: a hundred questions, one system', async () => {
    const { calls, facade, stock } = warehouse();
    facade.setShare('inventory', 0.5);
    for (let i = 0; i < 100; i++) await stock('sku-1');
    expect([calls.oldStock, calls.newStock]).toContain(100);
  });

  test('slices that share data move together: a read goes to the system that took the write', async () => {
    const { calls, events, facade, stock, reserve } = warehouse();
    facade.setShare('inventory', 0.5);
    events.length = 0;
    for (const sku of skus.slice(0, 200)) {
      await reserve({ sku, quantity: 1 });
      await stock(sku);
      const [write, read] = events.splice(0);
      expect(write).toMatchObject({ to: read?.type === 'routed' ? read.to : '' });
    }
    expect(calls.newReserve).toBe(calls.newStock);
    expect(calls.newReserve).toBeGreaterThan(0);
    expect(calls.oldReserve).toBeGreaterThan(0);
  });

  test('raising the share moves keys one way only', () => {
    const at = (share: number): string[] => skus.filter((sku) => bucketOf('inventory', sku) < share);
    const half = new Set(at(0.5));
    expect(at(0.05).every((sku) => half.has(sku))).toBe(true);
    expect(at(0.05).length).toBeLessThan(half.size);
  });

  test('a share of the keys is that share, for keys that look alike too', () => {
    const moved = skus.filter((sku) => bucketOf('inventory', sku) < 0.1).length;
    expect(moved).toBeGreaterThan(900);
    expect(moved).toBeLessThan(1_100);
    expect(skus.every((sku) => bucketOf('inventory', sku) >= 0 && bucketOf('inventory', sku) < 1)).toBe(true);
  });

  test('two cohorts do not send the same keys first', () => {
    const both = skus.filter((sku) => bucketOf('inventory', sku) < 0.1 && bucketOf('shipping', sku) < 0.1).length;
    expect(both).toBeGreaterThan(50);
    expect(both).toBeLessThan(150);
  });

  test('the bucket of a key is the same in every release', () => {
    expect([bucketOf('inventory', 'sku-1'), bucketOf('inventory', 'Größe-42')].map((bucket) => bucket.toFixed(6))).toEqual(['0.355315', '0.187138']);
  });

  test('the kill switch sends everybody back at once, and the shares survive it', async () => {
    const { calls, events, facade, stock } = warehouse();
    facade.setShare('inventory', 1);
    facade.setRehearsed('stock', 1);
    facade.switchModern('off');
    await stock('sku-1');
    expect(calls).toMatchObject({ oldStock: 1, newStock: 0 });
    facade.switchModern('on');
    await stock('sku-1');
    expect(calls).toMatchObject({ oldStock: 1, newStock: 1 });
    expect(events.map(({ type }) => type)).toEqual(['share', 'rehearsed', 'switch', 'routed', 'switch', 'routed']);
  });

  test('a question on its way ends where it began', async () => {
    const { clock, calls, events, facade, modern, stock } = warehouse();
    facade.setShare('inventory', 1);
    modern.stock = async (sku) => {
      await clock.sleep(20);
      return { sku, onHand: 4 };
    };
    const answer = stock('sku-1');
    facade.switchModern('off');
    await clock.advance(20);
    expect(await answer).toEqual({ sku: 'sku-1', onHand: 4 });
    expect(calls.oldStock).toBe(0);
    expect(events.at(-1)).toMatchObject({ type: 'routed', to: 'modern', ok: true, durationMs: 20 });
  });
});

describe('when the new system fails', () => {
  const broken = async (): Promise<never> => { throw new Error('pod restarted'); };

  test('a read falls back to the old system, and that is recorded', async () => {
    const { events, facade, modern, stock } = warehouse();
    facade.setShare('inventory', 1);
    modern.stock = broken;
    expect(await stock('sku-1')).toEqual({ sku: 'sku-1', onHand: 5 });
    expect(events.slice(1)).toMatchObject([
      { type: 'routed', to: 'modern', ok: false }, { type: 'fell-back', key: 'sku-1', error: { message: 'pod restarted' } }, { type: 'routed', to: 'legacy', ok: true },
    ]);
  });

  test('a write does not: its effect may be there already', async () => {
    const { calls, facade, modern, reserve } = warehouse();
    facade.setShare('inventory', 1);
    modern.reserve = broken;
    await expect(reserve({ sku: 'sku-1', quantity: 1 })).rejects.toThrow('pod restarted');
    expect(calls.oldReserve).toBe(0);
  });

  test('a read without a current old system does not fall back either', async () => {
    const { facade } = warehouse();
    const slots = facade.slice<string, string>({ name: 'slots', cohort: 'slots', effect: 'read', fallBack: false, keyOf: (dock) => dock, legacy: async () => 'stale', modern: broken });
    facade.setShare('slots', 1);
    await expect(slots('dock-1')).rejects.toThrow('pod restarted');
  });

  test('a caller that has gone gets no second system', async () => {
    const { calls, clock, facade, modern, stock } = warehouse();
    facade.setShare('inventory', 1);
    modern.stock = (_, signal) => clock.sleep(50, signal).then(() => ({ sku: '', onHand: 0 }));
    const caller = new AbortController();
    const outcome = expect(stock('sku-1', caller.signal)).rejects.toThrow('gone');
    caller.abort(new Error('gone'));
    await outcome;
    expect(calls.oldStock).toBe(0);
    await expect(stock('sku-1', caller.signal)).rejects.toThrow('gone');
    expect(calls.newStock).toBe(1);
  });
});

describe('parallel run', () => {
  test('the caller has the old answer before the rehearsal ends', async () => {
    const { clock, facade, modern, stock } = warehouse();
    facade.setRehearsed('stock', 1);
    modern.stock = async (sku) => {
      await clock.sleep(80);
      return { sku, onHand: 5 };
    };
    expect(await stock('sku-1')).toEqual({ sku: 'sku-1', onHand: 5 });
    expect(facade.verdicts('stock')).toEqual({ match: 0, mismatch: 0, failed: 0, skipped: 0 });
    await clock.advance(80);
    expect(facade.verdicts('stock').match).toBe(1);
    expect(clock.pending).toBe(0);
  });

  test('the rehearsal does not start before the caller has its answer', async () => {
    const { calls, clock, facade, stock } = warehouse();
    facade.setRehearsed('stock', 1);
    await stock('sku-1');
    expect(calls.newStock).toBe(0);
    await clock.advance(0);
    expect(calls.newStock).toBe(1);
  });

  test('a mismatch is recorded with both answers and changes nothing for the caller', async () => {
    const { clock, events, facade, modern, stock } = warehouse();
    facade.setRehearsed('stock', 1);
    modern.stock = async (sku) => ({ sku, onHand: 4 });
    expect(await stock('sku-1')).toEqual({ sku: 'sku-1', onHand: 5 });
    await clock.advance(0);
    expect(events.at(-1)).toEqual({
      type: 'compared', slice: 'stock', key: 'sku-1', verdict: 'mismatch', durationMs: 0, legacy: { sku: 'sku-1', onHand: 5 }, modern: { sku: 'sku-1', onHand: 4 },
    });
  });

  test('a write is rehearsed with its dry run, never with the write itself', async () => {
    const { calls, clock, facade, reserve } = warehouse();
    facade.setRehearsed('reserve', 1);
    expect(await reserve({ sku: 'sku-1', quantity: 2 })).toBe('old sku-1');
    await clock.advance(0);
    expect(calls).toMatchObject({ oldReserve: 1, newReserve: 0, rehearsedReserve: 1 });
    expect(facade.verdicts('reserve').match).toBe(1);
  });

  test('a write without a dry run is not rehearsed', async () => {
    const { clock, facade } = warehouse();
    let written = 0;
    const dispatch = facade.slice<string, string>({ name: 'dispatch', cohort: 'shipping', effect: 'write', keyOf: (id) => id, legacy: async () => 'ok', modern: async () => `${written++}` });
    facade.setRehearsed('dispatch', 1);
    await dispatch('parcel-1');
    await clock.advance(0);
    expect([written, facade.verdicts('dispatch')]).toEqual([0, { match: 0, mismatch: 0, failed: 0, skipped: 0 }]);
  });

  test('only the rehearsed share is rehearsed', async () => {
    const { calls, clock, facade, stock } = warehouse({ maxRehearsals: 1_000 });
    facade.setRehearsed('stock', 0.2);
    for (const sku of skus.slice(0, 1_000)) await stock(sku);
    await clock.advance(0);
    expect(calls.newStock).toBeGreaterThan(150);
    expect(calls.newStock).toBeLessThan(250);
  });

  test('known differences are left out of the comparison', async () => {
    const { clock, facade } = warehouse();
    const stock = facade.slice<string, Stock>({
      name: 'stock by dock', cohort: 'inventory', effect: 'read', fallBack: true, keyOf: (sku) => sku,
      legacy: async (sku) => ({ sku, onHand: 5, readAt: 1 }), modern: async (sku) => ({ sku, onHand: 5, readAt: 2 }),
      same: (legacy, modern) => legacy.onHand === modern.onHand,
    });
    facade.setRehearsed('stock by dock', 1);
    await stock('sku-1');
    await clock.advance(0);
    expect(facade.verdicts('stock by dock').match).toBe(1);
  });

  test('a rehearsal that throws harms nobody', async () => {
    const { clock, events, facade, modern, stock } = warehouse();
    facade.setRehearsed('stock', 1);
    modern.stock = () => { throw new Error('not built yet'); };
    expect(await stock('sku-1')).toEqual({ sku: 'sku-1', onHand: 5 });
    await clock.advance(0);
    expect(events.at(-1)).toMatchObject({ type: 'compared', verdict: 'failed', error: { message: 'not built yet' } });
  });

  test('a rehearsal that takes too long is told to stop, and a late answer does not count', async () => {
    const { clock, events, facade, modern, stock } = warehouse();
    facade.setRehearsed('stock', 1);
    let aborted = false;
    modern.stock = async (sku, signal) => {
      await clock.sleep(150);
      aborted = signal.aborted;
      return { sku, onHand: 5 };
    };
    await stock('sku-1');
    await clock.advance(150);
    expect(aborted).toBe(true);
    expect(events.at(-1)).toMatchObject({ verdict: 'failed', error: { name: 'RehearsalTimeoutError' } });
    expect(clock.pending).toBe(0);
  });

  test('a rehearsal that never ends has failed at its limit, and keeps its place', async () => {
    const { clock, facade, modern, stock } = warehouse({ maxRehearsals: 1 });
    facade.setRehearsed('stock', 1);
    modern.stock = () => new Promise(() => {});
    await stock('sku-1');
    await clock.advance(100);
    await stock('sku-2');
    await clock.advance(100);
    expect(facade.verdicts('stock')).toEqual({ match: 0, mismatch: 0, failed: 1, skipped: 1 });
    expect(clock.pending).toBe(0);
  });

  test('a rehearsal that obeys its limit has failed once', async () => {
    const { clock, facade, modern, stock } = warehouse();
    facade.setRehearsed('stock', 1);
    modern.stock = (_, signal) => clock.sleep(500, signal).then(() => ({ sku: '', onHand: 0 }));
    await stock('sku-1');
    await clock.advance(500);
    expect(facade.verdicts('stock')).toEqual({ match: 0, mismatch: 0, failed: 1, skipped: 0 });
  });

  test('rehearsals are bounded: what does not fit is skipped and counted', async () => {
    const { clock, facade, modern, stock } = warehouse({ maxRehearsals: 2 });
    facade.setRehearsed('stock', 1);
    modern.stock = async (sku) => {
      await clock.sleep(10);
      return { sku, onHand: 5 };
    };
    for (const sku of ['a', 'b', 'c', 'd']) await stock(sku);
    await clock.advance(10);
    await stock('e');
    await clock.advance(10);
    expect(facade.verdicts('stock')).toEqual({ match: 3, mismatch: 0, failed: 0, skipped: 2 });
  });

  test('the kill switch ends rehearsals too', async () => {
    const { calls, clock, facade, stock } = warehouse();
    facade.setRehearsed('stock', 1);
    facade.switchModern('off');
    await stock('sku-1');
    await clock.advance(0);
    expect(calls.newStock).toBe(0);
  });
});

describe('options', () => {
  test('a share that is no share is refused with its name, rule and value', () => {
    const { facade } = warehouse();
    expect(() => facade.setShare('inventory', 5)).toThrow("share of cohort 'inventory' must be a number from 0 to 1: current value is 5");
    expect(() => facade.setRehearsed('stock', Number.NaN)).toThrow("rehearsed share of slice 'stock' must be a number from 0 to 1: current value is NaN");
    expect(() => facade.setShare('stock', 1)).toThrow("cohort 'stock' is not registered: expected one of inventory");
    expect(() => facade.setRehearsed('stok', 1)).toThrow("slice 'stok' is not registered: expected one of stock, reserve");
  });

  test('limits that are no limits are refused', () => {
    expect(() => new StranglerFacade({ maxRehearsals: -1, rehearsalTimeoutMs: 1 })).toThrow('maxRehearsals must be an integer of 0 or more: current value is -1');
    expect(() => new StranglerFacade({ maxRehearsals: 1, rehearsalTimeoutMs: Infinity })).toThrow('rehearsalTimeoutMs must be a number of milliseconds above 0 and up to 2147483647: current value is Infinity');
    expect(() => new StranglerFacade({ maxRehearsals: 1, rehearsalTimeoutMs: 0 })).toThrow('current value is 0');
  });

  test('one name means one slice', () => {
    const { facade } = warehouse();
    expect(() => facade.slice<string, string>({ name: 'stock', cohort: 'x', effect: 'write', keyOf: (id) => id, legacy: async () => '', modern: async () => '' })).toThrow("slice 'stock' is registered twice");
  });

  test('clock and event hook are optional', async () => {
    const facade = new StranglerFacade({ maxRehearsals: 1, rehearsalTimeoutMs: 1 });
    const echo = facade.slice<string, string>({ name: 'echo', cohort: 'x', effect: 'read', fallBack: false, keyOf: (id) => id, legacy: async (id) => id, modern: async (id) => id });
    expect(await echo('a')).toBe('a');
  });
});
