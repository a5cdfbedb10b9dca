/** What needs several sessions: instances that claim, and a message that comes while a case falls asleep. */
import { beforeEach, expect, test } from 'vitest';
import type { Claim } from '../../src/examples/orchestration/contract.ts';
import { PostgresStore, caseSchema, caseStatements } from '../../src/examples/orchestration/postgres-store.ts';
import { useDatabase } from './database.ts';

const database = useDatabase(caseSchema);
const hour = 3_600_000;

beforeEach(() => database.query('truncate process_case cascade'));

async function claimed(store: PostgresStore): Promise<Claim> {
  const claim = await store.claim(['order/1'], 60_000);
  if (claim === undefined) throw new Error('nothing to claim');
  return claim;
}

test('instances that claim at the same moment never get the same case', async () => {
  const store = new PostgresStore(database);
  for (let order = 0; order < 30; order += 1) await store.create(`o${order}`, 'order/1', null);
  const claims = await Promise.all(Array.from({ length: 50 }, () => store.claim(['order/1'], 60_000)));
  const ids = claims.flatMap((claim) => (claim === undefined ? [] : [claim.id]));
  expect([ids.length, new Set(ids).size]).toEqual([30, 30]);
});

test('a message whose transaction is still open when the flow looks for it is not slept through', async () => {
  const store = new PostgresStore(database);
  await store.create('o1', 'order/1', null);
  const claim = await claimed(store);
  const sender = await database.session();
  await sender.query('begin');
  await sender.query(caseStatements.deliver, ['o1', 'picked', 'true']);
  expect(await store.message('o1', 'picked')).toBeUndefined();
  const resting = store.rest(claim, hour, 'waits for picked');
  await sender.query('commit');
  expect(await resting).toBe(true);
  const woken = await claimed(store);
  expect([woken.wakes, await store.message('o1', 'picked')]).toEqual([1, { value: true }]);
}, 10_000);

test('of two messages at the same moment one counts', async () => {
  const store = new PostgresStore(database);
  await store.create('o1', 'order/1', null);
  const outcomes = await Promise.all(Array.from({ length: 10 }, (_, at) => store.deliver('o1', 'picked', at)));
  expect(outcomes.filter(Boolean)).toHaveLength(1);
});
