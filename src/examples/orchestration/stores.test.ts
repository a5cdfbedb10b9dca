import { PGlite } from '@electric-sql/pglite';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import type { CaseDesk, CaseStore, Claim, Entry, Send } from './contract.ts';
import { fulfilOrder } from './fulfil-order.ts';
import { MemoryDesk } from './memory-desk.ts';
import { Orchestrator } from './orchestration.ts';
import { PostgresStore, caseSchema } from './postgres-store.ts';

// A real PostgreSQL with one session; its clock follows Date.now, so both stores live on the same virtual time.
let postgres: PGlite;
let clock: VirtualClock;
let stores: [name: string, store: CaseStore & CaseDesk][];
beforeAll(async () => {
  postgres = await PGlite.create();
  await postgres.exec(caseSchema);
}, 120_000);
afterAll(() => postgres.close());
beforeEach(async () => {
  clock = new VirtualClock();
  vi.spyOn(Date, 'now').mockImplementation(() => Date.parse('2030-01-01T00:00:00Z') + clock.now());
  await postgres.exec('truncate process_case cascade');
  const query = async <Row>(text: string, parameters: readonly unknown[]): Promise<Row[]> => (await postgres.query<Row>(text, [...parameters])).rows;
  stores = [['memory', new MemoryDesk(clock)], ['PostgreSQL', new PostgresStore({ query })]];
});
afterEach(() => vi.restoreAllMocks());

const flows = ['order/1', 'order/2'];
async function claimed(store: CaseStore, leaseMs = 1_000): Promise<Claim> {
  const claim = await store.claim(flows, leaseMs);
  if (claim === undefined) throw new Error('nothing to claim');
  return claim;
}
const sent: Omit<Entry, 'leftMs'> = { kind: 'step', name: 'charge', state: 'sent', attempts: 1, value: null };

test('a case is created once, and claimed with its input', async () => {
  for (const [name, store] of stores) {
    expect([await store.create('o1', 'order/1', { item: 'kettle' }), await store.create('o1', 'order/2', {})], name).toEqual([true, false]);
    expect(await claimed(store), name).toEqual({ id: 'o1', definition: 'order/1', input: { item: 'kettle' }, fence: 1, wakes: 0, log: [] });
  }
});

test('gives out what is due longest, of the definitions that are asked for', async () => {
  for (const [name, store] of stores) {
    for (const [id, definition] of [['a', 'order/9'], ['b', 'order/2'], ['c', 'order/1']] as const) {
      await store.create(`${name} ${id}`, definition, null);
      await clock.advance(1);
    }
    expect([(await claimed(store)).id, (await claimed(store)).id, await store.claim(flows, 1_000)], name).toEqual([`${name} b`, `${name} c`, undefined]);
  }
});

test('what an instance died with is free when its lease is over, and then the first one can write nothing', async () => {
  for (const [name, store] of stores) {
    await store.create('o1', 'order/1', null);
    const first = await claimed(store, 1_000);
    await clock.advance(999);
    expect(await store.claim(flows, 1_000), name).toBeUndefined();
    await clock.advance(1);
    const second = await claimed(store);
    expect([await store.write(first, 0, sent, 1_000), await store.rest(first, 0, ''), await store.close(first, 'ended', '')], name).toEqual([false, false, false]);
    expect([await store.write(second, 0, sent, 1_000), await store.rest(second, 0, '')], name).toEqual([true, true]);
    expect((await claimed(store)).log.map(({ name: step }) => step), name).toEqual(['charge']);
  }
});

test('a claim that was given back is over, although nobody has taken the case since', async () => {
  for (const [name, store] of stores) {
    await store.create('o1', 'order/1', null);
    const claim = await claimed(store);
    await store.rest(claim, 500, '');
    expect([await store.write(claim, 0, sent, 1_000), await store.rest(claim, 0, ''), await store.close(claim, 'ended', '')], name).toEqual([false, false, false]);
  }
});

test('writing renews the lease', async () => {
  for (const [name, store] of stores) {
    await store.create('o1', 'order/1', null);
    const claim = await claimed(store, 1_000);
    await clock.advance(900);
    await store.write(claim, 0, sent, 1_000);
    await clock.advance(999);
    expect(await store.claim(flows, 1_000), name).toBeUndefined();
    await clock.advance(1);
    expect((await claimed(store)).fence, name).toBe(2);
  }
});

test('an entry keeps its place and its deadline, and what is left of it is counted by the store', async () => {
  for (const [name, store] of stores) {
    await store.create('o1', 'order/1', null);
    const claim = await claimed(store);
    await store.write(claim, 0, { ...sent, state: 'done', value: { receipt: 7 } }, 10_000);
    await store.write(claim, 1, { kind: 'wait', name: 'answer', state: 'waiting', attempts: 0, value: null, withinMs: 5_000 }, 10_000);
    await store.rest(claim, 1_000, 'waits');
    await clock.advance(2_000);
    const second = await claimed(store);
    expect(second.log.map(({ leftMs, ...entry }) => entry), name).toEqual([{ ...sent, state: 'done', value: { receipt: 7 } }, { kind: 'wait', name: 'answer', state: 'waiting', attempts: 0, value: null }]);
    expect(Math.round(second.log[1]!.leftMs), name).toBe(3_000);
    await store.write(second, 1, { kind: 'wait', name: 'answer', state: 'expired', attempts: 0, value: null }, 10_000);
    await store.rest(second, 0, '');
    const { state, leftMs } = (await claimed(store)).log[1]!;
    expect([state, Math.round(leftMs)], name).toEqual(['expired', 3_000]);
  }
});

test('a case rests until its time, or until a message comes', async () => {
  for (const [name, store] of stores) {
    await store.create('o1', 'order/1', null);
    await store.rest(await claimed(store), 5_000, 'waits');
    await clock.advance(4_999);
    expect(await store.claim(flows, 1_000), name).toBeUndefined();
    expect(await store.deliver('o1', 'picked', { by: 'Ann' }), name).toBe(true);
    const claim = await claimed(store);
    expect([claim.wakes, await store.message('o1', 'picked'), await store.message('o1', 'other')], name).toEqual([1, { value: { by: 'Ann' } }, undefined]);
    await store.rest(claim, 5_000, '');
    await clock.advance(5_000);
    expect((await claimed(store)).id, name).toBe('o1');
  }
});

test('a message that comes while the case is in hand does not take it away, and is not slept through', async () => {
  for (const [name, store] of stores) {
    await store.create('o1', 'order/1', null);
    const claim = await claimed(store);
    await clock.advance(10);
    await store.deliver('o1', 'picked', null);
    expect(await store.claim(flows, 1_000), name).toBeUndefined();
    await store.rest(claim, 3_600_000, 'waits for picked');
    expect((await claimed(store)).wakes, name).toBe(1);
  }
});

test('the first message of a name counts, also one that comes before anybody waits; an ended case takes none', async () => {
  for (const [name, store] of stores) {
    await store.create('o1', 'order/1', null);
    expect([await store.deliver('o1', 'picked', 1), await store.deliver('o1', 'picked', 2), await store.deliver('o9', 'picked', 1)], name).toEqual([true, false, false]);
    expect(await store.message('o1', 'picked'), name).toEqual({ value: 1 });
    const claim = await claimed(store);
    expect(claim.wakes, name).toBe(1);
    await store.close(claim, 'ended', '');
    expect([await store.deliver('o1', 'other', 1), await store.claim(flows, 1_000)], name).toEqual([false, undefined]);
  }
});

test('a parked case waits for a person; resumed, its last step begins anew if it had given up', async () => {
  for (const [name, store] of stores) {
    await store.create('o1', 'order/1', null);
    let claim = await claimed(store);
    await store.write(claim, 0, { ...sent, name: 'reserve', state: 'done' }, 1_000);
    await store.write(claim, 1, { ...sent, state: 'gave up', attempts: 5 }, 1_000);
    await store.close(claim, 'parked', 'charge: down');
    await clock.advance(60_000);
    expect([await store.claim(flows, 1_000), await store.resume('o9'), await store.resume('o1'), await store.resume('o1')], name).toEqual([undefined, false, true, false]);
    claim = await claimed(store);
    expect(claim.log.map(({ name: step }) => step), name).toEqual(['reserve']);
    await store.close(claim, 'parked', 'the flow has changed');
    await store.resume('o1');
    expect((await claimed(store)).log.map(({ name: step }) => step), name).toEqual(['reserve']);
  }
});

test('tells of each open case where it stands, the oldest first', async () => {
  for (const [name, store] of stores) {
    for (const id of ['a', 'b', 'c']) {
      await store.create(`${name} ${id}`, 'order/1', null);
      await clock.advance(100);
    }
    const [a, b] = [await claimed(store), await claimed(store)];
    await store.close(a, 'ended', '');
    await store.write(b, 0, sent, 1_000);
    await store.write(b, 1, { ...sent, name: 'dispatch' }, 1_000);
    await store.close(b, 'parked', 'dispatch: down');
    const open = await store.open(10);
    expect(open.map(({ ageMs, ...each }) => ({ ...each, ageMs: Math.round(ageMs) })), name).toEqual([
      { id: `${name} b`, definition: 'order/1', state: 'parked', at: 'dispatch', reason: 'dispatch: down', ageMs: 200 },
      { id: `${name} c`, definition: 'order/1', state: 'running', at: '', reason: '', ageMs: 100 },
    ]);
    expect(await store.open(1), name).toHaveLength(1);
  }
});

test('a flow survives its instance: the deadline stands, the log answers, and the next instance goes on', async () => {
  const hour = 3_600_000;
  for (const [name, store] of stores) {
    const sent: string[] = [];
    const shop = (): Send<unknown> => async (key) => void sent.push(key);
    const instance = () => new Orchestrator(store, { 'order/1': fulfilOrder(shop, hour) }, { clock });
    await instance().begin('o1', 'order/1', { item: 'kettle', totalCents: 4_200 });
    await instance().turn();
    await clock.advance(hour - 1);
    expect(await instance().turn(), name).toBe(false);
    await clock.advance(1);
    await instance().turn();
    await store.deliver('o1', 'picked', true);
    await instance().turn();
    expect([sent, await store.open(1)], name).toEqual([['o1/reserve', 'o1/charge', 'o1/ask the warehouse', 'o1/remind the warehouse', 'o1/dispatch'], []]);
  }
});

test('counts what is due and in nobody’s hands', async () => {
  const store = new MemoryDesk(clock);
  for (const id of ['a', 'b', 'c', 'd']) await store.create(id, 'order/1', null);
  await store.rest(await claimed(store), 500, '');
  await store.close(await claimed(store), 'parked', '');
  await claimed(store);
  expect(store.due).toBe(1);
  await clock.advance(500);
  expect(store.due).toBe(2);
});
