import { PGlite } from '@electric-sql/pglite';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import type { QueueStore, Taken } from './contract.ts';
import { MemoryQueue } from './memory-queue.ts';
import { PostgresQueue, backlogSchema } from './postgres-queue.ts';

// A real PostgreSQL with one session; its clock follows Date.now, so both stores live on the same virtual time.
let postgres: PGlite;
let clock: VirtualClock;
let stores: [name: string, store: QueueStore<string>][];
beforeAll(async () => {
  postgres = await PGlite.create();
  // The statement has to ask for the order: without an index there is none by chance.
  await postgres.exec(`${backlogSchema} set enable_indexscan = off; set enable_bitmapscan = off;`);
}, 120_000);
afterAll(() => postgres.close());
beforeEach(async () => {
  clock = new VirtualClock();
  vi.spyOn(Date, 'now').mockImplementation(() => Date.parse('2030-01-01T00:00:00Z') + clock.now());
  await postgres.exec('truncate backlog');
  const query = async <Row>(text: string, parameters: readonly unknown[]): Promise<Row[]> => (await postgres.query<Row>(text, [...parameters])).rows;
  stores = [['memory', new MemoryQueue(clock)], ['PostgreSQL', new PostgresQueue({ query })]];
});
afterEach(() => vi.restoreAllMocks());

async function taken(store: QueueStore<string>, leaseMs = 1_000): Promise<Taken<string>> {
  const found = await store.take(leaseMs);
  if (found === undefined) throw new Error('nothing to take');
  return found;
}

test('gives out the oldest first, with its body, its age and the number of the delivery', async () => {
  for (const [name, store] of stores) {
    await store.put(`${name} 1`, 'one', 10);
    await clock.advance(300);
    await store.put(`${name} 2`, 'two', 10);
    await clock.advance(200);
    expect(await store.take(1_000), name).toEqual({ id: `${name} 1`, body: 'one', deliveries: 1, ageMs: 500 });
    expect(await store.take(1_000), name).toEqual({ id: `${name} 2`, body: 'two', deliveries: 1, ageMs: 200 });
    expect(await store.take(1_000), name).toBeUndefined();
  }
});

test('has as many places as it is told, and what is in hand still takes one', async () => {
  for (const [name, store] of stores) {
    expect([await store.put('a', 'x', 2), await store.put('b', 'x', 2), await store.put('c', 'x', 2)], name).toEqual(['stored', 'stored', 'full']);
    const first = await taken(store);
    expect(await store.put('c', 'x', 2), name).toBe('full');
    await store.remove(first);
    expect(await store.put('c', 'x', 2), name).toBe('stored');
  }
});

test('an id that waits is not stored again, not even when there is no place, and keeps its body', async () => {
  for (const [name, store] of stores) {
    await store.put('a', 'first', 1);
    expect(await store.put('a', 'second', 1), name).toBe('known');
    expect((await taken(store)).body, name).toBe('first');
    expect((await store.backlog()).waiting, name).toBe(1);
  }
});

test('an id that was in the way is known, and not "full", although its message is done a moment later', async () => {
  const query = async <Row>(text: string, parameters: readonly unknown[]): Promise<Row[]> => {
    const { rows } = await postgres.query<Row>(text, [...parameters]);
    await postgres.exec('delete from backlog');
    return rows;
  };
  await stores[1]?.[1].put('a', 'x', 10);
  expect(await new PostgresQueue<string>({ query }).put('a', 'x', 10)).toBe('known');
});

test('what a worker died of is free again when its lease is over, and not before', async () => {
  for (const [name, store] of stores) {
    await store.put('a', 'x', 10);
    await taken(store, 1_000);
    await clock.advance(999);
    expect(await store.take(1_000), name).toBeUndefined();
    await clock.advance(1);
    expect(await taken(store), name).toMatchObject({ id: 'a', deliveries: 2, ageMs: 1_000 });
  }
});

test('a worker that lost its lease can neither finish, give back nor set aside what another has', async () => {
  for (const [name, store] of stores) {
    await store.put('a', 'x', 10);
    const late = await taken(store, 100);
    await clock.advance(100);
    const current = await taken(store, 10_000);
    expect([await store.remove(late), await store.giveBack(late, 0), await store.setAside(late, 'late')], name).toEqual([false, false, false]);
    expect(await store.take(1_000), name).toBeUndefined();
    expect([await store.remove(current), await store.remove(current)], name).toEqual([true, false]);
  }
});

test('what is given back waits for its delay, and others pass', async () => {
  for (const [name, store] of stores) {
    await store.put('a', 'x', 10);
    await clock.advance(1);
    await store.put('b', 'x', 10);
    expect(await store.giveBack(await taken(store), 500), name).toBe(true);
    const second = await taken(store);
    expect(second.id, name).toBe('b');
    await store.remove(second);
    await clock.advance(499);
    expect(await store.take(1_000), name).toBeUndefined();
    await clock.advance(1);
    expect(await taken(store), name).toMatchObject({ id: 'a', deliveries: 2 });
  }
});

test('what is free again is still the oldest, and goes before younger ones', async () => {
  for (const [name, store] of stores) {
    for (const id of ['a', 'b', 'c']) {
      await store.put(id, 'x', 10);
      await clock.advance(1);
    }
    await store.giveBack(await taken(store), 0);
    expect((await taken(store)).id, name).toBe('a');
    expect((await taken(store)).id, name).toBe('b');
  }
});

test('what is set aside is not delivered, takes no place, has no age, and is still known', async () => {
  for (const [name, store] of stores) {
    await store.put('a', 'x', 1);
    const first = await taken(store);
    expect(await store.setAside(first, 'no such product'), name).toBe(true);
    await clock.advance(60_000);
    expect(await store.take(1_000), name).toBeUndefined();
    expect(await store.backlog(), name).toEqual({ waiting: 0, oldestMs: 0 });
    expect([await store.put('a', 'x', 1), await store.put('b', 'x', 1)], name).toEqual(['known', 'stored']);
    expect([await store.remove(first), await store.giveBack(first, 0), await store.setAside(first, 'again')], name).toEqual([false, false, false]);
  }
  expect((stores[0]?.[1] as MemoryQueue<string>).reasons).toEqual(new Map([['a', 'no such product']]));
  expect((await postgres.query("select set_aside from backlog where id = 'a'")).rows).toEqual([{ set_aside: 'no such product' }]);
});

test('the backlog counts what is not done, in hand or not, and its age is that of the oldest', async () => {
  for (const [name, store] of stores) {
    expect(await store.backlog(), name).toEqual({ waiting: 0, oldestMs: 0 });
    await store.put('a', 'x', 10);
    await clock.advance(700);
    await store.put('b', 'x', 10);
    const first = await taken(store, 60_000);
    await clock.advance(300);
    expect(await store.backlog(), name).toEqual({ waiting: 2, oldestMs: 1_000 });
    await store.remove(first);
    expect(await store.backlog(), name).toEqual({ waiting: 1, oldestMs: 300 });
  }
});
