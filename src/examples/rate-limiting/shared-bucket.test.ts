import { PGlite } from '@electric-sql/pglite';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { RateLimitedError } from './contract.ts';
import { RateLimiter } from './rate-limiting.ts';
import { SharedBucket, bucketSchema } from './shared-bucket.ts';
import type { Database } from './shared-bucket.ts';

// A real PostgreSQL with one session; its now() follows Date.now, so tokens come back on virtual time.
let postgres: PGlite;
let database: Database;
let nowMs: number;
beforeAll(async () => {
  postgres = await PGlite.create();
  await postgres.exec(bucketSchema);
  database = { query: async <Row>(text: string, parameters: readonly unknown[]) => (await postgres.query<Row>(text, [...parameters])).rows };
}, 120_000);
afterAll(() => postgres.close());
beforeEach(async () => {
  nowMs = Date.parse('2030-01-01T00:00:00Z');
  vi.spyOn(Date, 'now').mockImplementation(() => nowMs);
  await postgres.exec('truncate rate_limit');
});
afterEach(() => vi.restoreAllMocks());

const options = { name: 'catalogue', capacity: 5, refill: 10, refillMs: 1_000 };
const instance = (): SharedBucket => new SharedBucket(database, options);

async function admitted(bucket: SharedBucket, calls: number, key = 'partner'): Promise<number> {
  let count = 0;
  for (let call = 0; call < calls; call++) if (await refusalOf(bucket.take(key)) === undefined) count += 1;
  return count;
}

function refusalOf(call: Promise<unknown>): Promise<RateLimitedError | undefined> {
  return call.then(() => undefined, (error: unknown) => {
    if (error instanceof RateLimitedError) return error;
    throw error;
  });
}

test('two instances share one budget, where two limiters in memory let twice as much through', async () => {
  expect(await admitted(instance(), 5) + await admitted(instance(), 5)).toBe(5);
  const inMemory = [1, 2].map(() => new RateLimiter({ ...options, clock: new VirtualClock() }));
  for (const limiter of inMemory) for (let call = 0; call < 5; call++) limiter.take('partner');
  expect(() => inMemory[0]?.take('partner')).toThrow(RateLimitedError);
});

test('decides as the limiter in memory does, at any moment and for any cost', async () => {
  const bucket = instance();
  const clock = new VirtualClock();
  const limiter = new RateLimiter({ ...options, clock });
  for (let step = 0; step < 200; step++) {
    const passedMs = (step * 37) % 90;
    nowMs += passedMs;
    await clock.advance(passedMs);
    const cost = 1 + (step % 3) / 2;
    const key = `key ${step % 2}`;
    const shared = await refusalOf(bucket.take(key, cost));
    const local = await refusalOf(Promise.resolve().then(() => limiter.take(key, cost)));
    expect(shared?.retryAfterMs ?? 0, `step ${step}`).toBeCloseTo(local?.retryAfterMs ?? 0, 3);
  }
});

test('a refusal changes nothing, and says when to come back', async () => {
  const bucket = instance();
  await admitted(bucket, 5);
  const stored = await database.query('select full_at, xmin::text from rate_limit', []);
  expect(await refusalOf(bucket.take('partner', 2))).toMatchObject({ limiter: 'catalogue', retryAfterMs: 200 });
  expect(await database.query('select full_at, xmin::text from rate_limit', [])).toEqual(stored);
  nowMs += 200;
  expect(await refusalOf(bucket.take('partner', 2))).toBeUndefined();
});

test('a call dearer than a full bucket never reaches the store', async () => {
  expect(await refusalOf(new SharedBucket({ query: () => expect.fail('asked') }, options).take('partner', 6))).toMatchObject({ retryAfterMs: Infinity });
});

test('limiters with one store do not mix, and a full bucket leaves no row', async () => {
  const login = new SharedBucket(database, { ...options, name: 'login' });
  expect([await admitted(instance(), 9), await admitted(login, 9)]).toEqual([5, 5]);
  nowMs += 499;
  await login.forget();
  expect(await database.query('select * from rate_limit', [])).toHaveLength(2);
  nowMs += 1;
  await login.forget();
  expect(await database.query('select * from rate_limit', [])).toEqual([]);
  expect(await admitted(login, 9)).toBe(5);
});

test('a bucket that was forgotten between the refusal and the question is free at once', async () => {
  const bucket = new SharedBucket({ query: async () => [] }, options);
  expect(await refusalOf(bucket.take('partner'))).toMatchObject({ retryAfterMs: 0 });
});

test('what the store throws reaches the caller, who decides whether calls go through without it', async () => {
  const bucket = new SharedBucket({ query: () => Promise.reject(new Error('connection refused')) }, options);
  await expect(bucket.take('partner')).rejects.toEqual(new Error('connection refused'));
});

test('refuses options and costs that make no sense', async () => {
  for (const name of ['capacity', 'refill', 'refillMs'] as const) expect(() => new SharedBucket(database, { ...options, [name]: 0 })).toThrow(`${name} must be a positive number: current value is 0`);
  await expect(instance().take('partner', Number.NaN)).rejects.toEqual(new RangeError('cost must be a positive number: current value is NaN'));
});
