import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { outboxSchema } from '../transactional-outbox/schema.ts';
import { EventRefusedError, recordEvent } from '../transactional-outbox/transactional-outbox.ts';
import type { Database, OutboxEvent } from '../transactional-outbox/transactional-outbox.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { LastIdPublisher } from './last-id-publisher.ts';
import { PollingPublisher } from './polling-publisher.ts';
import type { PollingEvent, PollingOptions } from './polling-publisher.ts';
import { claimSchema, statements } from './schema.ts';

let postgres: PGlite;
let database: Database;
beforeAll(async () => {
  postgres = await PGlite.create({ postgresqlconf: ['max_prepared_transactions=10'] });
  await postgres.exec(outboxSchema + claimSchema);
  database = {
    transaction: (work) => postgres.transaction((open) => work({
      query: async <Row>(text: string, parameters: readonly unknown[]) => (await open.query<Row>(text, [...parameters])).rows,
    })),
  };
}, 120_000);
afterAll(() => postgres.close());
beforeEach(() => postgres.exec('truncate outbox restart identity'));

const record = (key: string, type: string) => database.transaction((transaction) => recordEvent(transaction, { key, type, payload: {} }));
/** Left in flight under `name`: its id is drawn, its row invisible. */
const recordSlowly = (name: string, key: string, type: string) => postgres.exec(`begin; insert into outbox (key, type, payload, headers) values ('${key}', '${type}', '{}', '{}'); prepare transaction '${name}'`);
const leasesEnd = () => postgres.exec("update outbox set due_at = '-infinity'");
const rows = async () => (await postgres.query<{ type: string; attempts: number; published: boolean; parked: string | null; waits: boolean }>('select type, attempts, published_at is not null as published, parked, due_at > clock_timestamp() as waits from outbox order by id')).rows;

function brokerThat(answer: (event: OutboxEvent, signal: AbortSignal) => unknown = () => {}) {
  const received: OutboxEvent[] = [];
  const publish = async (event: OutboxEvent, signal: AbortSignal): Promise<void> => {
    await answer(event, signal);
    received.push(event);
  };
  return { received, publish, names: () => received.map((event) => `${event.key} ${event.type}`) };
}
const down = (): never => {
  throw new Error('connect ECONNREFUSED');
};
const recording = (options: PollingOptions = {}) => {
  const events: PollingEvent[] = [];
  return { events, types: () => events.map(({ type }) => type), options: { ...options, onEvent: (event: PollingEvent) => void events.push(event) } };
};

describe('a poll', () => {
  test('publishes what has committed, marks it, and does not publish it again', async () => {
    const message = await record('o1', 'Placed');
    const broker = brokerThat();
    const { events, options } = recording();
    const publisher = new PollingPublisher(database, broker.publish, options);
    expect([await publisher.poll(), await publisher.poll()]).toEqual([{ claimed: 1, published: 1 }, { claimed: 0, published: 0 }]);
    expect(broker.received).toEqual([{ id: '1', message, key: 'o1', type: 'Placed', payload: {}, headers: {}, attempts: 1 }]);
    expect(events).toEqual([{ type: 'polled', claimed: 1 }, { type: 'published', event: broker.received[0] }, { type: 'polled', claimed: 0 }]);
  });

  test('takes the first event of each key, as many keys as the batch holds', async () => {
    for (const [key, type] of [['o1', 'Placed'], ['o1', 'Paid'], ['o2', 'Placed'], ['o3', 'Placed']] as const) await record(key, type);
    const broker = brokerThat();
    const publisher = new PollingPublisher(database, broker.publish, { batchSize: 2 });
    for (let poll = 0; poll < 2; poll += 1) await publisher.poll();
    expect(broker.names()).toEqual(['o1 Placed', 'o2 Placed', 'o1 Paid', 'o3 Placed']);
  });

  test('marks after the confirmation: while the broker thinks, the event is claimed and not published', async () => {
    await record('o1', 'Placed');
    const confirmed = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const broker = brokerThat(() => {
      asked.resolve();
      return confirmed.promise;
    });
    const poll = new PollingPublisher(database, broker.publish).poll();
    await asked.promise;
    expect(await rows()).toEqual([{ type: 'Placed', attempts: 1, published: false, parked: null, waits: true }]);
    expect(await new PollingPublisher(database, down).poll()).toEqual({ claimed: 0, published: 0 });
    confirmed.resolve();
    await poll;
    expect(await rows()).toMatchObject([{ published: true }]);
  });

  test('a crash between confirmation and mark publishes again, under the same message id', async () => {
    await record('o1', 'Placed');
    const broker = brokerThat();
    let isDead = false;
    const dying: Database = { transaction: (work) => (isDead ? Promise.reject(new Error('Connection terminated')) : database.transaction(work)) };
    const publisher = new PollingPublisher(dying, async (event, signal) => {
      await broker.publish(event, signal);
      isDead = true;
    });
    await expect(publisher.poll()).rejects.toThrow('terminated');
    const next = new PollingPublisher(database, broker.publish);
    expect(await next.poll()).toEqual({ claimed: 0, published: 0 });
    await leasesEnd();
    await next.poll();
    expect([broker.received.length, new Set(broker.received.map(({ message }) => message)).size]).toEqual([2, 1]);
  });

  test('an event that commits late is found; the last id skips it for ever', async () => {
    await recordSlowly('slow', 'o1', 'Placed');
    await record('o2', 'Placed');
    const [broker, other] = [brokerThat(), brokerThat()];
    const [publisher, lastId] = [new PollingPublisher(database, broker.publish), new LastIdPublisher(database, other.publish)];
    for (const each of [publisher, lastId]) await each.poll();
    await postgres.exec("commit prepared 'slow'");
    expect([await publisher.poll(), await lastId.poll()]).toEqual([{ claimed: 1, published: 1 }, 0]);
    expect([broker.names(), other.names()]).toEqual([['o2 Placed', 'o1 Placed'], ['o2 Placed']]);
  });

  test('a hole that a rollback left holds nobody up', async () => {
    await recordSlowly('doomed', 'o1', 'Placed');
    await postgres.exec("rollback prepared 'doomed'");
    await record('o2', 'Placed');
    const broker = brokerThat();
    await new PollingPublisher(database, broker.publish).poll();
    expect(broker.names()).toEqual(['o2 Placed']);
  });
});

describe('failures', () => {
  test('an event that fails comes back later each time, holds its own key back and no other', async () => {
    for (const [key, type] of [['o1', 'Placed'], ['o1', 'Paid'], ['o2', 'Placed']] as const) await record(key, type);
    const broker = brokerThat(({ key }) => key === 'o1' && down());
    const { options, types } = recording({ retryMs: 60_000, maxRetryMs: 150_000 });
    const publisher = new PollingPublisher(database, broker.publish, options);
    const pauses: number[] = [];
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await publisher.poll();
      const { rows: [row] } = await postgres.query<{ seconds: number }>('select round(extract(epoch from due_at - clock_timestamp()))::integer as seconds from outbox where id = 1');
      pauses.push(row!.seconds);
      await leasesEnd();
    }
    expect(pauses).toEqual([60, 120, 150]);
    expect(types()).toEqual(['polled', 'failed', 'published', 'polled', 'failed', 'polled', 'failed']);
    expect(broker.names()).toEqual(['o2 Placed']);
  });

  test('an event that the broker refuses is parked, and the later ones of its key wait', async () => {
    for (const [key, type] of [['o1', 'Placed'], ['o1', 'Paid'], ['o2', 'Placed']] as const) await record(key, type);
    const broker = brokerThat(({ id }) => {
      if (id === '1') throw new EventRefusedError('too large');
    });
    const { options, types } = recording();
    const publisher = new PollingPublisher(database, broker.publish, options);
    await publisher.poll();
    await leasesEnd();
    await publisher.poll();
    expect(types()).toEqual(['polled', 'parked', 'published', 'polled']);
    expect(await rows()).toMatchObject([{ parked: 'EventRefusedError: too large' }, { published: false }, { published: true }]);
  });

  test('whoever has lost its claim neither postpones nor parks the event; what was confirmed counts all the same', async () => {
    await record('o1', 'Placed');
    const outcome = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const slow = new PollingPublisher(database, () => {
      asked.resolve();
      return outcome.promise;
    }).poll();
    await asked.promise;
    await leasesEnd();
    await database.transaction((transaction) => transaction.query(statements.claim, [1, 60_000]));
    outcome.reject(new EventRefusedError('late'));
    await slow;
    expect(await rows()).toEqual([{ type: 'Placed', attempts: 2, published: false, parked: null, waits: true }]);
    await database.transaction((transaction) => transaction.query(statements.confirm, [['1']]));
    await database.transaction((transaction) => transaction.query(statements.putBack, ['1', 2, 0, 'late']));
    expect(await rows()).toMatchObject([{ published: true, parked: null }]);
  });

  test('a broker that never confirms is given up after the timeout, with its signal aborted and no timer left', async () => {
    await record('o1', 'Placed');
    const clock = new VirtualClock();
    let given: AbortSignal | undefined;
    const { events, options } = recording({ clock, publishTimeoutMs: 300 });
    const poll = new PollingPublisher(database, (_event, signal) => {
      given = signal;
      return new Promise(() => {});
    }, options).poll();
    await until(clock, () => clock.pending === 1);
    await clock.advance(300);
    expect(await poll).toEqual({ claimed: 1, published: 0 });
    expect(String((events[1] as { error: unknown }).error)).toBe('PublishTimeoutError: The broker did not confirm event 1 within 300 ms');
    expect([given!.aborted, clock.pending]).toEqual([true, 0]);
  });

  test('a publish that throws at once is a failure like any other', async () => {
    await record('o1', 'Placed');
    const clock = new VirtualClock();
    expect(await new PollingPublisher(database, down, { clock }).poll()).toEqual({ claimed: 1, published: 0 });
    expect(clock.pending).toBe(0);
  });
});

describe('the loop', () => {
  const running = (options: PollingOptions, publish = brokerThat().publish, over = database) => {
    const clock = new VirtualClock();
    const stop = new AbortController();
    const polledAtMs: number[] = [];
    const publisher = new PollingPublisher(over, publish, { clock, ...options, onEvent: (event) => {
      if (event.type === 'polled' || event.type === 'broken') polledAtMs.push(clock.now());
    } });
    const run = publisher.run(stop.signal);
    return { clock, polledAtMs, idle: () => until(clock, () => clock.pending === 1), end: async () => {
      stop.abort();
      await run;
      expect(clock.pending).toBe(0);
    } };
  };

  test('asks more and more rarely while nothing is found, up to the longest pause, and often again after a find', async () => {
    const { clock, polledAtMs, idle, end } = running({ pollMs: 100, maxPollMs: 350 });
    for (const pauseMs of [100, 200, 350]) {
      await idle();
      await clock.advance(pauseMs);
    }
    await idle();
    await record('o1', 'Placed');
    await clock.advance(350);
    await idle();
    await clock.advance(100);
    await idle();
    await end();
    expect(polledAtMs).toEqual([0, 100, 300, 650, 1_000, 1_000, 1_100]);
  });

  test('goes on at once while something gets through, so that a key with many events is not held up by the pause', async () => {
    for (const type of ['Placed', 'Paid', 'Shipped']) await record('o1', type);
    const broker = brokerThat();
    const { clock, idle, end } = running({}, broker.publish);
    await idle();
    expect([clock.now(), broker.names()]).toEqual([0, ['o1 Placed', 'o1 Paid', 'o1 Shipped']]);
    await end();
  });

  test('while everything fails it does not go on at once', async () => {
    for (const key of ['o1', 'o2']) await record(key, 'Placed');
    const { clock, polledAtMs, idle, end } = running({ batchSize: 1, pollMs: 100 }, down);
    await until(clock, () => polledAtMs.length === 1 && clock.pending === 1);
    expect((await rows()).map(({ attempts }) => attempts)).toEqual([1, 0]);
    await idle();
    await end();
  });

  test('survives a lost connection and says so', async () => {
    let isLost = true;
    const flaky: Database = { transaction: (work) => (isLost ? Promise.reject(new Error('Connection terminated')) : database.transaction(work)) };
    const broker = brokerThat();
    await record('o1', 'Placed');
    const { clock, polledAtMs, idle, end } = running({ pollMs: 100 }, broker.publish, flaky);
    await idle();
    expect([polledAtMs, broker.received]).toEqual([[0], []]);
    isLost = false;
    await clock.advance(100);
    await idle();
    expect(broker.received).toHaveLength(1);
    await end();
  });

  test('an option outside its range is refused with its name, rule and value', () => {
    const withOptions = (options: PollingOptions) => () => new PollingPublisher(database, down, options);
    expect(withOptions({ batchSize: 1.5 })).toThrow("Cannot publish events as 'batchSize' must be a positive integer: current value is 1.5");
    expect(withOptions({ batchSize: 0 })).toThrow("'batchSize'");
    expect(withOptions({ retryMs: Number.NaN })).toThrow("'retryMs' must be above 0 and up to 2147483647: current value is NaN");
    expect(withOptions({ leaseMs: 2 ** 31 })).toThrow('current value is 2147483648');
    expect(withOptions({ maxPollMs: 200 })).toThrow("'maxPollMs' must be at least 'pollMs', 250: current value is 200");
    expect(withOptions({ leaseMs: 10_000 })).toThrow("'leaseMs' must be above 'publishTimeoutMs', 10000: current value is 10000");
  });
});

/** PostgreSQL answers in its own time, while the virtual clock stands still. */
async function until(clock: VirtualClock, condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 20_000 && !condition(); turn += 1) await clock.advance(0);
  expect(condition()).toBe(true);
}
