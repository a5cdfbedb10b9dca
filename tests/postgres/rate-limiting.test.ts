/** What needs several sessions: instances of a service that ask for the last tokens at the same moment. */
import { beforeEach, expect, test } from 'vitest';
import { SharedBucket, bucketSchema } from '../../src/examples/rate-limiting/shared-bucket.ts';
import { useDatabase } from './database.ts';

const database = useDatabase(`${bucketSchema} create table counter (key text primary key, calls integer not null)`);

beforeEach(() => database.query('truncate rate_limit, counter'));

test('fifty calls at once get the five tokens that there are, and no other', async () => {
  for (let round = 0; round < 5; round += 1) {
    const instances = Array.from({ length: 4 }, () => new SharedBucket(database, { name: 'catalogue', capacity: 5, refill: 1, refillMs: 3_600_000 }));
    const calls = await Promise.allSettled(Array.from({ length: 50 }, (_, call) => instances[call % 4]?.take(`partner ${round}`)));
    expect(calls.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  }
});

test('who reads the count first and writes it afterwards lets more through', async () => {
  const naive = async (): Promise<boolean> => {
    const [known] = await database.query<{ calls: number }>("select calls from counter where key = 'partner'");
    if ((known?.calls ?? 0) >= 5) return false;
    await database.query("insert into counter values ('partner', 1) on conflict (key) do update set calls = counter.calls + 1");
    return true;
  };
  const calls = await Promise.all(Array.from({ length: 50 }, naive));
  expect(calls.filter(Boolean).length).toBeGreaterThan(5);
});
