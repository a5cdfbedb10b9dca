/** What needs several sessions: requests with one key at the same moment, and workers that take. */
import { beforeEach, expect, test } from 'vitest';
import { jobSchema, jobStatements, PostgresJobs } from '../../src/examples/asynchronous-request-reply/postgres-jobs.ts';
import { useDatabase } from './database.ts';

const database = useDatabase(jobSchema);
beforeEach(() => database.query('truncate job'));

test('of requests with one key at the same moment one stores a job, and the others find it', async () => {
  const store = new PostgresJobs(database);
  const answers = await Promise.all(Array.from({ length: 20 }, () => store.submit('ann', 'k1', { year: 2029 }, 100)));
  expect(answers.map(({ outcome }) => outcome).toSorted()).toEqual([...Array.from({ length: 19 }, () => 'known'), 'stored']);
  expect(new Set(answers.map((answer) => 'job' in answer && answer.job.id)).size).toBe(1);
});

test('a request waits for one with the same key that is not committed yet, and finds its job or takes its place', async () => {
  const store = new PostgresJobs(database);
  for (const [end, outcome] of [['commit', 'known'], ['rollback', 'stored']] as const) {
    const first = await database.session();
    await first.query('begin');
    await first.query(jobStatements.store, [`first to ${end}`, 'ann', end, '{}', 100]);
    const second = store.submit('ann', end, {}, 100);
    await first.query(end);
    expect((await second).outcome, end).toBe(outcome);
  }
});

test('workers that take at the same moment never get the same job', async () => {
  const store = new PostgresJobs(database);
  for (let job = 0; job < 30; job += 1) await store.submit('ann', `k${job}`, null, 100);
  const taken = (await Promise.all(Array.from({ length: 50 }, () => store.take(60_000)))).flatMap((job) => (job === undefined ? [] : [job.id]));
  expect([taken.length, new Set(taken).size]).toEqual([30, 30]);
});
