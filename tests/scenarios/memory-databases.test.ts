/** The simulated databases of the data examples say what a real PostgreSQL says, statement by statement. */
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { accountsDatabase } from '../../src/examples/a-payment-that-never-doubles/memory-database.ts';
import { accountsSchema, inboxSchema, statements as paymentStatements } from '../../src/examples/a-payment-that-never-doubles/schema.ts';
import { memoryDatabase as viewDatabase } from '../../src/examples/cqrs/memory-database.ts';
import { readSchema, statements as viewStatements, writeSchema } from '../../src/examples/cqrs/schema.ts';
import { memoryDatabase as eventDatabase } from '../../src/examples/event-sourcing/memory-database.ts';
import { eventSchema, statements as eventStatements } from '../../src/examples/event-sourcing/schema.ts';
import { memoryDatabase as keyDatabase } from '../../src/examples/idempotency-key/memory-database.ts';
import { memoryDatabase as consumerDatabase } from '../../src/examples/idempotent-consumer/memory-database.ts';
import { inboxSchema as consumerSchema, statements as consumerStatements } from '../../src/examples/idempotent-consumer/schema.ts';
import { memoryUpkeep as keyUpkeep } from '../../src/examples/idempotency-key/memory-upkeep.ts';
import { idempotencySchema, statements as keyStatements } from '../../src/examples/idempotency-key/schema.ts';
import { memoryClaims } from '../../src/examples/polling-publisher/memory-claims.ts';
import { claimSchema, statements as claimStatements } from '../../src/examples/polling-publisher/schema.ts';
import { memoryDatabase as outboxDatabase } from '../../src/examples/transactional-outbox/memory-database.ts';
import { memoryUpkeep as outboxUpkeep } from '../../src/examples/transactional-outbox/memory-upkeep.ts';
import { outboxSchema, statements as outboxStatements } from '../../src/examples/transactional-outbox/schema.ts';
import { VirtualClock } from '../../src/examples/virtual-clock.ts';
import { RandomStream } from '../../src/simulator/random-stream.ts';
import { PostgresPair } from './postgres-pair.ts';

const startMs = Date.parse('2030-01-01T00:00:00Z');
let nowMs = startMs;
const clock = Object.assign(new VirtualClock(), { now: () => nowMs - startMs });
let postgres: PGlite;
beforeAll(async () => {
  postgres = await PGlite.create({ postgresqlconf: ['max_prepared_transactions=10'] });
  await postgres.exec(`${idempotencySchema} ${outboxSchema} ${claimSchema} ${eventSchema} ${writeSchema} ${readSchema} ${inboxSchema} ${accountsSchema}`);
}, 120_000);
afterAll(() => postgres.close());
beforeEach(() => void vi.spyOn(Date, 'now').mockImplementation(() => nowMs));

/** One of them, at random. */
const oneOf = <Item>(random: RandomStream, items: readonly Item[]): Item => items[random.below(items.length)]!;
const names = (count: number, prefix: string) => Array.from({ length: count }, (_, at) => `${prefix}${at}`);

describe('idempotency keys', () => {
  let pair: PostgresPair;
  beforeAll(() => void (pair = new PostgresPair(keyDatabase(clock, {}, keyUpkeep), postgres)));

  test('400 random transactions, some rolled back, some left in flight meanwhile', async () => {
    const random = new RandomStream(1, 'idempotency keys');
    const owners = ['00000000-0000-4000-8000-00000000ffff'];
    const steps = (tenant: string, keys: readonly string[], isFree: boolean) => async (query: Parameters<Parameters<PostgresPair['transaction']>[1]>[0]) => {
      for (let step = random.below(5); step >= 0; step -= 1) {
        nowMs += random.below(400);
        const key = oneOf(random, keys);
        const payload = oneOf(random, ['["POST /orders",{"item":"kettle","count":1}]', '["POST /orders", {"count": 1, "item": "kettle"}]', '["POST /orders",{"item":"teapot","parts":[{"b":null,"a":1},[]]}]']);
        const kind = random.below(isFree ? 7 : 6);
        if (kind === 0) await query(keyStatements.expire, [tenant, key]);
        else if (kind <= 2) {
          const [claimed] = await query(keyStatements.claim, [tenant, key, payload, oneOf(random, [300, 1_000]), oneOf(random, [1_500, 4_000])]) as { owner: string }[];
          if (claimed !== undefined) owners.unshift(claimed.owner);
        } else if (kind === 3) await query(keyStatements.lookUp, [tenant, key, payload]);
        else if (kind === 4) await query(keyStatements.answer, [tenant, key, oneOf(random, owners.slice(0, 6)), 201, oneOf(random, ['{"zebra":1,"apple":[2]}', 'null'])]);
        else if (kind === 5) await query(keyStatements.release, [tenant, key, oneOf(random, owners.slice(0, 6))]);
        else await query(keyStatements.forget, [1_000]);
      }
    };
    for (let round = 0; round < 200; round += 1) {
      const prepare = `slow ${round}`;
      // What is in flight holds its rows, so everybody else works on other keys: a wait would never end with one session.
      const isSlow = random.chance(0.3);
      if (isSlow) await pair.transaction({ prepare }, steps('slow', names(2, 'key '), false));
      await pair.transaction(random.chance(0.2) ? 'rollback' : 'commit', steps('quick', names(3, 'key '), !isSlow));
      await pair.transaction('commit', steps('quick', names(3, 'key '), !isSlow));
      if (isSlow) await pair.end(prepare, random.chance(0.4) ? 'rollback' : 'commit');
    }
    expect(pair.compared).toBeGreaterThan(1_000);
  });

  test('cleanup keeps to its limit', async () => {
    await pair.transaction('commit', async (query) => {
      for (const key of names(5, 'old ')) await query(keyStatements.claim, ['cleanup', key, '{}', 100, 200]);
    });
    nowMs += 10_000_000;
    await pair.transaction('commit', async (query) => {
      await query(keyStatements.forget, [1_000]);
      for (const key of names(5, 'new ')) await query(keyStatements.claim, ['cleanup', key, '{}', 100, 200]);
    });
    nowMs += 10_000;
    const counts: number[] = [];
    await pair.transaction('commit', async (query) => {
      for (const limit of [3, 3, 3]) counts.push((await query(keyStatements.forget, [limit])).length);
    });
    expect(counts).toEqual([3, 2, 0]);
  });

  test('a statement that neither knows ends the transaction, whatever comes after it', async () => {
    const after: unknown[] = [];
    await pair.transaction('commit', async (query) => {
      await query(keyStatements.claim, ['failing', 'key 1', '{}', 100, 200]);
      await query('select from nowhere at all', []).catch((error: unknown) => after.push((error as Error).message));
      await query(keyStatements.lookUp, ['failing', 'key 1', '{}']).catch((error: unknown) => after.push((error as Error).message));
    });
    await pair.transaction('commit', async (query) => void after.push(await query(keyStatements.lookUp, ['failing', 'key 1', '{}'])));
    expect(after).toEqual([expect.stringContaining('knows only the statements of schema.ts'), expect.stringContaining('current transaction is aborted, commands ignored until end of transaction block'), []]);
  });
});

describe('claims on the outbox', () => {
  afterAll(() => postgres.exec('truncate outbox restart identity'));

  test('400 random transactions, some rolled back, some left in flight meanwhile', async () => {
    const pair = new PostgresPair(outboxDatabase(clock, {}, memoryClaims), postgres);
    const random = new RandomStream(1, 'claims');
    let mine: { id: string; attempts: number }[] = [];
    let inFlight: string[] = [];
    let claimed = 0;
    const steps = (kinds: number, taken: string[] = []) => async (query: Parameters<Parameters<PostgresPair['transaction']>[1]>[0]) => {
      for (let step = random.below(6); step >= 0; step -= 1) {
        nowMs += random.below(400);
        const kind = random.below(kinds);
        // What is in flight holds its rows: a wait would never end with one session.
        const free = mine.filter(({ id }) => !inFlight.includes(id));
        const some = free.length > 0 ? oneOf(random, free) : { id: '999999', attempts: 1 };
        if (kind === 0) await query(outboxStatements.record, [oneOf(random, names(6, 'order ')), 'OrderPlaced', '{}', '{}']);
        else if (kind === 1) {
          const rows = await query(claimStatements.claim, [oneOf(random, [1, 3, 100]), oneOf(random, [100, 1_000])]) as typeof mine;
          claimed += rows.length;
          taken.push(...rows.map(({ id }) => id));
          mine = [...rows, ...mine].slice(0, 8);
        } else if (kind === 2) await query(claimStatements.after, [some.id, oneOf(random, [1, 100])]);
        else if (kind <= 4) await query(claimStatements.confirm, [[...new Set([some.id, ...free.slice(0, random.below(3)).map(({ id }) => id)])]]);
        else await query(claimStatements.putBack, [some.id, some.attempts - (random.chance(0.2) ? 1 : 0), oneOf(random, [0, 500]), random.chance(0.1) ? 'EventRefusedError: too large' : null]);
      }
    };
    for (let round = 0; round < 200; round += 1) {
      const prepare = `claims ${round}`;
      const isSlow = random.chance(0.3);
      inFlight = [];
      const taken: string[] = [];
      if (isSlow) await pair.transaction({ prepare }, steps(2, taken));
      inFlight = taken;
      await pair.transaction(random.chance(0.2) ? 'rollback' : 'commit', steps(6));
      await pair.transaction('commit', steps(6));
      if (isSlow) await pair.end(prepare, random.chance(0.4) ? 'rollback' : 'commit');
    }
    expect([pair.compared > 1_000, claimed > 200]).toEqual([true, true]);
  });
});

describe('the outbox', () => {
  let pair: PostgresPair;
  beforeAll(() => void (pair = new PostgresPair(outboxDatabase(clock, {}, outboxUpkeep), postgres)));

  test('an empty table has no backlog', async () => {
    await pair.transaction('commit', async (query) => expect(await query(outboxStatements.backlog, [])).toEqual([{ pending: 0, parked: 0, oldestMs: 0 }]));
  });

  test('400 random transactions, some rolled back, some left in flight meanwhile', async () => {
    const random = new RandomStream(1, 'outbox');
    let recorded = 1;
    let waiting: readonly string[] = ['1'];
    const steps = (kinds: number, limit = 1_000) => async (query: Parameters<Parameters<PostgresPair['transaction']>[1]>[0]) => {
      for (let step = random.below(6); step >= 0; step -= 1) {
        nowMs += random.below(400);
        const kind = random.below(kinds);
        const id = random.chance(0.5) ? oneOf(random, waiting) : String(1 + random.below(recorded));
        if (kind <= 1) recorded += (await query(outboxStatements.record, [oneOf(random, names(6, 'order ')), 'OrderPlaced', '{"total": 4200, "lines": [1, {"b": 2}]}', oneOf(random, ['{}', '{"traceparent":"00"}'])])).length;
        else if (kind === 2) await query(outboxStatements.takeTurn, []);
        else if (kind === 3) {
          const rows = await query(outboxStatements.pending, [oneOf(random, [1, 3, limit]), names(random.below(3), 'order ')]) as { id: string }[];
          if (rows.length > 0) waiting = rows.map((row) => row.id);
        } else if (kind === 4) await query(outboxStatements.backlog, []);
        else if (kind <= 6) await query(outboxStatements.markPublished, [id]);
        else if (kind === 7) await query(outboxStatements.markFailed, [id, oneOf(random, [null, 'EventRefusedError: too large'])]);
        else if (kind === 8) await query(outboxStatements.release, [id]);
        else await query(outboxStatements.forget, [oneOf(random, [0, 500, 2_000]), limit]);
      }
    };
    for (let round = 0; round < 200; round += 1) {
      const prepare = `slow ${round}`;
      const isSlow = random.chance(0.3);
      // In flight: new events, and perhaps the turn.
      if (isSlow) await pair.transaction({ prepare }, steps(3));
      await pair.transaction(random.chance(0.2) ? 'rollback' : 'commit', steps(10));
      await pair.transaction('commit', steps(10));
      if (isSlow) await pair.end(prepare, random.chance(0.4) ? 'rollback' : 'commit');
    }
    expect(pair.compared).toBeGreaterThan(1_000);
  });

  test('cleanup keeps to its limit while others wait', async () => {
    const counts: number[] = [];
    await pair.transaction('commit', async (query) => {
      for (const key of names(5, 'new order ')) await query(outboxStatements.record, [key, 'OrderPlaced', '{}', '{}']);
      const waiting = await query(outboxStatements.pending, [10_000, []]) as { id: string }[];
      for (const { id } of waiting) await query(outboxStatements.markPublished, [id]);
    });
    nowMs += 1_000;
    await pair.transaction('rollback', async (query) => {
      counts.push((await query(outboxStatements.forget, [1, 2])).length, (await query(outboxStatements.forget, [1, 10_000])).length > 0 ? 1 : 0, (await query(outboxStatements.forget, [1, 2])).length);
      await query(outboxStatements.backlog, []);
    });
    expect(counts).toEqual([2, 1, 0]);
  });
});

describe('the inbox', () => {
  test('400 random transactions, some rolled back, some left in flight meanwhile', async () => {
    const pair = new PostgresPair(accountsDatabase(clock, () => {}), postgres);
    const random = new RandomStream(1, 'inbox');
    const fresh = { yes: 0, no: 0 };
    const steps = (prefix: string) => async (query: Parameters<Parameters<PostgresPair['transaction']>[1]>[0]) => {
      for (let step = random.below(5); step >= 0; step -= 1) {
        if (random.chance(0.2)) await query(paymentStatements.book, [`${prefix} customer`, 100]);
        else {
          const rows = await query(paymentStatements.remember, [oneOf(random, ['accounts', 'notifications']), oneOf(random, names(40, prefix))]);
          fresh[rows.length === 1 ? 'yes' : 'no'] += 1;
        }
      }
    };
    for (let round = 0; round < 200; round += 1) {
      const prepare = `slow ${round}`;
      // What is in flight holds its ids, so everybody else handles other messages.
      const isSlow = random.chance(0.3);
      if (isSlow) await pair.transaction({ prepare }, steps(`slow ${round >> 4} `));
      await pair.transaction(random.chance(0.2) ? 'rollback' : 'commit', steps(`quick ${round >> 4} `));
      await pair.transaction('commit', steps(`quick ${round >> 4} `));
      if (isSlow) await pair.end(prepare, random.chance(0.4) ? 'rollback' : 'commit');
    }
    expect(pair.compared).toBeGreaterThan(1_000);
    expect(Math.min(fresh.yes, fresh.no)).toBeGreaterThan(200);
  });
});

describe('the inbox that forgets', () => {
  test('400 random transactions, some rolled back, some left in flight meanwhile', async () => {
    // It has the same name as the inbox of the guide, so it stands in a schema of its own.
    await postgres.exec(`create schema apart; set search_path to apart; ${consumerSchema}`);
    const pair = new PostgresPair(consumerDatabase(clock, {}, startMs), postgres);
    const random = new RandomStream(1, 'the inbox that forgets');
    let news = 0;
    const steps = (prefix: string, mayForget: boolean) => async (query: Parameters<Parameters<PostgresPair['transaction']>[1]>[0]) => {
      for (let step = random.below(6); step >= 0; step -= 1) {
        nowMs += random.below(300);
        const consumer = oneOf(random, ['inventory', 'statistics']);
        if (mayForget && random.chance(0.2)) await query(consumerStatements.forget, [consumer, oneOf(random, [2_000, 20_000]), 1_000]);
        else {
          const madeAt = new Date(nowMs - random.below(12_000) + 1_000).toISOString();
          const [entry] = await query(consumerStatements.admit, [consumer, oneOf(random, names(30, prefix)), madeAt, 10_000, 500]) as { isNew: boolean }[];
          if (entry?.isNew) news += 1;
        }
      }
    };
    for (let round = 0; round < 200; round += 1) {
      const prepare = `forgets ${round}`;
      const isSlow = random.chance(0.3);
      if (isSlow) await pair.transaction({ prepare }, steps('slow ', false));
      await pair.transaction(random.chance(0.2) ? 'rollback' : 'commit', steps('quick ', !isSlow));
      await pair.transaction('commit', steps('quick ', !isSlow));
      if (isSlow) await pair.end(prepare, random.chance(0.4) ? 'rollback' : 'commit');
    }
    expect(news).toBeGreaterThan(100);
    expect(pair.compared).toBeGreaterThan(1_000);
    await postgres.exec('set search_path to public');
  });
});

describe('the event store', () => {
  test('400 random transactions on a few streams, some rolled back, some left in flight meanwhile', async () => {
    const pair = new PostgresPair(eventDatabase(clock), postgres);
    const random = new RandomStream(1, 'event store');
    let taken = 0;
    const steps = (streams: readonly string[], mayFail = true) => async (query: Parameters<Parameters<PostgresPair['transaction']>[1]>[0]) => {
      for (let step = random.below(5); step >= 0; step -= 1) {
        const stream = oneOf(random, streams);
        const model = oneOf(random, ['stock/1', 'stock/2']);
        const end = ((await query(eventStatements.read, [stream, 0, 1_000, 1_000])).at(-1) as { version: number } | undefined)?.version ?? 0;
        const kind = random.below(6);
        // Mostly the right version, sometimes one before or after it.
        const expected = Math.max(0, end + oneOf(random, [0, 0, 0, -1, 1]));
        const events = Array.from({ length: 1 + random.below(3) }, (_, at) => ({ type: oneOf(random, ['StockReceived', 'OrderShipped']), schema: 1 + random.below(3), data: { at, note: oneOf(random, [null, 'x', [1, { b: 2, a: 1 }]]) } }));
        if (kind <= 2) taken += (await query(eventStatements.append, [stream, expected, JSON.stringify(events), '{}'])).length;
        else if (kind === 3) await query(eventStatements.read, [stream, random.below(end + 2), random.below(end + 3), 1 + random.below(4)]);
        else if (kind === 4) await query(eventStatements.snapshot, [stream, model]);
        // Sometimes of a version that is not there: the foreign key refuses it, and with it the transaction.
        else if (mayFail || end > 0) await query(eventStatements.keepSnapshot, [stream, model, 1 + random.below(mayFail ? end + 1 : end), JSON.stringify({ free: random.below(9) })]);
      }
    };
    for (let round = 0; round < 200; round += 1) {
      const prepare = `slow append ${round}`;
      const isSlow = random.chance(0.3);
      if (isSlow) await pair.transaction({ prepare }, steps(names(2, 'slow stream '), false));
      await pair.transaction(random.chance(0.2) ? 'rollback' : 'commit', steps(names(4, `stream ${round >> 4} `)));
      await pair.transaction('commit', steps(names(4, `stream ${round >> 4} `)));
      if (isSlow) await pair.end(prepare, random.chance(0.4) ? 'rollback' : 'commit');
    }
    expect(pair.compared).toBeGreaterThan(1_000);
    expect(taken).toBeGreaterThan(300);
  });
});

describe('orders and their views', () => {
  test('400 random transactions, some rolled back, some left in flight meanwhile', async () => {
    const pair = new PostgresPair(viewDatabase(clock, [{ view: 'v', projection: 'copy 0' }]), postgres);
    await pair.transaction('commit', async (query) => expect(await query(viewStatements.overview, ['v', 'customer 0'])).toEqual([]));
    await postgres.exec("insert into projections values ('copy 0', 0); insert into serving values ('v', 'copy 0')");
    await pair.transaction('commit', async (query) => void await query(viewStatements.begin, ['copy 0']));
    const random = new RandomStream(1, 'orders and their views');
    const customers = names(3, 'customer ');
    const copies = names(3, 'copy ');
    let end = 0;
    const steps = (prefix: string, mayRecord: boolean, own: readonly string[]) => async (query: Parameters<Parameters<PostgresPair['transaction']>[1]>[0]) => {
      for (let step = random.below(6); step >= 0; step -= 1) {
        const order = oneOf(random, names(8, prefix));
        const kind = random.below(11);
        if (kind === 0) await query(viewStatements.placeOrder, [order, oneOf(random, customers), 1 + random.below(900)]);
        else if (kind === 1) await query(viewStatements.closeOrder, [order, oneOf(random, ['shipped', 'cancelled'])]);
        else if (kind === 2) await query(viewStatements.order, [order]);
        else if (kind === 3 && mayRecord) end = (await query(viewStatements.record, ['OrderPlaced', '{"customer": "customer 0", "cents": 1}']) as [{ position: number }])[0].position;
        else if (kind === 4) await query(viewStatements.head, []);
        else if (kind === 5) await query(viewStatements.changes, [Math.max(0, end - random.below(9)), 1 + random.below(5)]);
        else if (kind === 6) await query(viewStatements.begin, [oneOf(random, own)]);
        else if (kind === 7) await query(viewStatements.takeTurn, [oneOf(random, copies)]);
        else if (kind === 8) {
          const name = oneOf(random, own);
          const [mine] = await query(viewStatements.takeTurn, [name]) as { position: number }[];
          if (mine === undefined) continue;
          await query(viewStatements.addToOverview, [name, oneOf(random, customers), 1, oneOf(random, [1, -1]), random.below(900)]);
          await query(viewStatements.moveTo, [name, mine.position + 1]);
        } else if (kind === 9) await query(viewStatements.overview, ['v', oneOf(random, customers)]);
        else await query(viewStatements.overviewOfOrders, [oneOf(random, customers)]);
      }
    };
    for (let round = 0; round < 200; round += 1) {
      const prepare = `slow ${round}`;
      // What is in flight holds its rows and the turn at the feed, so everybody else works on others.
      const isSlow = random.chance(0.3);
      if (isSlow) await pair.transaction({ prepare }, steps('slow ', true, ['copy 2']));
      await pair.transaction(random.chance(0.2) ? 'rollback' : 'commit', steps('quick ', !isSlow, ['copy 0', 'copy 1']));
      await pair.transaction('commit', steps('quick ', !isSlow, ['copy 0', 'copy 1']));
      if (isSlow) await pair.end(prepare, random.chance(0.4) ? 'rollback' : 'commit');
    }
    expect(pair.compared).toBeGreaterThan(1_000);
    expect(end).toBeGreaterThan(50);
  });
});
