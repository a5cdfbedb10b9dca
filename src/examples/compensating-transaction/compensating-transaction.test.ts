import { PGlite } from '@electric-sql/pglite';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { TakenBackError, UndoLog, UndoTimeoutError, WorkOverError } from './compensating-transaction.ts';
import type { Database, Options, Undo, UndoEvent } from './compensating-transaction.ts';
import { OutOfStockError, capture, charge, giveBack, participantSchema, release, reserve } from './participants.ts';
import { undoSchema } from './schema.ts';
import { figures, forget, settle, unpark } from './upkeep.ts';

// A real PostgreSQL with one session; its now() follows Date.now, so deadlines, leases and pauses run on virtual time.
let postgres: PGlite;
let database: Database;
let nowMs: number;
beforeAll(async () => {
  postgres = await PGlite.create();
  await postgres.exec(`${undoSchema} ${participantSchema} create table outbox (work text primary key)`);
  database = {
    transaction: (work) => postgres.transaction((open) => work({
      query: async <Row>(text: string, parameters: readonly unknown[]) => (await open.query<Row>(text, [...parameters])).rows,
    })),
  };
}, 120_000);
afterAll(() => postgres.close());
beforeEach(async () => {
  nowMs = Date.parse('2030-01-01T00:00:00Z');
  vi.spyOn(Date, 'now').mockImplementation(() => nowMs);
  await refill();
});
afterEach(() => vi.restoreAllMocks());

const refill = () => postgres.exec("truncate work, undo_step, stock, reservation, payment, ledger, outbox; insert into stock values ('kettle', 5)");
const rows = async (text: string): Promise<unknown[]> => (await postgres.query(text)).rows;
const free = async (): Promise<number> => (await postgres.query<{ free: number }>('select free from stock')).rows[0]!.free;
const stateOf = async (work: string) => (await postgres.query<{ state: string; reason: string | null; trouble: string | null; attempts: number; due: number | null }>(
  "select state, reason, trouble, attempts, (extract(epoch from due_at - now()) * 1000)::integer as due from work where id = $1", [work])).rows[0];
const undos: Record<string, Undo> = {
  stock: ({ key }) => database.transaction((open) => release(open, key)),
  money: ({ key }) => database.transaction((open) => giveBack(open, key)),
};

/** An instance of the orders service. */
function instance({ data = database, known = undos, ...options }: Options & { data?: Database; known?: Record<string, Undo> } = {}) {
  const events: string[] = [];
  const log = new UndoLog(data, known, { random: () => 1, onEvent: ({ type, step }: UndoEvent) => void events.push(step === undefined ? type : `${type} ${step}`), ...options });
  const begin = (work: string, deadlineMs = 60_000) => data.transaction((open) => log.begin(open, work, deadlineMs));
  const takeStock = (work: string, pieces = 2) => log.step(work, 'stock', { pieces }, (key) => database.transaction((open) => reserve(open, key, 'kettle', pieces)));
  const takeMoney = (work: string) => log.step(work, 'money', {}, (key) => database.transaction((open) => charge(open, key, 'visa', 4_200)));
  const workAll = async (): Promise<void> => { while (await log.workOff()); };
  return { log, events, begin, takeStock, takeMoney, workAll };
}
async function both(work = 'o1', options: Parameters<typeof instance>[0] = {}) {
  const shop = instance(options);
  await shop.begin(work);
  await shop.takeStock(work);
  await shop.takeMoney(work);
  return shop;
}

test('what is finished and kept is left alone, however late it gets', async () => {
  const shop = await both();
  await shop.log.keep('o1');
  nowMs += 3_600_000;
  expect(await shop.log.workOff()).toBe(false);
  expect(await free()).toBe(3);
  expect(await rows('select state from payment')).toEqual([{ state: 'held' }]);
});

test('work is taken back newest step first, and each step under the key with which it was done', async () => {
  const seen: unknown[] = [];
  const known = { stock: async (command: unknown) => void seen.push(command), money: async (command: unknown) => void seen.push(command) };
  const shop = await both('o1', { known });
  expect(await shop.log.takeBack('o1', 'the carrier refused')).toBe(true);
  expect(await shop.log.takeBack('o1', 'again')).toBe(false);
  await shop.workAll();
  expect(seen).toEqual([{ key: 'o1/money', details: {} }, { key: 'o1/stock', details: { pieces: 2 } }]);
  expect(shop.events).toEqual(['turned', 'undone money', 'undone stock', 'finished']);
  expect(await stateOf('o1')).toEqual({ state: 'undone', reason: 'the carrier refused', trouble: null, attempts: 0, due: null });
});

test('a customer who changes their mind later gets everything back, until the work is sealed', async () => {
  const shop = await both();
  await shop.log.keep('o1');
  await shop.log.keep('o1');
  await database.transaction((open) => capture(open, 'o1/money'));
  nowMs += 86_400_000;
  expect(await shop.log.takeBack('o1', 'the customer cancelled')).toBe(true);
  await shop.workAll();
  expect(await free()).toBe(5);
  const late = await both('o2');
  await late.log.keep('o2');
  await late.log.seal('o2', (open) => open.query('insert into outbox values ($1)', ['o2']));
  expect(await late.log.takeBack('o2', 'the customer cancelled')).toBe(false);
  await late.workAll();
  expect(await free()).toBe(3);
  expect(await rows('select work from outbox')).toEqual([{ work: 'o2' }]);
});

test('what comes after the point of no return is written together with it, or not at all', async () => {
  const shop = await both();
  await expect(shop.log.seal('o1', () => Promise.reject(new Error('outbox full')))).rejects.toThrow('outbox full');
  expect((await stateOf('o1'))!.state).toBe('open');
  await shop.log.takeBack('o1', 'no mail');
  await expect(shop.log.seal('o1', (open) => open.query('insert into outbox values ($1)', ['o1']))).rejects.toThrow(WorkOverError);
  expect(await rows('select work from outbox')).toEqual([]);
});

test('a step that was refused, and one that nobody answered, are taken back like the others', async () => {
  const shop = instance();
  await shop.begin('o1');
  await expect(shop.takeStock('o1', 6)).rejects.toThrow(OutOfStockError);
  await expect(shop.log.step('o1', 'money', {}, () => Promise.reject(new Error('connection reset')))).rejects.toThrow('connection reset');
  await shop.log.takeBack('o1', 'out of stock');
  await shop.workAll();
  expect(await free()).toBe(5);
  expect(await rows('select cents, state from payment')).toEqual([{ cents: 0, state: 'voided' }]);
  // The command was only slow, and the other one was sent twice.
  await expect(database.transaction((open) => charge(open, 'o1/money', 'visa', 4_200))).rejects.toThrow(TakenBackError);
  await expect(database.transaction((open) => reserve(open, 'o1/stock', 'kettle', 2))).rejects.toThrow(TakenBackError);
  expect(await free()).toBe(5);
});

test('a step that arrives twice is done once, and taken back twice is given back once', async () => {
  const shop = await both();
  await shop.takeStock('o1');
  await shop.takeMoney('o1');
  expect(await free()).toBe(3);
  for (let time = 0; time < 2; time++) await database.transaction((open) => release(open, 'o1/stock'));
  expect(await free()).toBe(5);
  await expect(database.transaction((open) => reserve(open, 'o1/stock', 'kettle', 2))).rejects.toThrow(TakenBackError);
});

test('what others did in between stays; putting the old number back would undo it', async () => {
  const before = await free();
  await both('o1');
  const other = await both('o2');
  await other.log.keep('o2');
  await database.transaction((open) => release(open, 'o1/stock'));
  expect(await free()).toBe(before - 2);
  await postgres.query('update stock set free = $1', [before]);
  expect(await free()).toBe(5);
  expect(await rows("select sum(pieces)::integer as owed from reservation where released_at is null")).toEqual([{ owed: 2 }]);
});

test('money that is only held is let go; money that has moved is sent back once, and both lines stay', async () => {
  await both('o1');
  await both('o2');
  for (let time = 0; time < 2; time++) await database.transaction((open) => capture(open, 'o2/money'));
  for (const key of ['o1/money', 'o2/money', 'o2/money']) await database.transaction((open) => giveBack(open, key));
  expect(await rows('select key, state from payment order by key')).toEqual([{ key: 'o1/money', state: 'voided' }, { key: 'o2/money', state: 'refunded' }]);
  expect(await rows('select key, cents, what from ledger order by id')).toEqual([
    { key: 'o2/money', cents: 4_200, what: 'capture' }, { key: 'o2/money', cents: -4_200, what: 'refund' },
  ]);
  for (const key of ['o1/money', 'o2/money', 'never held']) await expect(database.transaction((open) => capture(open, key))).rejects.toThrow(TakenBackError);
  for (const key of ['o1/money', 'o2/money']) await expect(database.transaction((open) => charge(open, key, 'visa', 4_200))).rejects.toThrow(TakenBackError);
});

test('where only a person can decide, the work is parked at once, with its reason, and earlier steps wait', async () => {
  const shop = instance();
  await shop.begin('o1');
  await shop.takeMoney('o1');
  await shop.takeStock('o1');
  await postgres.query('update reservation set picked_at = now()');
  await shop.log.takeBack('o1', 'the customer cancelled');
  await shop.workAll();
  expect(shop.events).toEqual(['turned', 'parked stock']);
  expect(await stateOf('o1')).toMatchObject({ state: 'undoing', due: null, reason: 'the customer cancelled', trouble: 'stock: UndoRefusedError: the pieces are in the parcel already' });
  expect(await rows('select state from payment')).toEqual([{ state: 'held' }]);
  nowMs += 5_000;
  expect(await figures(database)).toEqual({ undoing: 1, parked: 1, oldestMs: 5_000 });
  await postgres.query('update reservation set picked_at = null');
  expect(await unpark(database, 'o1')).toBe(true);
  expect(await unpark(database, 'o1')).toBe(false);
  await shop.workAll();
  expect(await free()).toBe(5);
  expect(await rows('select state from payment')).toEqual([{ state: 'voided' }]);
  expect(await figures(database)).toEqual({ undoing: 0, parked: 0, oldestMs: 0 });
});

test('what a person has settled counts as taken back, and the steps before it go on', async () => {
  const shop = instance();
  await shop.begin('o1');
  await shop.takeMoney('o1');
  await shop.takeStock('o1');
  await postgres.query('update reservation set picked_at = now()');
  expect(await settle(database, 'o1', 'stock', 'not parked')).toBe(false);
  await shop.log.takeBack('o1', 'the customer cancelled');
  await shop.workAll();
  expect(await settle(database, 'o1', 'mail', 'no such step')).toBe(false);
  expect(await settle(database, 'o1', 'stock', 'return label sent')).toBe(true);
  expect(await settle(database, 'o1', 'stock', 'again')).toBe(false);
  await shop.workAll();
  expect(shop.events).toEqual(['turned', 'parked stock', 'undone money', 'finished']);
  expect(await rows('select state from payment')).toEqual([{ state: 'voided' }]);
  expect(await free()).toBe(3);
  expect(await rows('select step, settled from undo_step order by position')).toEqual([{ step: 'money', settled: null }, { step: 'stock', settled: 'return label sent' }]);
  const second = await both('o2');
  await postgres.query("update reservation set picked_at = now() where key = 'o2/stock'");
  await second.log.takeBack('o2', 'the customer cancelled');
  await second.workAll();
  expect(await settle(database, 'o2', 'money', 'taken back already')).toBe(false);
});

test('an undo that fails is repeated with growing pauses, then parked; success starts the count anew', async () => {
  let failures = 2;
  const known = { money: async () => { if (failures-- > 0) throw new Error('payments is down'); }, stock: () => Promise.reject(new Error('inventory is down')) };
  const shop = await both('o1', { known, maxAttempts: 4, firstRetryMs: 500, longestRetryMs: 1_500 });
  await shop.log.takeBack('o1', 'no carrier');
  const pauses: (number | null)[] = [];
  for (let turn = 0; turn < 6; turn++) {
    await shop.log.workOff();
    const { due } = (await stateOf('o1'))!;
    pauses.push(due);
    nowMs += due ?? 0;
  }
  expect(shop.events).toEqual(['turned', 'failed money', 'failed money', 'undone money', 'failed stock', 'failed stock', 'failed stock', 'parked stock']);
  expect(pauses).toEqual([500, 1_000, 500, 1_000, 1_500, null]);
  nowMs += 86_400_000;
  expect(await shop.log.workOff()).toBe(false);
});

test('a participant that does not answer is given up after the time limit, and told so', async () => {
  const clock = new VirtualClock();
  let given: AbortSignal | undefined;
  const known = { ...undos, money: (_command: unknown, signal: AbortSignal) => { given = signal; return new Promise<void>(() => {}); } };
  const errors: unknown[] = [];
  const shop = await both('o1', { known, clock, undoTimeoutMs: 2_000, onEvent: ({ error }) => void (error !== undefined && errors.push(error)) });
  await shop.log.takeBack('o1', 'no carrier');
  const working = shop.log.workOff();
  await vi.waitFor(() => expect(given).toBeDefined());
  await clock.advance(2_000);
  await working;
  expect(errors).toEqual([new UndoTimeoutError('no answer within 2000 ms')]);
  expect(given!.aborted).toBe(true);
  expect(clock.pending).toBe(0);
});

test('work that its process has left behind is taken back after its deadline, and the process finds out', async () => {
  const slow = await both('o1');
  nowMs += 59_999;
  expect(await slow.log.workOff()).toBe(false);
  nowMs += 1;
  const other = instance();
  await other.workAll();
  expect(other.events).toEqual(['turned', 'undone money', 'undone stock', 'finished']);
  expect(await free()).toBe(5);
  expect((await stateOf('o1'))!.reason).toBe('abandoned');
  await expect(slow.takeMoney('o1')).rejects.toThrow(WorkOverError);
  await expect(slow.log.keep('o1')).rejects.toThrow(WorkOverError);
  await expect(slow.takeStock('never begun')).rejects.toThrow(WorkOverError);
});

test('a worker whose lease has run out writes nothing any more', async () => {
  const second = instance();
  const known = { ...undos, money: async (command: Parameters<Undo>[0]) => {
    nowMs += 15_000;
    await second.workAll();
    await undos['money']!(command, new AbortController().signal);
  } };
  const first = await both('o1', { known });
  await first.log.takeBack('o1', 'no carrier');
  expect(await first.log.workOff()).toBe(true);
  expect(first.events).toEqual(['turned', 'lost']);
  expect(second.events).toEqual(['undone money', 'undone stock', 'finished']);
  expect(await free()).toBe(5);
});

test('work that kills its workers is parked as well', async () => {
  const known = { ...undos, money: () => new Promise<void>(() => {}) };
  const shop = await both('o1', { known, maxAttempts: 3 });
  await shop.log.takeBack('o1', 'no carrier');
  for (let death = 0; death < 3; death++) {
    void shop.log.workOff();
    await vi.waitFor(async () => expect((await stateOf('o1'))!.attempts).toBe(death + 1));
    nowMs += 15_000;
  }
  await shop.log.workOff();
  expect(shop.events).toEqual(['turned', 'parked']);
  expect(await stateOf('o1')).toMatchObject({ due: null, reason: 'no carrier', trouble: 'taking back: Error: its workers died' });
});

/** Dies at the n-th point: each transaction and each call has one before it and one after its effect. */
class Crash extends Error {}
function mortal(point: number) {
  let passed = 0;
  const live = async <Result>(act: () => Promise<Result>): Promise<Result> => {
    if (++passed >= point) throw new Crash();
    const result = await act();
    if (++passed >= point) throw new Crash();
    return result;
  };
  const data: Database = { transaction: (work) => live(() => database.transaction(work)) };
  const known = Object.fromEntries(Object.entries(undos).map(([name, undo]): [string, Undo] => [name, (command, signal) => live(() => undo(command, signal))]));
  return { data, known, live };
}
const torn = async (): Promise<boolean> => {
  const isReserved = await free() !== 5;
  const [payment] = await rows("select 1 from payment where state = 'held'");
  const isMailed = (await rows('select 1 from outbox')).length === 1;
  return isReserved !== isMailed || (payment !== undefined) !== isMailed;
};
const wanted = [true, false];

test('an order that dies at any point is done or taken back in the end; a catch block leaves most of them torn', async () => {
  let points = 0;
  for (const succeeds of wanted) {
    for (let point = 1; ; point++) {
      await refill();
      const { data, known, live } = mortal(point);
      const shop = instance({ data, known });
      const order = async (): Promise<void> => {
        await shop.begin('o1');
        await shop.log.step('o1', 'stock', {}, (key) => live(() => database.transaction((open) => reserve(open, key, 'kettle', 2))));
        await shop.log.step('o1', 'money', {}, (key) => live(() => database.transaction((open) => charge(open, key, 'visa', 4_200))));
        if (succeeds) return shop.log.seal('o1', (open) => open.query('insert into outbox values ($1)', ['o1']));
        await shop.log.takeBack('o1', 'no carrier');
        await shop.workAll();
      };
      const isDead = await order().then(() => false, (error: unknown) => error instanceof Crash);
      nowMs += 100_000;
      await instance().workAll();
      expect(await torn(), `point ${point}`).toBe(false);
      if (!isDead) break;
      points++;
    }
  }
  let left = 0;
  let deaths = 0;
  for (const succeeds of wanted) {
    for (let point = 1; ; point++) {
      await refill();
      const { live } = mortal(point);
      const order = async (): Promise<void> => {
        const done: (() => Promise<void>)[] = [];
        try {
          await live(() => database.transaction((open) => reserve(open, 'stock', 'kettle', 2)));
          done.unshift(() => database.transaction((open) => release(open, 'stock')));
          await live(() => database.transaction((open) => charge(open, 'money', 'visa', 4_200)));
          done.unshift(() => database.transaction((open) => giveBack(open, 'money')));
          if (!succeeds) throw new Error('no carrier');
          await live(() => database.transaction((open) => open.query('insert into outbox values ($1)', ['o1'])));
        } catch (error) {
          for (const undo of done) await live(undo);
          if (error instanceof Crash) throw error;
        }
      };
      const isDead = await order().then(() => false, () => true);
      if (!isDead) break;
      deaths++;
      left += Number(await torn());
    }
  }
  expect({ points, deaths, left }).toEqual({ points: 40, deaths: 14, left: 10 });
});

test('a worker runs until it is stopped, sleeps when nothing is due and outlives a broken database', async () => {
  const clock = new VirtualClock();
  let isBroken = true;
  const data: Database = { transaction: (work) => (isBroken ? Promise.reject(new Error('connection refused')) : database.transaction(work)) };
  const stop = new AbortController();
  const shop = instance({ data, clock, pollMs: 1_000 });
  const running = shop.log.run(stop.signal);
  await vi.waitFor(() => expect(shop.events).toEqual(['broken']));
  isBroken = false;
  await both('o1');
  await shop.log.takeBack('o1', 'no carrier');
  await clock.advance(1_000);
  await vi.waitFor(() => expect(shop.events).toEqual(['broken', 'turned', 'undone money', 'undone stock', 'finished']));
  await vi.waitFor(() => expect(clock.pending).toBe(1));
  stop.abort();
  await running;
  expect(clock.pending).toBe(0);
});

test('a step without an undo is not begun, and one whose undo is gone waits for a person', async () => {
  const shop = instance();
  await shop.begin('o1');
  await expect(shop.log.step('o1', 'mail', {}, () => Promise.resolve())).rejects.toThrow("Cannot do 'mail': nothing is known that takes it back");
  await shop.takeStock('o1');
  await shop.log.takeBack('o1', 'no carrier');
  const newer = instance({ known: {} });
  await newer.workAll();
  expect(newer.events).toEqual(['parked stock']);
  expect((await stateOf('o1'))!.trouble).toBe("stock: UndoRefusedError: nothing is known that takes 'stock' back");
});

test('what is over is forgotten, and nothing else', async () => {
  for (const work of ['sealed', 'kept', 'open']) await instance().begin(work, 3_600_000);
  const { log, workAll } = await both('undone');
  await log.takeBack('undone', 'no carrier');
  await workAll();
  await log.seal('sealed', async () => {});
  await log.keep('kept');
  expect(await forget(database, 1_000)).toBe(0);
  nowMs += 1_001;
  expect(await forget(database, 1_000, 1)).toBe(1);
  expect(await forget(database, 1_000)).toBe(1);
  expect(await rows('select id from work order by id')).toEqual([{ id: 'kept' }, { id: 'open' }]);
  await expect(forget(database, -1)).rejects.toThrow("Cannot forget work as 'olderThanMs' must be finite and not negative: current value is -1");
});

test('options that cannot work are refused by name', async () => {
  for (const [options, message] of [
    [{ undoTimeoutMs: 0 }, "'undoTimeoutMs' must be finite and above 0: current value is 0"],
    [{ maxAttempts: Number.NaN }, "'maxAttempts' must be finite and above 0: current value is NaN"],
    [{ leaseMs: 5_000 }, "'leaseMs' must be finite and more than 'undoTimeoutMs': current value is 5000"],
    [{ leaseMs: Infinity }, "'leaseMs' must be finite"],
  ] as const) expect(() => new UndoLog(database, undos, options)).toThrow(message);
  await both();
  expect(await new UndoLog(database, undos).takeBack('o1', 'no carrier')).toBe(true);
});
