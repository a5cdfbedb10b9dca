import { PGlite } from '@electric-sql/pglite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { IdempotencyKeys, KeyBusyError, KeyFormatError, KeyReusedError, LeaseLostError, ReplyNotFinalError, forgetExpired } from './idempotency-key.ts';
import type { Database, KeyEvent, KeyedRequest, Options, Reply, Work } from './idempotency-key.ts';
import { idempotencySchema } from './schema.ts';

// A real PostgreSQL with one session; its now() follows Date.now, so leases and expiry run on virtual time.
let postgres: PGlite;
let database: Database;
let nowMs: number;
beforeAll(async () => {
  postgres = await PGlite.create();
  await postgres.exec(`${idempotencySchema} create table orders (item text not null, total_cents integer not null)`);
  database = {
    transaction: (work) => postgres.transaction((open) => work({
      query: async <Row>(text: string, parameters: readonly unknown[]) => (await open.query<Row>(text, [...parameters])).rows,
    })),
  };
}, 120_000);
afterAll(() => postgres.close());
beforeEach(async () => {
  nowMs = Date.parse('2030-01-01T00:00:00Z');
  vi.spyOn(Date, 'now').mockImplementation(() => nowMs);
  await postgres.exec('truncate idempotency_key, orders');
});
afterEach(() => vi.restoreAllMocks());

const request = (changes: Partial<KeyedRequest> = {}): KeyedRequest => ({
  tenant: 'web shop', key: '5f0c1c5e-8f5b-4f6e-9b0a-3d2f1e0c9b8a', operation: 'POST /orders', payload: { item: 'kettle', quantity: 1 }, ...changes,
});
const placed: Reply = { status: 201, body: { order: 'o1', total: 4_200 } };
/** Inserts an order and answers 201; a test replaces the part it is about. */
const placeOrder = (changes: Partial<Work<unknown>> = {}): Work<unknown> => ({
  call: async () => undefined,
  commit: async (transaction) => {
    await transaction.query("insert into orders values ('kettle', 4200)", []);
    return placed;
  },
  ...changes,
});
const orders = async () => (await postgres.query('select * from orders')).rows.length;
const failWith = (error: Error) => async (): Promise<never> => {
  throw error;
};
const recording = (options: Options = {}) => {
  const events: KeyEvent['type'][] = [];
  return { events, options: { ...options, onEvent: (event: KeyEvent) => void events.push(event.type) } };
};

describe('repeats', () => {
  test('a repeat gets the first answer, field for field, and the effect happens once', async () => {
    const { events, options } = recording();
    const keys = new IdempotencyKeys(database, options);
    const first = await keys.execute(request(), placeOrder({ commit: async (transaction) => {
      await transaction.query("insert into orders values ('kettle', 4200)", []);
      return { status: 201, body: { zebra: 1, apple: 2 } };
    } }));
    const second = await keys.execute(request(), placeOrder());
    expect([first.replayed, second.replayed, await orders()]).toEqual([false, true, 1]);
    expect(JSON.stringify(second.body)).toBe('{"zebra":1,"apple":2}');
    expect(events).toEqual(['claimed', 'answered', 'replayed']);
  });

  test('wrong elsewhere: of 10 simultaneous requests that SELECT the key and then INSERT it, 10 run', async () => {
    await postgres.exec('create temporary table seen (key text)');
    let ran = 0;
    await Promise.all(Array.from({ length: 10 }, async () => {
      const { rows } = await postgres.query('select 1 from seen where key = $1', [request().key]);
      if (rows.length > 0) return;
      await postgres.query('insert into seen values ($1)', [request().key]);
      ran += 1;
    }));
    expect(ran).toBe(10);
  });

  test('of 10 simultaneous requests with one key exactly one runs; the others are told that it is in progress', async () => {
    const keys = new IdempotencyKeys(database);
    const gate = Promise.withResolvers<undefined>();
    const all = Array.from({ length: 10 }, () => keys.execute(request(), placeOrder({ call: () => gate.promise })));
    const losers = all.slice(1).map((each) => each.catch((error: unknown) => error));
    const refusals = await Promise.all(losers);
    gate.resolve(undefined);
    await all[0];
    expect(refusals.every((refusal) => refusal instanceof KeyBusyError && refusal.status === 409)).toBe(true);
    expect(await orders()).toBe(1);
  });

  test('a request in progress says when to ask again: soon, or as soon as its lease ends', async () => {
    const keys = new IdempotencyKeys(database, { leaseMs: 30_000, retryAfterMs: 2_000 });
    const gate = Promise.withResolvers<undefined>();
    const first = keys.execute(request(), placeOrder({ call: () => gate.promise }));
    await until(async () => (await postgres.query('select 1 from idempotency_key')).rows.length === 1);
    nowMs += 10_000;
    await expect(keys.execute(request(), placeOrder())).rejects.toMatchObject({ name: 'KeyBusyError', retryAfterMs: 2_000 });
    nowMs += 19_500;
    await expect(keys.execute(request(), placeOrder())).rejects.toMatchObject({ name: 'KeyBusyError', retryAfterMs: 500 });
    gate.resolve(undefined);
    await first;
  });

  test('a final refusal is an answer: it is stored and repeated, even when the card has funds again', async () => {
    const keys = new IdempotencyKeys(database);
    const declined = { status: 402, body: { reason: 'card declined' } };
    await keys.execute(request(), placeOrder({ commit: async () => declined }));
    expect(await keys.execute(request(), placeOrder())).toEqual({ ...declined, replayed: true });
    expect(await orders()).toBe(0);
  });

  test('an answer without a body is repeated without one', async () => {
    const keys = new IdempotencyKeys(database);
    await keys.execute(request(), placeOrder({ commit: async () => ({ status: 204, body: undefined }) }));
    expect(await keys.execute(request(), placeOrder())).toEqual({ status: 204, body: null, replayed: true });
  });
});

describe('the key means one request', () => {
  test('the same key with another payload is refused with 422 and changes nothing', async () => {
    const { events, options } = recording();
    const keys = new IdempotencyKeys(database, options);
    await keys.execute(request(), placeOrder());
    const other = keys.execute(request({ payload: { item: 'kettle', quantity: 2 } }), placeOrder());
    await expect(other).rejects.toBeInstanceOf(KeyReusedError);
    await expect(other).rejects.toMatchObject({ status: 422 });
    expect([await orders(), events.at(-1)]).toEqual([1, 'reused']);
  });

  test('the same key for another operation is refused too', async () => {
    const keys = new IdempotencyKeys(database);
    await keys.execute(request(), placeOrder());
    await expect(keys.execute(request({ operation: 'POST /refunds' }), placeOrder())).rejects.toBeInstanceOf(KeyReusedError);
  });

  test('a key stays bound to its payload even when the first attempt failed', async () => {
    const keys = new IdempotencyKeys(database);
    await expect(keys.execute(request(), placeOrder({ call: failWith(new Error('socket hang up')) }))).rejects.toThrow('socket hang up');
    await expect(keys.execute(request({ payload: { item: 'teapot' } }), placeOrder())).rejects.toBeInstanceOf(KeyReusedError);
    expect((await keys.execute(request(), placeOrder())).status).toBe(201);
  });

  test('the order of the fields does not make it another payload', async () => {
    const keys = new IdempotencyKeys(database);
    await keys.execute(request({ payload: { item: 'kettle', quantity: 1 } }), placeOrder());
    expect((await keys.execute(request({ payload: { quantity: 1, item: 'kettle' } }), placeOrder())).replayed).toBe(true);
  });

  test('wrong elsewhere: one tenant reads the answer of another that chose the same key', async () => {
    const keys = new IdempotencyKeys(database);
    await keys.execute(request(), placeOrder());
    const other = await keys.execute(request({ tenant: 'mobile app' }), placeOrder({ commit: async () => ({ status: 201, body: { order: 'o2' } }) }));
    expect(other).toEqual({ status: 201, body: { order: 'o2' }, replayed: false });
  });

  test('a missing, short or unprintable key is refused with 400 before anything is looked up', async () => {
    const keys = new IdempotencyKeys({ transaction: failWith(new Error('not reached')) });
    await expect(keys.execute(request({ key: '' }), placeOrder())).rejects.toBeInstanceOf(KeyFormatError);
    await expect(keys.execute(request({ key: 'order-1' }), placeOrder())).rejects.toThrow('must be 16 to 255 visible ASCII characters: current value is "order-1"');
    await expect(keys.execute(request({ key: `${'x'.repeat(20)}\n` }), placeOrder())).rejects.toMatchObject({ status: 400 });
    await expect(keys.execute(request({ tenant: '' }), placeOrder())).rejects.toThrow("'tenant' must not be empty");
  });
});

describe('failures and crashes', () => {
  test('a failure rolls the effect back and frees the key: the retry runs', async () => {
    const { events, options } = recording();
    const keys = new IdempotencyKeys(database, options);
    const failing = placeOrder({ commit: async (transaction) => {
      await transaction.query("insert into orders values ('kettle', 4200)", []);
      throw new Error('inventory unreachable');
    } });
    await expect(keys.execute(request(), failing)).rejects.toThrow('inventory unreachable');
    expect(await orders()).toBe(0);
    expect((await keys.execute(request(), placeOrder())).replayed).toBe(false);
    expect([await orders(), events]).toEqual([1, ['claimed', 'released', 'claimed', 'answered']]);
  });

  test('wrong elsewhere: a 503 that is stored answers every retry for a day; here it rolls back and frees the key', async () => {
    const keys = new IdempotencyKeys(database);
    await expect(keys.execute(request(), placeOrder({ commit: async () => ({ status: 503, body: null }) }))).rejects.toBeInstanceOf(ReplyNotFinalError);
    await expect(keys.execute(request(), placeOrder({ commit: async () => ({ status: 429, body: null }) }))).rejects.toThrow('current value is 429');
    await expect(keys.execute(request(), placeOrder({ commit: async () => ({ status: Number.NaN, body: null }) }))).rejects.toThrow('current value is NaN');
    expect(await keys.execute(request(), placeOrder())).toMatchObject({ status: 201, replayed: false });
  });

  test('after a crash the key is busy until the lease ends, then the retry takes over', async () => {
    await crashedClaim();
    const keys = new IdempotencyKeys(database, { leaseMs: 30_000 });
    await expect(keys.execute(request(), placeOrder())).rejects.toBeInstanceOf(KeyBusyError);
    nowMs += 30_000;
    expect(await keys.execute(request(), placeOrder())).toMatchObject({ status: 201, replayed: false });
  });

  test('an owner that comes back after its lease has ended is fenced off: its effect is rolled back', async () => {
    const { events, options } = recording({ leaseMs: 30_000 });
    const keys = new IdempotencyKeys(database, options);
    const pause = Promise.withResolvers<undefined>();
    const slow = keys.execute(request(), placeOrder({ call: () => pause.promise }));
    slow.catch(() => {});
    await until(async () => (await postgres.query('select 1 from idempotency_key')).rows.length === 1);
    nowMs += 30_000;
    const quick = await keys.execute(request(), placeOrder());
    pause.resolve(undefined);
    await expect(slow).rejects.toBeInstanceOf(LeaseLostError);
    expect([quick.status, await orders(), events]).toEqual([201, 1, ['claimed', 'claimed', 'answered', 'lost']]);
    expect((await keys.execute(request(), placeOrder())).replayed).toBe(true);
  });

  test('an owner whose lease has ended may still answer while nobody has taken over', async () => {
    const keys = new IdempotencyKeys(database, { leaseMs: 30_000 });
    const pause = Promise.withResolvers<undefined>();
    const slow = keys.execute(request(), placeOrder({ call: () => pause.promise }));
    await until(async () => (await postgres.query('select 1 from idempotency_key')).rows.length === 1);
    nowMs += 40_000;
    pause.resolve(undefined);
    expect(await slow).toMatchObject({ status: 201, replayed: false });
    expect([(await keys.execute(request(), placeOrder())).replayed, await orders()]).toEqual([true, 1]);
  });

  test('a commit whose confirmation was lost: the attempt reports the broken connection, its repeat the answer', async () => {
    const { events, options } = recording();
    let isLost = true;
    const flaky: Database = {
      transaction: async (work) => {
        const result = await database.transaction(work);
        if (isLost && events.length > 0) {
          isLost = false;
          throw new Error('Connection terminated unexpectedly');
        }
        return result;
      },
    };
    const keys = new IdempotencyKeys(flaky, options);
    await expect(keys.execute(request(), placeOrder())).rejects.toThrow('terminated');
    expect(await keys.execute(request(), placeOrder())).toMatchObject({ status: 201, replayed: true });
    expect([await orders(), events]).toEqual([1, ['claimed', 'lost', 'replayed']]);
  });

  test('wrong elsewhere: an owner that fails after its lease has ended frees the key of its successor', async () => {
    const { events, options } = recording({ leaseMs: 30_000 });
    const keys = new IdempotencyKeys(database, options);
    const pause = Promise.withResolvers<never>();
    const slow = keys.execute(request(), placeOrder({ call: () => pause.promise }));
    slow.catch(() => {});
    await until(async () => (await postgres.query('select 1')).rows.length === events.length);
    nowMs += 30_000;
    const gate = Promise.withResolvers<undefined>();
    const successor = keys.execute(request(), placeOrder({ call: () => gate.promise }));
    await until(async () => (await postgres.query('select 1')).rows.length === events.length - 1);
    pause.reject(new Error('socket hang up'));
    await expect(slow).rejects.toThrow('socket hang up');
    await expect(keys.execute(request(), placeOrder())).rejects.toBeInstanceOf(KeyBusyError);
    gate.resolve(undefined);
    await successor;
    expect([await orders(), events]).toEqual([1, ['claimed', 'claimed', 'lost', 'busy', 'answered']]);
  });

  test('the retry calls other services with the same key as the attempt that failed', async () => {
    const keys = new IdempotencyKeys(database);
    const downstreamKeys: string[] = [];
    const charge = (outcome: () => void) => async (downstreamKey: string) => {
      downstreamKeys.push(downstreamKey);
      outcome();
    };
    const lostAnswer = charge(() => {
      throw new Error('socket hang up');
    });
    await expect(keys.execute(request(), placeOrder({ call: lostAnswer }))).rejects.toThrow('socket hang up');
    await keys.execute(request(), placeOrder({ call: charge(() => {}) }));
    expect(downstreamKeys).toHaveLength(2);
    expect(new Set(downstreamKeys).size).toBe(1);
    expect(downstreamKeys[0]).not.toBe(request().key);
  });

  test('when even the release fails, the first error is reported and the lease frees the key', async () => {
    let broken = false;
    const flaky: Database = { transaction: (work) => (broken ? Promise.reject(new Error('Connection terminated unexpectedly')) : database.transaction(work)) };
    const keys = new IdempotencyKeys(flaky, { leaseMs: 30_000 });
    const call = async (): Promise<never> => {
      broken = true;
      throw new Error('socket hang up');
    };
    await expect(keys.execute(request(), placeOrder({ call }))).rejects.toThrow('socket hang up');
    broken = false;
    await expect(keys.execute(request(), placeOrder())).rejects.toBeInstanceOf(KeyBusyError);
    nowMs += 30_000;
    expect((await keys.execute(request(), placeOrder())).status).toBe(201);
  });

  test('an aborted signal stops the request before the claim', async () => {
    const keys = new IdempotencyKeys(database);
    await expect(keys.execute(request(), placeOrder(), AbortSignal.abort(new Error('client went away')))).rejects.toThrow('client went away');
    expect((await postgres.query('select 1 from idempotency_key')).rows).toEqual([]);
  });
});

describe('time', () => {
  test('after its time a key means a new request, whatever the payload', async () => {
    const keys = new IdempotencyKeys(database, { keepMs: 3_600_000 });
    await keys.execute(request(), placeOrder());
    nowMs += 3_599_999;
    expect((await keys.execute(request(), placeOrder())).replayed).toBe(true);
    nowMs += 1;
    expect((await keys.execute(request({ payload: { item: 'teapot' } }), placeOrder())).replayed).toBe(false);
    expect(await orders()).toBe(2);
  });

  test('cleanup deletes what has expired, a batch at a time, and nothing else', async () => {
    const keys = new IdempotencyKeys(database, { keepMs: 3_600_000 });
    await keys.execute(request({ tenant: 'a' }), placeOrder());
    await keys.execute(request({ tenant: 'b' }), placeOrder());
    nowMs += 3_600_000;
    await keys.execute(request({ tenant: 'c' }), placeOrder());
    expect([await forgetExpired(database, 1), await forgetExpired(database), await forgetExpired(database)]).toEqual([1, 1, 0]);
    expect((await postgres.query('select tenant from idempotency_key')).rows).toEqual([{ tenant: 'c' }]);
  });

  test('an option outside its range is refused with its name, rule and value', () => {
    const keysWith = (options: Options) => () => new IdempotencyKeys(database, options);
    expect(keysWith({ leaseMs: 0 })).toThrow("Cannot keep idempotency keys as 'leaseMs' must be a positive number: current value is 0");
    expect(keysWith({ leaseMs: Number.POSITIVE_INFINITY })).toThrow("'leaseMs' must be a positive number: current value is Infinity");
    expect(keysWith({ leaseMs: 1_000, keepMs: 1_000 })).toThrow("'keepMs' must be greater than 'leaseMs' (1000): current value is 1000");
    expect(keysWith({ keepMs: Number.POSITIVE_INFINITY })).toThrow('current value is Infinity');
    expect(keysWith({ retryAfterMs: Number.NaN })).toThrow("'retryAfterMs' must be a positive number: current value is NaN");
  });
});

/** A claim whose process died before it could answer. */
async function crashedClaim(): Promise<void> {
  const dying = new IdempotencyKeys(database, { leaseMs: 30_000 });
  void dying.execute(request(), placeOrder({ call: () => new Promise(() => {}) }));
  await until(async () => (await postgres.query('select 1 from idempotency_key')).rows.length === 1);
}

/** Each look is a query, so it queues behind the one that is awaited. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  let met = false;
  for (let look = 0; look < 1_000 && !met; look += 1) met = await condition();
  expect(met).toBe(true);
}
