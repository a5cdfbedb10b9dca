import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { outboxSchema } from './schema.ts';
import { EventRefusedError, OutboxRelay, PublishTimeoutError, recordEvent } from './transactional-outbox.ts';
import type { Database, OutboxEvent, RelayEvent, RelayOptions, Transaction } from './transactional-outbox.ts';
import { backlog, forgetPublished, release } from './upkeep.ts';

// A real PostgreSQL with one session. PREPARE TRANSACTION keeps a transaction in flight:
// its rows are invisible and its locks held, as if another session had not committed yet.
let postgres: PGlite;
let database: Database;
beforeAll(async () => {
  postgres = await PGlite.create({ postgresqlconf: ['max_prepared_transactions=10'] });
  await postgres.exec(`${outboxSchema} create table orders (id text primary key, state text not null); create table unrelated (note text)`);
  database = {
    transaction: (work) => postgres.transaction((open) => work({
      query: async <Row>(text: string, parameters: readonly unknown[]) => (await open.query<Row>(text, [...parameters])).rows,
    })),
  };
}, 120_000);
afterAll(() => postgres.close());
beforeEach(() => postgres.exec('truncate outbox, orders, unrelated restart identity'));

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const placeOrder = (id: string) => database.transaction(async (transaction) => {
  await transaction.query('insert into orders values ($1, $2)', [id, 'placed']);
  return recordEvent(transaction, { key: id, type: 'OrderPlaced', payload: { id, totalCents: 4_200 } }, { traceparent });
});
const changeOrder = (id: string, state: string) => database.transaction(async (transaction) => {
  await transaction.query('update orders set state = $2 where id = $1', [id, state]);
  return recordEvent(transaction, { key: id, type: `Order${state}`, payload: { id } });
});
/** The same change, left in flight under `name`. */
const changeOrderSlowly = (name: string, id: string, state: string) => postgres.exec(`
  begin;
  update orders set state = '${state}' where id = '${id}';
  insert into outbox (key, type, payload, headers) values ('${id}', 'Order${state}', '{}', '{}');
  prepare transaction '${name}'`);

/** A broker that takes everything, except what `refuse` throws for. */
function brokerThat(refuse: (event: OutboxEvent) => void = () => {}) {
  const received: OutboxEvent[] = [];
  const publish = async (event: OutboxEvent): Promise<void> => {
    refuse(event);
    received.push(event);
  };
  return { received, publish, names: () => received.map((event) => `${event.key} ${event.type}`) };
}
const unreachable = (): never => {
  throw new Error('connect ECONNREFUSED 127.0.0.1:9092');
};
const recording = (options: RelayOptions = {}) => {
  const events: RelayEvent[] = [];
  return { events, options: { ...options, onEvent: (event: RelayEvent) => void events.push(event) } };
};

describe('writing', () => {
  test('the event is published after its change has committed', async () => {
    const message = await placeOrder('o1');
    const broker = brokerThat();
    expect(await new OutboxRelay(database, broker.publish).pass()).toBe(1);
    expect(broker.received).toEqual([{
      id: '1', message, key: 'o1', type: 'OrderPlaced', payload: { id: 'o1', totalCents: 4_200 }, headers: { traceparent }, attempts: 0,
    }]);
  });

  test('wrong elsewhere: an event for a change that was rolled back', async () => {
    await expect(database.transaction(async (transaction) => {
      await recordEvent(transaction, { key: 'o1', type: 'OrderPlaced', payload: {} });
      throw new Error('card declined');
    })).rejects.toThrow('card declined');
    const broker = brokerThat();
    await new OutboxRelay(database, broker.publish).pass();
    expect(broker.received).toEqual([]);
  });

  test('an empty key, an empty type or a payload that is not JSON is refused before it reaches the table', async () => {
    const transaction = {} as Transaction;
    await expect(recordEvent(transaction, { key: '', type: 'OrderPlaced', payload: {} })).rejects.toThrow("'key' must not be empty");
    await expect(recordEvent(transaction, { key: 'o1', type: '', payload: {} })).rejects.toThrow("'type' must not be empty");
    await expect(recordEvent(transaction, { key: 'o1', type: 'OrderPlaced', payload: undefined })).rejects.toThrow("'payload' must be JSON: current value is undefined");
  });
});

describe('crash points', () => {
  test('a crash between commit and publish loses nothing', async () => {
    await placeOrder('o1');
    const afterRestart = brokerThat();
    await new OutboxRelay(database, afterRestart.publish).pass();
    expect(afterRestart.names()).toEqual(['o1 OrderPlaced']);
  });

  test('a crash between publish and mark publishes again, under the same message id', async () => {
    await placeOrder('o1');
    const broker = brokerThat();
    const dying: Database = {
      transaction: (work) => database.transaction(async (transaction) => {
        await work(transaction);
        throw new Error('Connection terminated unexpectedly');
      }),
    };
    await expect(new OutboxRelay(dying, broker.publish).pass()).rejects.toThrow('terminated');
    await new OutboxRelay(database, broker.publish).pass();
    expect(broker.received).toHaveLength(2);
    expect(new Set(broker.received.map((event) => event.message)).size).toBe(1);
  });

  test('an event that is marked is not published again', async () => {
    await placeOrder('o1');
    const broker = brokerThat();
    const relay = new OutboxRelay(database, broker.publish);
    await relay.pass();
    expect(await relay.pass()).toBe(0);
    expect(broker.received).toHaveLength(1);
  });
});

describe('transactions in flight', () => {
  test('wrong elsewhere: a cursor skips an event that commits behind it; the mark does not', async () => {
    await placeOrder('o1');
    await placeOrder('o2');
    await changeOrderSlowly('slow', 'o1', 'Paid');
    await changeOrder('o2', 'Paid');
    const cursor = await postgres.query<{ last: number }>('select max(id)::integer as last from outbox');
    const broker = brokerThat();
    const relay = new OutboxRelay(database, broker.publish);
    await relay.pass();
    expect(broker.names()).toEqual(['o1 OrderPlaced', 'o2 OrderPlaced', 'o2 OrderPaid']);

    await postgres.exec("commit prepared 'slow'");
    const afterCursor = await postgres.query('select id from outbox where id > $1', [cursor.rows[0]!.last]);
    expect(afterCursor.rows).toEqual([]);
    await relay.pass();
    expect(broker.names().at(-1)).toBe('o1 OrderPaid');
  });

  test('wrong elsewhere: with a horizon filter an unrelated open write transaction stalls every event; ours goes out', async () => {
    await postgres.exec("begin; insert into unrelated values ('a long import'); prepare transaction 'import'");
    await placeOrder('o1');
    const settled = await postgres.query('select id from outbox where xmin::text::bigint < pg_snapshot_xmin(pg_current_snapshot())::text::bigint');
    expect(settled.rows).toEqual([]);
    const broker = brokerThat();
    await new OutboxRelay(database, broker.publish).pass();
    await postgres.exec("rollback prepared 'import'");
    expect(broker.names()).toEqual(['o1 OrderPlaced']);
  });

  test('while one change of an order is in flight, no other can draw an id for it', async () => {
    await placeOrder('o1');
    await changeOrderSlowly('slow', 'o1', 'Paid');
    await expect(postgres.query("select * from orders where id = 'o1' for update nowait")).rejects.toThrow('could not obtain lock');
    await postgres.exec("commit prepared 'slow'");
    await changeOrder('o1', 'Shipped');
    const broker = brokerThat();
    await new OutboxRelay(database, broker.publish).pass();
    expect(broker.names()).toEqual(['o1 OrderPlaced', 'o1 OrderPaid', 'o1 OrderShipped']);
  });
});

describe('order', () => {
  test('a failed event holds back its own key and no other', async () => {
    for (const id of ['o1', 'o2']) await placeOrder(id);
    for (const id of ['o1', 'o2']) await changeOrder(id, 'Paid');
    let down = true;
    const broker = brokerThat((event) => {
      if (event.key === 'o1' && event.type === 'OrderPlaced' && down) unreachable();
    });
    const relay = new OutboxRelay(database, broker.publish);
    await relay.pass();
    expect(broker.names()).toEqual(['o2 OrderPlaced', 'o2 OrderPaid']);
    down = false;
    await relay.pass();
    expect(broker.names().slice(2)).toEqual(['o1 OrderPlaced', 'o1 OrderPaid']);
  });

  test('a failing key with more events than a batch does not hide the other keys', async () => {
    await placeOrder('o1');
    for (let change = 0; change < 3; change += 1) await changeOrder('o1', 'Paid');
    await placeOrder('o2');
    const broker = brokerThat((event) => {
      if (event.key === 'o1') unreachable();
    });
    const { events, options } = recording({ batchSize: 2, maxAttempts: 1 });
    expect(await new OutboxRelay(database, broker.publish, options).pass()).toBe(1);
    expect(events.map((event) => event.type)).toEqual(['published', 'parked']);
    expect(broker.names()).toEqual(['o2 OrderPlaced']);
  });

  test('two sick keys at the head are taken for an outage once; then the others go out, and the sick ones are parked', async () => {
    for (const id of ['o1', 'o2', 'o3']) await placeOrder(id);
    const broker = brokerThat((event) => {
      if (event.key !== 'o3') unreachable();
    });
    const { events, options } = recording({ maxAttempts: 1 });
    const relay = new OutboxRelay(database, broker.publish, options);
    expect(await relay.pass()).toBe(0);
    expect(await relay.pass()).toBe(1);
    expect(broker.names()).toEqual(['o3 OrderPlaced']);
    expect(events.map((event) => event.type)).toEqual(['failed', 'failed', 'published', 'parked', 'parked']);
  });

  test('failures with a success between them are not an outage: every key is tried', async () => {
    for (const id of ['o1', 'o2', 'o3', 'o4']) await placeOrder(id);
    const broker = brokerThat((event) => {
      if (event.key === 'o1' || event.key === 'o3') unreachable();
    });
    await new OutboxRelay(database, broker.publish).pass();
    expect(broker.names()).toEqual(['o2 OrderPlaced', 'o4 OrderPlaced']);
  });

  test('wrong elsewhere: two relays that skip locked rows reorder a key; here the second relay stands by', async () => {
    await placeOrder('o1');
    await changeOrder('o1', 'Paid');
    await postgres.exec("begin; select id from outbox order by id limit 1 for update; prepare transaction 'skipping'");
    const skipped = await postgres.query('select type from outbox order by id limit 1 for update skip locked');
    expect(skipped.rows).toEqual([{ type: 'OrderPaid' }]);
    await postgres.exec("rollback prepared 'skipping'");

    await postgres.exec("begin; select pg_advisory_xact_lock(hashtextextended('outbox relay', 0)); prepare transaction 'first relay'");
    const broker = brokerThat();
    const { events, options } = recording();
    const second = new OutboxRelay(database, broker.publish, options);
    expect(await second.pass()).toBe(0);
    expect([broker.names(), events]).toEqual([[], [{ type: 'standby' }]]);
    await postgres.exec("rollback prepared 'first relay'");
    await second.pass();
    expect(broker.names()).toEqual(['o1 OrderPlaced', 'o1 OrderPaid']);
  });
});

describe('the broker fails', () => {
  test('an outage is not blamed on the events: two attempts, nothing counted, nothing parked', async () => {
    for (const id of ['o1', 'o2', 'o3', 'o4']) await placeOrder(id);
    const { events, options } = recording({ maxAttempts: 1 });
    const relay = new OutboxRelay(database, async () => unreachable(), options);
    for (let pass = 0; pass < 20; pass += 1) await relay.pass();
    expect(events).toHaveLength(40);
    expect(events.every((event) => event.type === 'failed')).toBe(true);
    expect(await backlog(database)).toMatchObject({ pending: 4, parked: 0 });
  });

  test('an outage goes round the keys: every pass tries two, and none is forgotten', async () => {
    for (const id of ['o1', 'o2', 'o3', 'o4']) await placeOrder(id);
    const { events, options } = recording({ batchSize: 2 });
    let down = true;
    const broker = brokerThat(() => {
      if (down) unreachable();
    });
    const relay = new OutboxRelay(database, broker.publish, options);
    for (let pass = 0; pass < 3; pass += 1) await relay.pass();
    expect(events.map((event) => event.type === 'failed' && event.event.key)).toEqual(['o1', 'o2', 'o3', 'o4', 'o1', 'o2']);
    down = false;
    for (let pass = 0; pass < 2; pass += 1) await relay.pass();
    expect(broker.received).toHaveLength(4);
  });

  test('after an outage the oldest events get their turn, although new ones fill every batch', async () => {
    for (const id of ['o1', 'o2']) await placeOrder(id);
    let down = true;
    const broker = brokerThat(() => {
      if (down) unreachable();
    });
    const relay = new OutboxRelay(database, broker.publish, { batchSize: 3 });
    await relay.pass();
    down = false;
    for (let pass = 0; pass < 3; pass += 1) {
      for (let order = 0; order < 3; order += 1) await placeOrder(`new ${pass} ${order}`);
      expect(await relay.pass()).toBe(3);
    }
    expect(broker.names().slice(0, 4)).toEqual(['new 0 0 OrderPlaced', 'new 0 1 OrderPlaced', 'o1 OrderPlaced', 'o2 OrderPlaced']);
  });

  test('when the connection breaks, and with it the turn, the relay stops after the event in flight', async () => {
    for (const id of ['o1', 'o2', 'o3']) await placeOrder(id);
    const broker = brokerThat();
    const cut: Database = {
      transaction: (work) => database.transaction((transaction) => work({
        query: (text, parameters) => {
          if (broker.received.length > 0) throw new Error('Connection terminated unexpectedly');
          return transaction.query(text, parameters);
        },
      })),
    };
    await expect(new OutboxRelay(cut, broker.publish).pass()).rejects.toThrow('terminated');
    expect(broker.names()).toEqual(['o1 OrderPlaced']);
  });

  test('a poison event is parked after its attempts while the others go through', async () => {
    const poisoned = await placeOrder('o1');
    const broker = brokerThat((event) => {
      if (event.message === poisoned) unreachable();
    });
    const { events, options } = recording({ maxAttempts: 2 });
    const relay = new OutboxRelay(database, broker.publish, options);
    await placeOrder('o2');
    await relay.pass();
    await placeOrder('o3');
    await relay.pass();
    expect(events.map((event) => event.type)).toEqual(['published', 'failed', 'published', 'parked']);
    expect(await backlog(database)).toMatchObject({ pending: 0, parked: 1 });
  });

  test('a refused event is parked at once and does not count as an outage', async () => {
    for (const id of ['o1', 'o2', 'o3', 'o4']) await placeOrder(id);
    const broker = brokerThat((event) => {
      if (event.key !== 'o4') throw new EventRefusedError('Message size too large');
    });
    const { events, options } = recording();
    await new OutboxRelay(database, broker.publish, options).pass();
    expect(events.map((event) => event.type)).toEqual(['published', 'parked', 'parked', 'parked']);
    const reasons = await postgres.query('select distinct parked from outbox where parked is not null');
    expect(reasons.rows).toEqual([{ parked: 'EventRefusedError: Message size too large' }]);
  });

  test('a parked event holds back the later ones of its key until somebody releases it', async () => {
    await placeOrder('o1');
    let tooLarge = true;
    const broker = brokerThat((event) => {
      if (event.type === 'OrderPlaced' && tooLarge) throw new EventRefusedError('Message size too large');
    });
    const relay = new OutboxRelay(database, broker.publish);
    await relay.pass();
    await changeOrder('o1', 'Paid');
    await relay.pass();
    expect(broker.names()).toEqual([]);
    tooLarge = false;
    expect(await release(database, '1')).toBe(true);
    expect(await release(database, '1')).toBe(false);
    await relay.pass();
    expect(broker.names()).toEqual(['o1 OrderPlaced', 'o1 OrderPaid']);
  });

  test('a broker that never confirms is given up after the timeout, with its signal aborted and no timer left', async () => {
    await placeOrder('o1');
    const clock = new VirtualClock();
    let given: AbortSignal | undefined;
    const { events, options } = recording({ clock, publishTimeoutMs: 300 });
    const relay = new OutboxRelay(database, (_event, signal) => {
      given = signal;
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('a late rejection nobody waits for'))));
    }, options);
    const pass = relay.pass();
    await until(clock, () => clock.pending === 1);
    await clock.advance(300);
    expect(await pass).toBe(0);
    expect(events[0]).toMatchObject({ type: 'failed', error: new PublishTimeoutError('The broker did not confirm event 1 within 300 ms') });
    expect([given!.aborted, clock.pending]).toEqual([true, 0]);
  });

  test('a publisher that throws before it returns a promise is a failure like any other, and leaves no timer', async () => {
    await placeOrder('o1');
    const clock = new VirtualClock();
    const { events, options } = recording({ clock });
    await new OutboxRelay(database, unreachable, options).pass();
    expect([events[0]!.type, clock.pending]).toEqual(['failed', 0]);
  });
});

describe('the loop', () => {
  test('polls, so that an event without any notification is published within the interval', async () => {
    const clock = new VirtualClock();
    const broker = brokerThat();
    const stop = new AbortController();
    const running = new OutboxRelay(database, broker.publish, { clock, pollMs: 500 }).run(stop.signal);
    await until(clock, () => clock.pending === 1);
    await placeOrder('o1');
    await clock.advance(500);
    await until(clock, () => broker.received.length === 1 && clock.pending === 1);
    stop.abort();
    await running;
    expect([broker.names(), clock.pending]).toEqual([['o1 OrderPlaced'], 0]);
  });

  test('wake ends the wait; a full batch is followed by the next without one', async () => {
    const clock = new VirtualClock();
    const broker = brokerThat();
    const stop = new AbortController();
    const relay = new OutboxRelay(database, broker.publish, { clock, batchSize: 2 });
    const running = relay.run(stop.signal);
    await until(clock, () => clock.pending === 1);
    for (const id of ['o1', 'o2', 'o3', 'o4', 'o5']) await placeOrder(id);
    relay.wake();
    await until(clock, () => broker.received.length === 5 && clock.pending === 1);
    stop.abort();
    await running;
    expect(clock.now()).toBe(0);
  });

  test('survives a lost database connection and reports it', async () => {
    await placeOrder('o1');
    const clock = new VirtualClock();
    const broker = brokerThat();
    const { events, options } = recording({ clock, pollMs: 500 });
    let lost = true;
    const flaky: Database = { transaction: (work) => (lost ? Promise.reject(new Error('Connection terminated unexpectedly')) : database.transaction(work)) };
    const stop = new AbortController();
    const running = new OutboxRelay(flaky, broker.publish, options).run(stop.signal);
    await until(clock, () => clock.pending === 1);
    lost = false;
    await clock.advance(500);
    await until(clock, () => broker.received.length === 1);
    stop.abort();
    await running;
    expect(events.map((event) => event.type)).toEqual(['broken', 'published']);
  });

  test('shutdown lets the event in flight finish and starts no other', async () => {
    await placeOrder('o1');
    await placeOrder('o2');
    const stop = new AbortController();
    const broker = brokerThat(() => stop.abort());
    expect(await new OutboxRelay(database, broker.publish).pass(stop.signal)).toBe(1);
    expect(await backlog(database)).toMatchObject({ pending: 1 });
  });
});

describe('upkeep', () => {
  test('the backlog tells how many wait and for how long', async () => {
    expect(await backlog(database)).toEqual({ pending: 0, parked: 0, oldestMs: 0 });
    await placeOrder('o1');
    await placeOrder('o2');
    await postgres.exec("update outbox set recorded_at = recorded_at - interval '90 seconds' where id = 1");
    const { pending, oldestMs } = await backlog(database);
    expect(pending).toBe(2);
    expect(oldestMs).toBeGreaterThan(89_000);
  });

  test('cleanup deletes what was published long ago, a batch at a time, and never what is still waiting', async () => {
    for (const id of ['o1', 'o2', 'o3']) await placeOrder(id);
    await postgres.exec("update outbox set published_at = now() - interval '8 days', recorded_at = now() - interval '9 days' where id <= 2");
    await postgres.exec("update outbox set recorded_at = now() - interval '9 days' where id = 3");
    const sevenDaysMs = 7 * 24 * 3_600_000;
    expect([await forgetPublished(database, sevenDaysMs, 1), await forgetPublished(database, sevenDaysMs), await forgetPublished(database, sevenDaysMs)]).toEqual([1, 1, 0]);
    expect(await backlog(database)).toMatchObject({ pending: 1 });
  });

  test('an option outside its range is refused with its name, rule and value', async () => {
    const relayWith = (options: RelayOptions) => () => new OutboxRelay(database, brokerThat().publish, options);
    expect(relayWith({ batchSize: 1.5 })).toThrow("Cannot relay events as 'batchSize' must be a positive integer: current value is 1.5");
    expect(relayWith({ maxAttempts: 0 })).toThrow("'maxAttempts' must be a positive integer: current value is 0");
    expect(relayWith({ pollMs: Number.NaN })).toThrow("'pollMs' must be above 0 and up to 2147483647: current value is NaN");
    expect(relayWith({ publishTimeoutMs: -1 })).toThrow("'publishTimeoutMs' must be above 0 and up to 2147483647: current value is -1");
    expect(relayWith({ pollMs: 2 ** 31 })).toThrow('current value is 2147483648');
    await expect(forgetPublished(database, -1)).rejects.toThrow("'olderThanMs' must be finite and not negative: current value is -1");
    await expect(forgetPublished(database, Number.POSITIVE_INFINITY)).rejects.toThrow('current value is Infinity');
  });
});

/** PostgreSQL answers in its own time, while the virtual clock stands still. */
async function until(clock: VirtualClock, condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 20_000 && !condition(); turn += 1) await clock.advance(0);
  expect(condition()).toBe(true);
}
