/** Two sessions at one table: of publishers that claim, and of writers that commit late. */
import { beforeEach, describe, expect, test } from 'vitest';
import { LastIdPublisher } from '../../src/examples/polling-publisher/last-id-publisher.ts';
import { PollingPublisher } from '../../src/examples/polling-publisher/polling-publisher.ts';
import { claimSchema, statements } from '../../src/examples/polling-publisher/schema.ts';
import { outboxSchema, statements as outboxStatements } from '../../src/examples/transactional-outbox/schema.ts';
import { recordEvent } from '../../src/examples/transactional-outbox/transactional-outbox.ts';
import type { OutboxEvent } from '../../src/examples/transactional-outbox/transactional-outbox.ts';
import { useDatabase } from './database.ts';

const database = useDatabase(`${outboxSchema} ${claimSchema} create table product (id text primary key, stock integer not null)`);
beforeEach(() => database.transaction(async ({ query }) => {
  // What a failed test has left open would hold up the others for ever.
  await query("set local lock_timeout = '2s'", []);
  await query('truncate outbox, product restart identity', []);
}));

const record = (key: string, type: string) => database.transaction((transaction) => recordEvent(transaction, { key, type, payload: {} }));
const claim = [statements.claim, [10, 60_000]] as const;
const idsOf = (rows: readonly { id?: unknown }[]) => rows.map(({ id }) => id);

test('a claim that has not committed is passed over, not waited for, and the later event of its key stays', async () => {
  for (const [key, type] of [['o1', 'Placed'], ['o1', 'Paid'], ['o2', 'Placed']] as const) await record(key, type);
  const [one, other] = [await database.session(), await database.session()];
  await one.query('begin');
  expect(idsOf(await one.query(statements.claim, [1, 60_000]))).toEqual(['1']);
  expect(idsOf(await other.query(...claim))).toEqual(['3']);
  // What many write: it takes the later event of the order, and the two are swapped.
  expect(idsOf(await other.query("select id::text from outbox where published_at is null and due_at <= clock_timestamp() order by id for update skip locked"))).toEqual(['2']);
  await one.query('commit');
  expect(await other.query(...claim)).toEqual([]);
});

test('a publisher that dies with its transaction open leaves its events at once; one that dies later, when the lease ends', async () => {
  await record('o1', 'Placed');
  const one = await database.session();
  await one.query('begin');
  await one.query(...claim);
  one.drop();
  await expect.poll(async () => idsOf(await database.query(statements.claim, [10, 300])), { timeout: 10_000 }).toEqual(['1']);
  expect(await database.query(...claim)).toEqual([]);
  await expect.poll(async () => idsOf(await database.query(...claim)), { timeout: 10_000 }).toEqual(['1']);
});

test('an event that commits late, with a smaller id, is claimed; by the last id it is lost', async () => {
  const slow = await database.session();
  await slow.query('begin');
  await slow.query(outboxStatements.record, ['o1', 'Placed', '{}', '{}']);
  await record('o2', 'Placed');
  const heard = { claims: [] as string[], lastId: [] as string[] };
  const publisher = new PollingPublisher(database, async ({ key }) => void heard.claims.push(key));
  const lastId = new LastIdPublisher(database, async ({ key }) => void heard.lastId.push(key));
  for (const each of [publisher, lastId]) await each.poll();
  await slow.query('commit');
  for (const each of [publisher, lastId]) await each.poll();
  expect(heard).toEqual({ claims: ['o2', 'o1'], lastId: ['o2'] });
});

test('after an outage a claim is quick, although all that waits is of one key and the server has counted it', async () => {
  await database.query("insert into outbox (key, type, payload, headers) select 'o1', 'Paid', '{}', '{}' from generate_series(1, 20000)");
  await database.query('analyze outbox');
  const session = await database.session();
  await session.query("set statement_timeout = '3s'"); // far less is needed; a join of all with all takes longer
  expect(idsOf(await session.query(...claim))).toEqual(['1']);
});

describe('four publishers beside twelve writers', () => {
  test('each event is published once, and those of a key in order', async () => {
    const products = ['kettle', 'teapot', 'cup', 'tray'];
    for (const id of products) await database.query('insert into product values ($1, 0)', [id]);
    const received: OutboxEvent[] = [];
    const stop = new AbortController();
    const running = Array.from({ length: 4 }, (_, number) => new PollingPublisher(database, async (event) => {
      await new Promise((resolve) => { setTimeout(resolve, (received.length * 7 + number) % 5); });
      received.push(event);
    }, { pollMs: 2, maxPollMs: 10, batchSize: 3 }).run(stop.signal));
    await Promise.all(Array.from({ length: 12 }, async (_, writer) => {
      for (let change = 0; change < 20; change += 1) {
        const product = products[(writer + change) % products.length]!;
        await database.transaction(async (transaction) => {
          // The lock of the row, and under it the id.
          const [row] = await transaction.query<{ stock: number }>('update product set stock = stock + 1 where id = $1 returning stock', [product]);
          await recordEvent(transaction, { key: product, type: 'StockChanged', payload: { stock: row!.stock } });
        });
      }
    }));
    await expect.poll(() => received.length, { timeout: 20_000 }).toBe(240);
    stop.abort();
    await Promise.all(running);
    for (const product of products) {
      const stocks = received.filter(({ key }) => key === product).map(({ payload }) => (payload as { stock: number }).stock);
      expect(stocks).toEqual(Array.from({ length: 60 }, (_, at) => at + 1));
    }
    expect(new Set(received.map(({ message }) => message)).size).toBe(240);
  }, 40_000);
});
