import { PGlite } from '@electric-sql/pglite';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { PostgresLease, StaleEpochError, leaseSchema } from './postgres-lease.ts';
import type { Database } from './postgres-lease.ts';

// A real PostgreSQL with one session, whose clock follows Date.now. What needs two is in tests/postgres.
let postgres: PGlite;
let database: Database;
let nowMs: number;
const signal = new AbortController().signal;
beforeAll(async () => {
  postgres = await PGlite.create();
  await postgres.exec(leaseSchema);
  database = { query: async <Row>(text: string, parameters: readonly unknown[]) => (await postgres.query<Row>(text, [...parameters])).rows };
}, 120_000);
afterAll(() => postgres.close());
beforeEach(async () => {
  nowMs = Date.parse('2030-01-01T00:00:00Z');
  vi.spyOn(Date, 'now').mockImplementation(() => nowMs);
  await postgres.exec('truncate lease');
});
afterEach(() => vi.restoreAllMocks());

test('a lease is granted, refused while it runs, renewed, and granted anew with a higher epoch when it has run out', async () => {
  const lease = new PostgresLease(database, 'prices');
  expect(await lease.acquire('pod-0', 10_000)).toBe(1);
  nowMs += 9_999;
  expect(await lease.acquire('pod-1', 10_000)).toBeUndefined();
  expect(await lease.renew(1, 10_000)).toBe(true);
  nowMs += 9_999;
  expect(await lease.acquire('pod-1', 10_000)).toBeUndefined();
  nowMs += 1;
  expect(await lease.acquire('pod-1', 10_000)).toBe(2);
  expect(await lease.renew(1, 10_000)).toBe(false);
  expect(await new PostgresLease(database, 'invoices').acquire('pod-1', 10_000)).toBe(1);
});

test('a release frees the lease at once, ends its epoch, and keeps the count', async () => {
  const lease = new PostgresLease(database, 'prices');
  await lease.acquire('pod-0', 10_000);
  await lease.release(1);
  expect(await lease.renew(1, 10_000)).toBe(false);
  await expect(lease.guard(database, 1)).rejects.toEqual(new StaleEpochError('prices', 1));
  expect(await lease.acquire('pod-1', 10_000)).toBe(3);
  await lease.release(1); // late
  await lease.guard(database, 3);
});

test('the guard lets the epoch in office through, even past its end, and no other', async () => {
  const lease = new PostgresLease(database, 'prices');
  await expect(lease.guard(database, 1)).rejects.toThrow("'prices' refused a write of term 1: it is over");
  await lease.acquire('pod-0', 10_000);
  nowMs += 60_000; // nobody has taken over, so nobody can be harmed
  await lease.guard(database, 1);
  await lease.acquire('pod-1', 10_000);
  await expect(lease.guard(database, 1)).rejects.toBeInstanceOf(StaleEpochError);
  await lease.guard(database, 2);
  expect(signal.aborted).toBe(false);
});
