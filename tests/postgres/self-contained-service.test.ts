/** What needs several sessions: one order sent twice at once, two decisions at once, a copy that is fed while orders come in. */
import { beforeEach, expect, test } from 'vitest';
import { heartbeat, learn, lookUp, openFeed } from '../../src/examples/self-contained-service/replica.ts';
import { orderSchema } from '../../src/examples/self-contained-service/schema.ts';
import { OrderService } from '../../src/examples/self-contained-service/self-contained-service.ts';
import { useDatabase } from './database.ts';

const database = useDatabase(`${orderSchema} create table announced (type text not null, order_id text not null)`);
const service = new OrderService(database, {
  maxAgeMs: { catalogue: 600_000, accounts: 600_000 },
  announce: (transaction, { type, order }) => transaction.query('insert into announced values ($1, $2)', [type, order]),
});
const order = { id: 'o1', customer: 'ada', sku: 'kettle', pieces: 1 };
const announced = () => database.query<{ type: string; count: number }>('select type, count(*)::integer as count from announced group by type order by type');

beforeEach(async () => {
  await database.query('truncate known, feed, orders, announced');
  await database.transaction(async (open) => {
    for (const source of ['catalogue', 'accounts'] as const) {
      await openFeed(open, source, 1);
      await heartbeat(open, source, 0, new Date());
    }
    await learn(open, { source: 'catalogue', key: 'kettle', version: 1, body: { priceCents: 4_200 } });
    await learn(open, { source: 'accounts', key: 'ada', version: 1, body: { mayOrder: true } });
  });
});

test('one order sent ten times at once is placed once, and all get the same answer', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => service.place(order)));
  expect(new Set(answers.map((each) => JSON.stringify(each))).size).toBe(1);
  expect(await announced()).toEqual([{ type: 'OrderPlaced', count: 1 }]);
});

test('two who say yes at the same moment confirm it once', async () => {
  for (let round = 0; round < 20; round += 1) await service.place({ ...order, id: `o${round}` });
  const states = await Promise.all(Array.from({ length: 20 }, (_, round) => Promise.all([service.decide(`o${round}`, 'inventory', true), service.decide(`o${round}`, 'payments', true)])));
  expect(states.map((pair) => pair.toSorted())).toEqual(Array(20).fill(['confirmed', 'pending']));
  expect(await announced()).toEqual([{ type: 'OrderConfirmed', count: 20 }, { type: 'OrderPlaced', count: 20 }]);
});

test('giving up beside the last yes leaves one outcome, announced once', async () => {
  for (let round = 0; round < 20; round += 1) {
    await service.place({ ...order, id: `o${round}` });
    await service.decide(`o${round}`, 'inventory', true);
  }
  const [states] = await Promise.all([Promise.all(Array.from({ length: 20 }, (_, round) => service.decide(`o${round}`, 'payments', true))), service.giveUp(0)]);
  const stored = await database.query<{ state: string }>('select state from orders order by length(id), id');
  expect(stored.map(({ state }) => state)).toEqual(states);
  const outcomes = (await announced()).filter(({ type }) => type !== 'OrderPlaced');
  expect(outcomes.reduce((sum, { count }) => sum + count, 0)).toBe(20);
});

test('versions that arrive from several consumers at once leave the newest', async () => {
  const versions = Array.from({ length: 30 }, (_, at) => at + 2).sort((one, other) => (one * 7) % 31 - (other * 7) % 31);
  await Promise.all(versions.map((version) => database.transaction((open) => learn(open, { source: 'catalogue', key: 'kettle', version, body: { priceCents: version } }))));
  expect(await database.transaction((open) => lookUp(open, 'catalogue', 'kettle'))).toEqual({ source: 'catalogue', version: '31', body: { priceCents: 31 } });
});
