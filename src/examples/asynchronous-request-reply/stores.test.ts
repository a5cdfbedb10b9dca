import { PGlite } from '@electric-sql/pglite';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { JobApi } from './asynchronous-request-reply.ts';
import type { Job, JobStore } from './asynchronous-request-reply.ts';
import { MemoryJobs } from './memory-jobs.ts';
import { jobSchema, PostgresJobs } from './postgres-jobs.ts';
import { workOnce } from './worker.ts';

// A real PostgreSQL with one session; its clock follows Date.now, so both stores live on the same virtual time.
let postgres: PGlite;
let clock: VirtualClock;
let stores: [name: string, store: JobStore][];
/** Asked before a statement, once: what another session does in between. */
let meanwhile: (() => Promise<unknown>) | undefined;
beforeAll(async () => {
  postgres = await PGlite.create();
  await postgres.exec(jobSchema);
}, 120_000);
afterAll(() => postgres.close());
beforeEach(async () => {
  clock = new VirtualClock();
  meanwhile = undefined;
  vi.spyOn(Date, 'now').mockImplementation(() => Date.parse('2030-01-01T00:00:00Z') + clock.now());
  await postgres.exec('truncate job');
  const query = async <Row>(text: string, parameters: readonly unknown[]): Promise<Row[]> => {
    if (text.includes('insert into')) {
      const first = meanwhile;
      meanwhile = undefined;
      await first?.();
    }
    return (await postgres.query<Row>(text, [...parameters])).rows;
  };
  const numbered = () => {
    let last = 0;
    return () => `j${(last += 1)}`;
  };
  stores = [['memory', new MemoryJobs(clock, numbered())], ['PostgreSQL', new PostgresJobs({ query }, numbered())]];
});
afterEach(() => vi.restoreAllMocks());

const submitted = async (store: JobStore, key = 'k1', input: unknown = { year: 2029 }) => {
  const answer = await store.submit('ann', key, input, 100);
  if (!('job' in answer)) throw new Error(answer.outcome);
  return answer.job;
};
const rounded = (job: Job | undefined) => job && { ...job, ageMs: Math.round(job.ageMs), runMs: Math.round(job.runMs), quietMs: Math.round(job.quietMs) };

test('a job is stored once for each key of an owner, with all that is known of it', async () => {
  for (const [name, store] of stores) {
    const first = await submitted(store);
    expect(rounded(first), name).toEqual({ id: first.id, owner: 'ann', state: 'queued', input: { year: 2029 }, outcome: null, progress: 0, attempts: 0, ageMs: 0, runMs: 0, quietMs: 0 });
    expect([(await store.submit('ann', 'k1', { year: 2029 }, 1)).outcome, (await store.submit('ann', 'k1', { year: 2030 }, 1)).outcome, (await store.submit('bob', 'k1', { year: 2029 }, 9)).outcome], name).toEqual(['known', 'differs', 'stored']);
    expect([(await submitted(store)).id, await store.find('j9')], name).toEqual([first.id, undefined]);
  }
});

test('no more are open than there are places', async () => {
  for (const [name, store] of stores) {
    const first = await submitted(store, 'k1');
    await submitted(store, 'k2');
    expect((await store.submit('ann', 'k3', {}, 2)).outcome, name).toBe('full');
    await store.cancel(first.id);
    expect((await store.submit('ann', 'k3', {}, 2)).outcome, name).toBe('stored');
  }
});

test('a request with the same key that comes first in the middle of another is found', async () => {
  const store = stores[1]![1];
  meanwhile = () => store.submit('ann', 'k1', {}, 9);
  expect([(await store.submit('ann', 'k1', {}, 9)).outcome, (await postgres.query('select from job')).rows.length]).toEqual(['known', 1]);
});

test('gives out the oldest that is free, and counts those before it', async () => {
  for (const [name, store] of stores) {
    const [a, b, c] = [await submitted(store, 'a'), await submitted(store, 'b'), await submitted(store, 'c')];
    expect(await store.ahead(c), name).toBe(2);
    await store.cancel(a.id);
    expect([await store.ahead(c), await store.ahead(b)], name).toEqual([1, 0]);
    expect([(await store.take(1_000))?.id, (await store.take(1_000))?.id, await store.take(1_000), await store.ahead(c)], name).toEqual([b.id, c.id, undefined, 1]);
  }
});

test('whoever falls silent loses the job, and its receipt is worth nothing from then on', async () => {
  for (const [name, store] of stores) {
    await submitted(store);
    const first = (await store.take(1_000))!;
    await clock.advance(900);
    expect(await store.renew(first, 1_000, 0.25), name).toBe(true);
    await clock.advance(999);
    expect([rounded(await store.find(first.id)), await store.take(1_000)], name).toMatchObject([{ state: 'running', progress: 0.25, attempts: 1, ageMs: 1_899, runMs: 1_899, quietMs: 999 }, undefined]);
    await clock.advance(1);
    const second = (await store.take(1_000))!;
    expect([second.attempts, await store.renew(first, 1_000, 1), await store.finish(first, 'succeeded', 'old'), await store.finish(second, 'succeeded', { rows: 2 }), await store.finish(second, 'failed', 'again')], name).toEqual([2, false, false, true, false]);
    expect(await store.find(first.id), name).toMatchObject({ state: 'succeeded', outcome: { rows: 2 } });
  }
});

test('a cancelled job takes no result, and what has ended cannot be cancelled', async () => {
  for (const [name, store] of stores) {
    const { id } = await submitted(store);
    const taken = (await store.take(1_000))!;
    expect([await store.cancel(id), await store.cancel(id), await store.renew(taken, 1_000, 1), await store.finish(taken, 'succeeded', undefined), await store.cancel('j9')], name).toEqual([true, false, false, false, false]);
    expect((await store.find(id))?.state, name).toBe('cancelled');
  }
});

test('results expire, reasons stay, and in the end job and key are forgotten together', async () => {
  for (const [name, store] of stores) {
    const [done, failed, open] = [await submitted(store, 'a'), await submitted(store, 'b'), await submitted(store, 'c')];
    await store.finish((await store.take(60_000))!, 'succeeded', 'rows');
    await store.finish((await store.take(60_000))!, 'failed', 'why');
    await clock.advance(999);
    await store.sweep(1_000, 5_000);
    expect((await store.find(done.id))?.outcome, name).toBe('rows');
    await clock.advance(1);
    await store.sweep(1_000, 5_000);
    expect([await store.find(done.id), await store.find(failed.id)], name).toMatchObject([{ state: 'expired', outcome: null }, { state: 'failed', outcome: 'why' }]);
    expect((await store.submit('ann', 'a', { year: 2029 }, 9)).outcome, name).toBe('known');
    await clock.advance(3_999);
    await store.sweep(1_000, 5_000);
    expect((await store.find(done.id))?.id, name).toBe(done.id);
    await clock.advance(1);
    await store.sweep(1_000, 5_000);
    expect([await store.find(done.id), await store.find(failed.id), (await store.find(open.id))?.state, (await store.submit('ann', 'a', 'another', 9)).outcome], name).toEqual([undefined, undefined, 'queued', 'stored']);
  }
});

test('the door and the worker do their work on a table', async () => {
  const store = new PostgresJobs({ query: async <Row>(text: string, parameters: readonly unknown[]) => (await postgres.query<Row>(text, [...parameters])).rows });
  const api = new JobApi(store, { places: 9, workers: 1, usualMs: 4_000, longestPollSeconds: 10 });
  const { headers } = await api.post('ann', 'k1', { year: 2029 });
  const id = headers['location']!.split('/')[2]!;
  expect([id.length, headers['retry-after']]).toEqual([36, '4']);
  await workOnce(store, async (input) => ({ of: input }), { leaseMs: 1_000, maxAttempts: 2, clock });
  expect([(await api.get('ann', id)).status, (await api.result('ann', id)).body]).toEqual([303, { of: { year: 2029 } }]);
});
