/** What needs several sessions: candidates that ask at the same moment, and a write that is under way when the term ends. */
import { beforeEach, expect, test } from 'vitest';
import { PostgresLease, StaleEpochError, leaseSchema } from '../../src/examples/leader-election/postgres-lease.ts';
import { useDatabase } from './database.ts';

const database = useDatabase(`${leaseSchema} create table price (sku text primary key, cents integer not null)`);
const lease = new PostgresLease(database, 'prices');

beforeEach(async () => {
  await database.query('truncate lease, price');
  await database.query("insert into price values ('tea', 100)");
});

const price = async (): Promise<number | undefined> => (await database.query<{ cents: number }>("select cents from price where sku = 'tea'"))[0]?.cents;
const soon = (): Promise<string> => new Promise((resolve) => { setTimeout(() => resolve('waits'), 300); });

test('of twenty candidates that ask at once exactly one is granted, at first and after the end', async () => {
  for (const epoch of [1, 2, 3]) {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, pod) => lease.acquire(`pod-${pod}`, 60_000)));
    expect(answers.filter((answer) => answer !== undefined)).toEqual([epoch]);
    await database.query("update lease set expires_at = '-infinity'");
  }
});

test('a transaction that was guarded before the end commits before the next term begins', async () => {
  await lease.acquire('pod-0', 1);
  const old = await database.session();
  await old.query('begin');
  await lease.guard(old, 1);
  await old.query("update price set cents = 111 where sku = 'tea'");
  await soon();
  const taken = lease.acquire('pod-1', 60_000);
  expect(await Promise.race([taken, soon()])).toBe('waits');
  await old.query('commit');
  expect(await taken).toBe(2);
  expect(await price()).toBe(111); // the new leader reads it
});

test('a transaction that comes after the change writes nothing, however long it stood still', async () => {
  await lease.acquire('pod-0', 1);
  await soon();
  const old = await database.session();
  await old.query('begin');
  expect(await lease.acquire('pod-1', 60_000)).toBe(2);
  await database.transaction(async (transaction) => {
    await lease.guard(transaction, 2);
    await transaction.query("update price set cents = 222 where sku = 'tea'", []);
  });
  await expect(lease.guard(old, 1)).rejects.toEqual(new StaleEpochError('prices', 1));
  await old.query('rollback');
  expect(await price()).toBe(222);
});

test('a renewal does not wait for the own transaction, so long work does not cost the office', async () => {
  await lease.acquire('pod-0', 60_000);
  const work = await database.session();
  await work.query('begin');
  await lease.guard(work, 1);
  expect(await Promise.race([lease.renew(1, 60_000), soon()])).toBe(true);
  await work.query('rollback');
});

test('a question of a stand-by does not wait for the transaction of a leader in office', async () => {
  await lease.acquire('pod-0', 60_000);
  const work = await database.session();
  await work.query('begin');
  await lease.guard(work, 1);
  expect(await Promise.race([lease.acquire('pod-1', 60_000), soon()])).toBeUndefined();
  await work.query('rollback');
});

test('a leader that stands still inside its transaction holds up the next one until the server ends it', async () => {
  await lease.acquire('pod-0', 1);
  const old = await database.session();
  await old.query("set idle_in_transaction_session_timeout = '600ms'");
  await old.query('begin');
  await lease.guard(old, 1);
  const taken = lease.acquire('pod-1', 60_000);
  expect(await Promise.race([taken, soon()])).toBe('waits');
  expect(await taken).toBe(2);
  await expect(old.query("update price set cents = 111 where sku = 'tea'")).rejects.toThrow();
  expect(await price()).toBe(100);
});

test('a guard that waits for a takeover under way is refused when that commits', async () => {
  await lease.acquire('pod-0', 1);
  await soon();
  const next = await database.session();
  await next.query('begin');
  expect(await new PostgresLease(next, 'prices').acquire('pod-1', 60_000)).toBe(2);
  const late = lease.guard(database, 1).then(() => 'let through', (error: unknown) => error);
  expect(await Promise.race([late, soon()])).toBe('waits');
  await next.query('commit');
  expect(await late).toBeInstanceOf(StaleEpochError);
});

test('a leader whose session breaks off leaves no lock: the next one waits for the end of the lease only', async () => {
  await lease.acquire('pod-0', 1);
  const old = await database.session();
  await old.query('begin');
  await lease.guard(old, 1);
  old.drop();
  await soon();
  expect(await lease.acquire('pod-1', 60_000)).toBe(2);
});

test('without the guard the late write wins', async () => {
  await lease.acquire('pod-0', 1);
  await soon();
  await lease.acquire('pod-1', 60_000);
  await database.query("update price set cents = 222 where sku = 'tea'");
  await database.query("update price set cents = 111 where sku = 'tea'"); // of pod-0, when it woke up
  expect(await price()).toBe(111);
});
