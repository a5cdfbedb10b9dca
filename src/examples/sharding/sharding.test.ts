import { describe, expect, test, vi } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { hashOf, placeSlots, slotOf } from './placement.ts';
import { MemoryShard } from './shard.ts';
import type { Row, ShardStore } from './shard.ts';
import { Router, SlotFrozenError, WrongShardError } from './sharding.ts';

const slots = 64;
const keys = Array.from({ length: 2_000 }, (_, at) => `customer-${at}`);

/** Rows of all slots that the shard serves. */
async function rowsOf(shard: MemoryShard): Promise<Row[]> {
  const rows: Row[] = [];
  for (let slot = 0; slot < slots; slot++) rows.push(...await shard.scan([slot], () => true).catch(() => []));
  return rows;
}

/** Three shards; each call of `slow` takes 5 ms, before and after its step. */
function setUp({ breaks }: { breaks?: (call: string, shard: string) => boolean } = {}) {
  const clock = new VirtualClock();
  const owners = placeSlots(slots, ['a', 'b', 'c']);
  const memory = ['a', 'b', 'c', 'd'].map((name) => new MemoryShard(name, owners.flatMap((owner, slot) => owner === name ? [slot] : [])));
  const shards = new Map<string, ShardStore>(memory.map((shard) => [shard.name, new Proxy<ShardStore>(shard, {
    get: (_, call: keyof ShardStore) => async (...args: unknown[]) => {
      await clock.sleep(5);
      if (breaks?.(call, shard.name)) throw new Error(`${shard.name} is down`);
      const answer = await (shard[call] as (...given: unknown[]) => Promise<unknown>)(...args);
      await clock.sleep(5);
      return answer;
    },
  })]));
  let reads = 0;
  const map = {
    read: async () => { reads += 1; return [...owners]; },
    assign: async (slot: number, shard: string) => { await clock.sleep(5); owners[slot] = shard; },
  };
  const router = () => new Router({ shards, map, clock });
  const settle = async <Result>(promise: Promise<Result>, ms = 60_000): Promise<Result> => {
    const outcome = promise.then((value) => ({ value }), (error: unknown) => ({ error }));
    await clock.advance(ms);
    const ended = await outcome;
    if ('error' in ended) throw ended.error;
    return ended.value;
  };
  return { clock, owners, memory, shards, map, router, settle, reads: () => reads };
}

describe('placement', () => {
  test('a key has the same slot in every process and version', () => {
    expect(['', 'customer-1', 'customer-2', 'Łódź', '🍵'].map((key) => slotOf(key, 16_384))).toMatchInlineSnapshot(`
      [
        15371,
        1768,
        1398,
        4665,
        9877,
      ]
    `);
  });

  test('hashes are never negative, and spread over slots and shards', () => {
    expect(keys.every((key) => hashOf(key) >= 0 && hashOf(key) < 2 ** 32)).toBe(true);
    const counts = new Map<number, number>();
    for (const key of keys) counts.set(slotOf(key, 16), (counts.get(slotOf(key, 16)) ?? 0) + 1);
    expect(counts.size).toBe(16);
    expect(Math.max(...counts.values()) / Math.min(...counts.values())).toBeLessThan(1.6);
    const owned = Object.groupBy(placeSlots(1_024, ['a', 'b', 'c', 'd']), (shard) => shard);
    for (const shard of ['a', 'b', 'c', 'd']) expect(Math.abs((owned[shard]?.length ?? 0) - 256)).toBeLessThan(60);
  });

  test('a fifth shard takes about a fifth of the slots, and none moves between the others', () => {
    const [before, after] = [placeSlots(1_024, ['a', 'b', 'c', 'd']), placeSlots(1_024, ['a', 'b', 'c', 'd', 'e'])];
    const moved = after.filter((shard, slot) => shard !== before[slot]);
    expect(moved.every((shard) => shard === 'e')).toBe(true);
    expect(moved.length / 1_024).toBeGreaterThan(0.15);
    expect(moved.length / 1_024).toBeLessThan(0.25);
  });

  test('by the hash modulo the number of shards, a fifth shard would move four of five keys', () => {
    const moved = keys.filter((key) => hashOf(key) % 4 !== hashOf(key) % 5);
    expect(moved.length / keys.length).toBeGreaterThan(0.75);
  });

  test('without shards nothing can be placed', () => {
    expect(() => placeSlots(4, [])).toThrow(new RangeError('shards must not be empty'));
  });
});

describe('routing', () => {
  test('what was written is read, by another router too, and each row is on one shard', async () => {
    const { router, settle, memory } = setUp();
    const writer = router();
    await settle(Promise.all(keys.map((key) => writer.put(key, `of ${key}`))));
    expect(await settle(router().get('customer-7'))).toBe('of customer-7');
    const sizes = await Promise.all(memory.map(async (shard) => (await rowsOf(shard)).length));
    expect(sizes.reduce((sum, size) => sum + size)).toBe(2_000);
    expect(Math.min(...sizes.slice(0, 3))).toBeGreaterThan(300);
    expect(await settle(writer.scatter(([key]) => key.endsWith('00')))).toHaveLength(19);
  });

  test('a question to all shards fails when one does, instead of leaving its rows out', async () => {
    const { router, settle } = setUp({ breaks: (call, shard) => call === 'scan' && shard === 'b' });
    await expect(settle(router().scatter(() => true))).rejects.toEqual(new Error('b is down'));
  });

  test('an error of the shard is not repeated', async () => {
    const { router, settle, reads } = setUp({ breaks: (call) => call === 'put' });
    await expect(settle(router().put('customer-1', 'x'))).rejects.toThrow('is down');
    expect(reads()).toBe(1);
  });

  test('a router with an old map is told by the shard, and finds the new one', async () => {
    const { router, settle, owners, memory } = setUp();
    const old = router();
    await settle(old.put('customer-1', 'before'));
    const slot = slotOf('customer-1', slots);
    const former = memory.find(({ name }) => name === owners[slot])!;
    await settle(router().move(slot, 'd'));
    await expect(former.put(slot, 'customer-1', 'lost')).rejects.toEqual(new WrongShardError(former.name, slot));
    await settle(old.put('customer-1', 'after'));
    expect(await memory[3]!.get(slot, 'customer-1')).toBe('after');
  });

  test('waits for a slot that is frozen, but not for ever, and can be told to stop', async () => {
    const { router, settle, owners, shards, clock } = setUp();
    const slot = slotOf('customer-1', slots);
    await settle(shards.get(owners[slot]!)!.freeze(slot));
    await expect(settle(router().put('customer-1', 'x'))).rejects.toBeInstanceOf(SlotFrozenError);
    const stop = new AbortController();
    const stopped = router().put('customer-1', 'x', stop.signal).catch((reason: unknown) => reason);
    await clock.advance(30);
    stop.abort('gone');
    await clock.advance(30);
    expect(await stopped).toBe('gone');
    await settle(shards.get(owners[slot]!)!.thaw(slot));
    await settle(router().put('customer-1', 'x'));
  });

  test('a map that names a shard that is not there is an error, not an empty answer', async () => {
    const { router, settle, owners } = setUp();
    owners.fill('z');
    await expect(settle(router().get('customer-1'))).rejects.toEqual(new RangeError("no shard is called 'z'"));
  });

  test('refuses options that make no sense', () => {
    const { shards, map } = setUp();
    expect(() => new Router({ shards, map, mostTries: 0 })).toThrow(new RangeError('mostTries must be at least 1: current value is 0'));
    expect(() => new Router({ shards, map, pauseMs: Number.NaN })).toThrow('pauseMs must be at least 1: current value is NaN');
  });
});

describe('a move', () => {
  /** Keys of one slot. */
  const inSlot = (slot: number, count: number) => Array.from({ length: 100_000 }, (_, at) => `order-${at}`).filter((key) => slotOf(key, slots) === slot).slice(0, count);
  const slot = 5;

  test('loses no write that was confirmed, however many go on meanwhile', async () => {
    const { router, clock, owners, memory } = setUp();
    const writers = [router(), router()];
    const own = inSlot(slot, 300);
    const confirmed = new Map<string, string>();
    for (const key of own) { const put = writers[0]!.put(key, 'first'); await clock.advance(20); await put; confirmed.set(key, 'first'); }
    const load = vi.spyOn(memory[3]!, 'load');
    const moved = router().move(slot, 'd', 20);
    let write = 0;
    const waiting: Promise<void>[] = [];
    for (let step = 0; step < 300; step++) {
      const key = own[(step * 7) % 300]!; // each once: a lost write is not covered by a later one
      const value = `write ${write++}`;
      waiting.push(writers[step % 2]!.put(key, value).then(() => { confirmed.set(key, value); }));
      await clock.advance(3);
    }
    await clock.advance(10_000);
    await Promise.all([moved, ...waiting]);
    expect(owners[slot]).toBe('d');
    expect(load.mock.lastCall![1].length).toBeLessThan(20); // the slot is refused for less than a batch
    const rows = new Map(await rowsOf(memory[3]!));
    expect(rows.size).toBe(300);
    for (const key of own) expect(rows.get(key)).toBe(confirmed.get(key));
    expect((await rowsOf(memory.find(({ name }) => name === placeSlots(slots, ['a', 'b', 'c'])[slot])!)).filter(([key]) => own.includes(key))).toEqual([]);
  });

  test('that fails on its way changes nothing, and the next one succeeds', async () => {
    for (const broken of ['copy', 'load', 'changed', 'freeze'] as const) {
      let isBroken = true;
      const { router, settle, owners, memory } = setUp({ breaks: (call) => isBroken && call === broken });
      const own = inSlot(slot, 30);
      const former = owners[slot]!;
      const writer = router();
      await settle(Promise.all(own.map((key) => writer.put(key, 'first'))));
      await expect(settle(writer.move(slot, 'd', 10))).rejects.toThrow('is down');
      expect(owners[slot]).toBe(former);
      await settle(writer.put(own[0]!, 'second'));
      isBroken = false;
      await settle(writer.move(slot, 'd', 10));
      expect(new Map(await rowsOf(memory[3]!)).get(own[0]!)).toBe('second');
    }
  });

  test('that fails while the slot is frozen lets the writers go on', async () => {
    let isFrozen = false;
    const { router, settle, owners } = setUp({ breaks: (call) => { isFrozen ||= call === 'freeze'; return isFrozen && call === 'load'; } });
    const writer = router();
    const former = owners[slot];
    await settle(writer.put(inSlot(slot, 1)[0]!, 'first'));
    await expect(settle(writer.move(slot, 'd'))).rejects.toThrow('is down');
    await settle(writer.put(inSlot(slot, 1)[0]!, 'second'));
    expect(owners[slot]).toBe(former);
  });

  test('in batches of one copies each row once', async () => {
    const { router, settle, memory } = setUp();
    const writer = router();
    await settle(Promise.all(inSlot(slot, 5).map((key) => writer.put(key, 'x'))));
    await settle(writer.move(slot, 'd', 1));
    expect((await rowsOf(memory[3]!)).map(([key]) => key).sort()).toEqual(inSlot(slot, 5).sort());
  });

  test('whose last answer is lost leaves two owners of which only one is asked and written to', async () => {
    const { router, settle, owners } = setUp({ breaks: (call) => call === 'drop' });
    const own = inSlot(slot, 3);
    const writer = router();
    await settle(writer.put(own[0]!, 'first'));
    await expect(settle(writer.move(slot, 'd'))).rejects.toThrow('is down');
    expect(owners[slot]).toBe('d');
    await settle(writer.put(own[0]!, 'second')); // the old owner is frozen, so nobody reads or writes there
    expect(await settle(router().get(own[0]!))).toBe('second');
    expect(await settle(writer.scatter(() => true))).toEqual([[own[0], 'second']]);
  });

  test('back to a shard that never dropped the slot makes it serve again', async () => {
    let isBroken = true;
    const { router, settle, owners } = setUp({ breaks: (call) => isBroken && call === 'drop' });
    const former = owners[slot]!;
    const writer = router();
    await expect(settle(writer.move(slot, 'd'))).rejects.toThrow('is down');
    isBroken = false;
    await settle(writer.move(slot, former));
    await settle(writer.put(inSlot(slot, 1)[0]!, 'x'));
    expect(owners[slot]).toBe(former);
  });

  test('that broke off before the map was changed is ended by the next one', async () => {
    const { router, settle, owners, map } = setUp();
    const assign = map.assign;
    const writer = router();
    await settle(writer.put(inSlot(slot, 1)[0]!, 'first'));
    map.assign = () => Promise.reject(new Error('no map'));
    await expect(settle(writer.move(slot, 'd'))).rejects.toThrow('no map');
    await expect(settle(writer.get(inSlot(slot, 1)[0]!))).rejects.toBeInstanceOf(SlotFrozenError); // refused, not wrong
    map.assign = assign;
    await settle(writer.move(slot, 'd'));
    expect(owners[slot]).toBe('d');
    expect(await settle(writer.get(inSlot(slot, 1)[0]!))).toBe('first');
  });

  test('tells both errors when the slot cannot be thawed', async () => {
    const { router, settle } = setUp({ breaks: (call) => call === 'load' || call === 'thaw' });
    const error = await settle(router().move(slot, 'd')).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AggregateError);
    expect((error as AggregateError).errors).toEqual([new Error('d is down'), expect.objectContaining({ message: expect.stringContaining('is down') })]);
  });

  test('takes the row with an empty key along', async () => {
    const { router, settle } = setUp();
    const writer = router();
    await settle(writer.put('', 'x'));
    await settle(writer.move(slotOf('', slots), 'd', 1));
    expect(await settle(writer.get(''))).toBe('x');
  });

  test('shows each row once to questions that all shards answer, and never an older one than was confirmed', async () => {
    for (const to of ['a', 'b', 'c', 'd']) {
      const { router, clock, shards, map, settle } = setUp();
      const [writer, readers] = [router(), Array.from({ length: 40 }, () => router())];
      const own = inSlot(slot, 30);
      await settle(Promise.all(own.map((key) => writer.put(key, '0'))));
      await settle(Promise.all(readers.map((reader) => reader.get(own[0]!)))); // each has the map of now
      let confirmed = 0;
      const questions: Promise<void>[] = [];
      const ask = (reader: Router): void => {
        const least = confirmed;
        questions.push(reader.scatter(() => true).then((rows) => {
          expect(rows.map(([key]) => key).sort()).toEqual([...own].sort());
          expect(Number(new Map(rows).get(own[0]!))).toBeGreaterThanOrEqual(least);
        }), reader.get(own[0]!).then((value) => { expect(Number(value)).toBeGreaterThanOrEqual(least); }));
      };
      // The last step of the move is slow, so old maps point to the old owner for long.
      const slow = new Map([...shards].map(([name, shard]) => [name, new Proxy(shard, {
        get: (_, call: keyof ShardStore) => async (...args: unknown[]) => {
          if (call === 'drop') await clock.sleep(100);
          return (shard[call] as (...given: unknown[]) => Promise<unknown>)(...args);
        },
      })]));
      const moved = new Router({ shards: slow, map, clock }).move(slot, to, 10);
      let write = 0;
      let pending: Promise<void> | undefined;
      for (const reader of readers) {
        pending ??= writer.put(own[0]!, String(write += 1)).then(() => { confirmed = write; pending = undefined; });
        ask(reader);
        await clock.advance(7);
      }
      await clock.advance(10_000);
      await Promise.all([moved, ...questions]);
    }
  });

  test('asks for changes of a slot only if it copies it', async () => {
    const { memory, owners } = setUp();
    await memory.find(({ name }) => name === owners[slot])!.put(slot, 'order-1', 'x');
    expect(await memory.find(({ name }) => name === owners[slot])!.changed(slot)).toEqual([]);
  });

  test('to where the slot is already does nothing', async () => {
    const { router, settle, owners } = setUp({ breaks: () => true });
    await settle(router().move(slot, owners[slot]!));
  });

  test('of a slot that is written faster than it is copied ends all the same', async () => {
    const { router, clock, settle, owners } = setUp();
    const own = inSlot(slot, 40);
    const writer = router();
    await settle(Promise.all(own.map((key) => writer.put(key, 'first'))));
    const moved = router().move(slot, 'd', 2);
    for (let step = 0; step < 300; step++) {
      for (const key of own.slice(0, 5)) void writer.put(key, `${step}`);
      await clock.advance(5);
      if (step === 270) expect(owners[slot]).toBe('d'); // while the writes go on
    }
    await clock.advance(5_000);
    await moved;
    expect(owners[slot]).toBe('d');
  });
});
