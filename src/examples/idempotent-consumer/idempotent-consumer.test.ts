import { PGlite } from '@electric-sql/pglite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { IdempotentConsumer, OutOfTimeError } from './idempotent-consumer.ts';
import type { ConsumerEvent, Database, Delivery, IdempotentConsumerOptions, Message, Transaction } from './idempotent-consumer.ts';
import { inboxSchema } from './schema.ts';
import { rememberFirst, rememberLast } from './unsafe-consumers.ts';
import type { SeparateMemory } from './unsafe-consumers.ts';

// A real PostgreSQL with one session; its now() follows Date.now, so memory ages on virtual time.
let postgres: PGlite;
let database: Database;
let nowMs: number;
const startMs = Date.parse('2030-01-01T00:00:00Z');
beforeAll(async () => {
  postgres = await PGlite.create();
  await postgres.exec(`${inboxSchema} create table stock (item text primary key, count integer not null)`);
  database = { transaction: (work) => postgres.transaction((open) => work({ query: async <Row>(text: string, parameters: readonly unknown[]) => (await open.query<Row>(text, [...parameters])).rows })) as never };
}, 120_000);
afterAll(() => postgres.close());
beforeEach(async () => {
  nowMs = startMs;
  vi.spyOn(Date, 'now').mockImplementation(() => nowMs);
  await postgres.exec("truncate inbox; truncate stock; insert into stock values ('kettle', 10)");
});
afterEach(() => vi.restoreAllMocks());

interface Sold { item: string }
const minuteMs = 60_000;
const message = (id: string, { agoMs = 0 } = {}): Message<Sold> => ({ id, madeAt: new Date(nowMs - agoMs).toISOString(), body: { item: 'kettle' } });
const takeOne = ({ body }: Message<Sold>, transaction: Transaction): Promise<unknown> => transaction.query('update stock set count = count - 1 where item = $1', [body.item]);
const left = async (): Promise<number> => (await postgres.query<{ count: number }>('select count from stock')).rows[0]?.count ?? Number.NaN;
const remembered = async (): Promise<unknown[]> => (await postgres.query('select consumer, message from inbox order by 1, 2')).rows;

/** One instance of inventory. */
function instance(options: Partial<IdempotentConsumerOptions<Sold>> = {}): IdempotentConsumer<Sold> {
  return new IdempotentConsumer({ name: 'inventory', database, effect: takeOne, retainMs: 60 * minuteMs, skewMs: minuteMs, clock: new VirtualClock(), ...options });
}

/** What a broker delivers; it knows how each delivery was settled. */
function deliver(sold: Message<Sold>): Delivery<Sold> & { settled: string[] } {
  const settled: string[] = [];
  return { message: sold, settled, ack: () => settled.push('ack'), nack: () => settled.push('nack'), reject: () => settled.push('reject') };
}

describe('a message', () => {
  test('takes effect, and its copies do not, whichever instance gets them', async () => {
    expect(await instance().handle(message('m1'))).toBe('handled');
    expect(await instance().handle(message('m1'))).toBe('copy');
    expect(await instance().handle(message('m1'))).toBe('copy');
    expect(await left()).toBe(9);
  });

  test('with another id takes effect again, though it says the same: two sales are two facts', async () => {
    await instance().handle(message('m1'));
    expect(await instance().handle(message('m2'))).toBe('handled');
    expect(await left()).toBe(8);
  });

  test('is remembered by each consumer for itself', async () => {
    await instance().handle(message('m1'));
    expect(await instance({ name: 'statistics' }).handle(message('m1'))).toBe('handled');
    expect(await remembered()).toEqual([{ consumer: 'inventory', message: 'm1' }, { consumer: 'statistics', message: 'm1' }]);
  });

  test('without an id is refused, and nothing is remembered', async () => {
    await expect(instance().handle(message(''))).rejects.toEqual(new RangeError('the id of a message must not be empty'));
    expect([await left(), await remembered()]).toEqual([10, []]);
  });

  test('whose effect fails is not remembered, so that it can come again', async () => {
    let calls = 0;
    const inventory = instance({ effect: async (sold, transaction) => {
      await takeOne(sold, transaction);
      if (calls++ === 0) throw new Error('warehouse closed');
    } });
    await expect(inventory.handle(message('m1'))).rejects.toEqual(new Error('warehouse closed'));
    expect([await left(), await remembered()]).toEqual([10, []]);
    expect(await inventory.handle(message('m1'))).toBe('handled');
    expect(await left()).toBe(9);
  });

  test('an effect that throws at once fails like any other', async () => {
    await expect(instance({ effect: () => { throw new Error('no such item'); } }).handle(message('m1'))).rejects.toEqual(new Error('no such item'));
    expect(await remembered()).toEqual([]);
  });
});

describe('settling', () => {
  test('acknowledges after the commit, not before', async () => {
    const committed: unknown[] = [];
    await instance().receive({ ...deliver(message('m1')), ack: async () => committed.push(await left(), await remembered()) });
    expect(committed).toEqual([9, [{ consumer: 'inventory', message: 'm1' }]]);
  });

  test('a copy is acknowledged too', async () => {
    await instance().handle(message('m1'));
    const copy = deliver(message('m1'));
    await instance().receive(copy);
    expect([copy.settled, await left()]).toEqual([['ack'], 9]);
  });

  test('what failed goes back to the broker, which counts', async () => {
    const errors: unknown[] = [];
    const failing = deliver(message('m1'));
    await instance({ effect: async () => { throw new Error('warehouse closed'); } }).receive({ ...failing, nack: (error) => errors.push(error) });
    expect([failing.settled, errors]).toEqual([[], [new Error('warehouse closed')]]);
  });

  test('an acknowledgement that is lost leaves a copy to come', async () => {
    await expect(instance().receive({ ...deliver(message('m1')), ack: () => { throw new Error('connection reset'); } })).rejects.toEqual(new Error('connection reset'));
    const copy = deliver(message('m1'));
    await instance().receive(copy);
    expect([copy.settled, await left()]).toEqual([['ack'], 9]);
  });

  test('a commit whose answer is lost leaves a copy to come', async () => {
    const losing: Database = { transaction: async (work) => {
      await database.transaction(work);
      throw new Error('connection terminated');
    } };
    const first = deliver(message('m1'));
    await instance({ database: losing }).receive(first);
    expect([first.settled, await instance().handle(message('m1')), await left()]).toEqual([['nack'], 'copy', 9]);
  });
});

/** A process that dies at a chosen step: whatever is open is rolled back, and nothing is settled. */
describe('a process that dies', () => {
  class DeathError extends Error {}
  function steps(ids: Set<string>): { mortal: (at: number) => { database: Database; memory: SeparateMemory; step: () => void } } {
    return { mortal: (at) => {
      let step = 0;
      const pass = (): void => { if (step++ === at) throw new DeathError(); };
      return {
        step: pass,
        memory: { has: async (id) => { pass(); return ids.has(id); }, add: async (id) => { pass(); ids.add(id); } },
        database: { transaction: async (work) => {
          pass();
          const result = await database.transaction(async (transaction) => {
            const done = await work({ query: async (text, parameters) => {
              pass();
              return await transaction.query(text, parameters);
            } });
            pass();
            return done;
          });
          pass();
          return result;
        } },
      };
    } };
  }

  /** For each step at which the first process may die: how many kettles are gone when the second is through. */
  async function taken(consume: (world: { database: Database; memory: SeparateMemory; step: () => void }) => Promise<void>): Promise<number[]> {
    const counts: number[] = [];
    for (let at = 0; at < 20; at++) {
      await postgres.exec('truncate inbox; update stock set count = 10');
      const world = steps(new Set());
      const died = await consume(world.mortal(at)).then(() => false, (error: unknown) => {
        if (!(error instanceof DeathError)) throw error;
        return true;
      });
      if (!died) break;
      await consume(world.mortal(Infinity));
      counts.push(10 - await left());
    }
    return counts;
  }

  test('leaves one effect, whichever step it was', async () => {
    const counts = await taken(({ database: mortal, step }) => {
      const dead = (error: unknown): void => { throw error; };
      return instance({ database: mortal }).receive({ ...deliver(message('m1')), nack: dead, ack: step });
    });
    expect(counts).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test('loses the message where it is remembered first', async () => {
    const counts = await taken(({ database: mortal, memory, step }) => rememberFirst(memory, mortal, message('m1'), takeOne).then(step));
    expect(counts).toEqual([1, 1, 0, 0, 0, 1, 1]);
  });

  test('takes two where it is remembered last', async () => {
    const counts = await taken(({ database: mortal, memory, step }) => rememberLast(memory, mortal, message('m1'), takeOne).then(step));
    expect(counts).toEqual([1, 1, 1, 1, 2, 2, 1]);
  });
});

describe('memory', () => {
  test('what is older than it is refused and told apart from a copy: nobody knows whether it was handled', async () => {
    const late = deliver(message('m1', { agoMs: 60 * minuteMs + 1 }));
    await instance().receive(late);
    expect([late.settled, await left(), await remembered()]).toEqual([['reject'], 10, []]);
    await expect(instance().handle(late.message)).rejects.toMatchObject({ name: 'OutOfTimeError', consumer: 'inventory', messageId: 'm1', message: "'inventory' cannot tell whether it has handled 'm1', which was made at 2029-12-31T22:59:59.999Z" });
    expect(await instance().handle(message('m2', { agoMs: 60 * minuteMs }))).toBe('handled');
  });

  test('a copy of what is still remembered is a copy, however old', async () => {
    const sold = message('m1');
    await instance().handle(sold);
    nowMs += 61 * minuteMs;
    expect(await instance().handle(sold)).toBe('copy');
  });

  test('what comes from the future is refused, beyond what clocks may be off', async () => {
    expect(await instance().handle(message('m1', { agoMs: -minuteMs }))).toBe('handled');
    await expect(instance().handle(message('m2', { agoMs: -minuteMs - 1 }))).rejects.toBeInstanceOf(OutOfTimeError);
  });

  test('forgets nothing of which a copy is still admitted, whenever copies and cleaning come', async () => {
    for (const skew of [-minuteMs, 0, minuteMs]) {
      await postgres.exec('truncate inbox; update stock set count = 10');
      nowMs = startMs;
      const sold = message('m1', { agoMs: -skew });
      await instance().handle(sold);
      for (let minute = 0; minute < 130; minute += 1) {
        nowMs += minuteMs;
        await instance().forget();
        await instance().handle(sold).catch((error: unknown) => expect(error).toBeInstanceOf(OutOfTimeError));
      }
      expect([await left(), await remembered()], `a clock that is off by ${skew} ms`).toEqual([9, []]);
    }
  });

  test('a process that stands still after its begin does not take again what was forgotten meanwhile', async () => {
    const sold = message('m1');
    await instance().handle(sold);
    nowMs += 59 * minuteMs;
    const halting: Database = { transaction: (work) => database.transaction(async (transaction) => {
      nowMs += 3 * minuteMs;
      await transaction.query('delete from inbox', []); // as another instance would have done by now
      return work(transaction);
    }) };
    await expect(instance({ database: halting }).handle(sold)).rejects.toBeInstanceOf(OutOfTimeError);
    expect(await left()).toBe(9);
  });

  test('a sender that stamps its copies anew gets past the check: the date has to stay that of the first', async () => {
    await instance().handle(message('m1'));
    nowMs += 62 * minuteMs;
    expect(await instance().forget()).toBe(1);
    expect(await instance().handle(message('m1'))).toBe('handled');
    expect(await left()).toBe(8);
  });

  test('is cleaned in portions, of one consumer', async () => {
    for (let at = 0; at < 5; at++) await instance().handle(message(`m${at}`));
    await instance({ name: 'statistics' }).handle(message('m0'));
    nowMs += 61 * minuteMs + 1;
    expect([await instance().forget(3), await instance().forget(3), await instance().forget(3)]).toEqual([3, 2, 0]);
    expect(await remembered()).toEqual([{ consumer: 'statistics', message: 'm0' }]);
  });

  test('refuses a portion that makes no sense', async () => {
    for (const limit of [0, 1.5, Number.NaN]) await expect(instance().forget(limit)).rejects.toEqual(new RangeError(`limit must be a positive integer: current value is ${limit}`));
  });
});

test('tells what became of each delivery', async () => {
  const events: ConsumerEvent[] = [];
  const clock = new VirtualClock();
  const inventory = instance({ clock, onEvent: (event) => events.push(event), effect: async ({ id }) => { if (id === 'm2') throw new Error('warehouse closed'); } });
  await inventory.receive(deliver(message('m1')));
  await inventory.receive(deliver(message('m1')));
  await inventory.receive(deliver(message('m2')));
  await inventory.receive(deliver(message('m3', { agoMs: 99 * minuteMs })));
  const of = (id: string) => ({ consumer: 'inventory', message: id, atMs: 0 });
  expect(events).toEqual([
    { ...of('m1'), type: 'handled', durationMs: 0 },
    { ...of('m1'), type: 'copy', durationMs: 0 },
    { ...of('m2'), type: 'failed', error: new Error('warehouse closed') },
    { ...of('m3'), type: 'refused' },
  ]);
});

test('refuses options that make no sense', () => {
  expect(() => instance({ name: '' })).toThrow('name must not be empty');
  for (const retainMs of [0, -1, Number.NaN, Infinity]) expect(() => instance({ retainMs })).toThrow(`retainMs must be a finite number of at least 1: current value is ${retainMs}`);
  for (const skewMs of [-1, Number.NaN, Infinity]) expect(() => instance({ skewMs })).toThrow(`skewMs must be a finite number of at least 0: current value is ${skewMs}`);
});

test('has the system clock, and allows clocks a minute, where nothing else is said', async () => {
  const inventory = new IdempotentConsumer({ name: 'inventory', database, effect: takeOne, retainMs: minuteMs });
  expect(await inventory.handle(message('m1', { agoMs: -minuteMs }))).toBe('handled');
  await expect(inventory.handle(message('m2', { agoMs: -minuteMs - 1 }))).rejects.toBeInstanceOf(OutOfTimeError);
});
