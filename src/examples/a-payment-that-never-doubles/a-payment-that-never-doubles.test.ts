import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { IdempotencyKeys } from '../idempotency-key/idempotency-key.ts';
import type { Reply } from '../idempotency-key/idempotency-key.ts';
import { idempotencySchema } from '../idempotency-key/schema.ts';
import { ConnectionError, HttpStatusError } from '../retry-with-backoff/http-failure.ts';
import { outboxSchema } from '../transactional-outbox/schema.ts';
import { OutboxRelay } from '../transactional-outbox/transactional-outbox.ts';
import type { Database, OutboxEvent } from '../transactional-outbox/transactional-outbox.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { bookPayment, pay, takePayment } from './a-payment-that-never-doubles.ts';
import type { Ask, Charge, KeyedPayment, Limits, Payment, PaymentTaken } from './a-payment-that-never-doubles.ts';
import { withinLimit } from './attempt-limit.ts';
import { forgetHandled, handleOnce } from './inbox.ts';
import { payOrder, placeOrder, unsettledOrders } from './orders.ts';
import { answerPayment, paymentsAt } from './over-http.ts';
import { accountsSchema, inboxSchema, ordersSchema, paymentsSchema } from './schema.ts';
import { bookEach, chargeAndTell, payAgain, payOnce, takeAndTell } from './unsafe-steps.ts';

// One PostgreSQL stands for the three databases; no statement joins tables of two services.
let postgres: PGlite;
let database: Database;
let clock: VirtualClock;
/** Requests that *payments* works on: virtual time waits for them, PostgreSQL having a time of its own. */
let working: number;
beforeAll(async () => {
  postgres = await PGlite.create();
  await postgres.exec(ordersSchema + paymentsSchema + inboxSchema + accountsSchema + idempotencySchema + outboxSchema);
  database = {
    transaction: (work) => postgres.transaction((open) => work({
      query: async <Row>(text: string, parameters: readonly unknown[]) => (await open.query<Row>(text, [...parameters])).rows,
    })),
  };
}, 120_000);
afterAll(() => postgres.close());
beforeEach(async () => {
  clock = new VirtualClock();
  working = 0;
  await postgres.exec('truncate orders, payment, inbox, account, idempotency_key, outbox');
});

const kettle: Payment = { order: 'o1', customer: 'ada', cents: 4_200 };
const keyed: KeyedPayment = { ...kettle, key: '5f0c1c5e-8f5b-4f6e-9b0a-3d2f1e0c9b8a' };
const limits = (changes: Partial<Limits> = {}): Limits => ({
  maxAttempts: 4, baseDelayMs: 100, maxDelayMs: 1_000, deadlineMs: 20_000, attemptMs: 2_000, clock, random: () => 0.5, ...changes,
});
const countOf = async (what: string) => (await postgres.query<{ count: number }>(`select count(*)::integer as count from ${what}`)).rows[0]!.count;
const spent = async (customer = 'ada') => (await postgres.query<{ spent_cents: number }>('select spent_cents from account where customer = $1', [customer])).rows[0]?.spent_cents ?? 0;
const died = () => Promise.reject(new Error('the process died'));
const rejection = (promise: Promise<unknown>) => promise.then(() => expect.fail('resolved'), (error: unknown) => error);

/** A card processor that charges each key once, and each charge without a key anew. */
function processor(answer: 'charged' | 'declined' = 'charged') {
  const calls: (string | undefined)[] = [];
  const charged: string[] = [];
  const charge: Charge = async ({ order, key }) => {
    const isKnown = key !== undefined && calls.includes(key);
    calls.push(key);
    if (!isKnown && answer === 'charged') charged.push(order);
    return answer;
  };
  return { charge, calls, charged };
}

/** Carries out each request and loses the answers to those whose numbers are given. */
function losingAnswersTo<Asked extends Payment>(lost: readonly number[], serve: (payment: Asked) => Promise<Reply>): Ask<Asked> {
  let number = 0;
  return async (payment) => {
    number += 1;
    const isLost = lost.includes(number);
    const { status } = await busy(() => serve(payment));
    if (isLost) return new Promise(() => {});
    if (status !== 201) throw new HttpStatusError(status, undefined);
    return { paid: payment.order };
  };
}
async function busy<Result>(work: () => Promise<Result>): Promise<Result> {
  working += 1;
  try {
    return await work();
  } finally {
    working -= 1;
  }
}
/** Lets virtual time pass until it is over. */
async function finish<Result>(promise: Promise<Result>): Promise<Result> {
  let isOver = false;
  promise.catch(() => {}).finally(() => { isOver = true; });
  for (let turn = 0; turn < 20_000 && !isOver; turn += 1) await clock.advance(working > 0 ? 0 : 10);
  return promise;
}

describe('each step alone falls short', () => {
  test('one attempt: the card is charged and the customer is told that it failed', async () => {
    const { charge, charged } = processor();
    const ask = losingAnswersTo([1], (payment) => chargeAndTell({ database, charge, tell: async () => {} }, payment));
    expect(await rejection(finish(payOnce(kettle, ask, limits())))).toMatchObject({ name: 'TimeoutError', message: 'no answer within 2000 ms' });
    expect([charged, await countOf('payment')]).toEqual([['o1'], 1]);
  });

  test('a retry: the customer is served and charged twice', async () => {
    const { charge, charged } = processor();
    const ask = losingAnswersTo([1], (payment) => chargeAndTell({ database, charge, tell: async () => {} }, payment));
    expect(await finish(payAgain(kettle, ask, limits()))).toEqual({ paid: 'o1' });
    expect([charged, await countOf('payment')]).toEqual([['o1', 'o1'], 2]);
  });

  test('a crash after the charge leaves no payment, one after the commit no event', async () => {
    const { charge, charged } = processor();
    const broken: Database = { transaction: died };
    await rejection(chargeAndTell({ database: broken, charge, tell: async () => {} }, kettle));
    expect([charged.length, await countOf('payment')]).toEqual([1, 0]);
    await rejection(chargeAndTell({ database, charge, tell: died }, kettle));
    expect([charged.length, await countOf('payment')]).toEqual([2, 1]);
  });

  test('a declined card is charged by none of them, and announced by none', async () => {
    const { charge } = processor('declined');
    const told: PaymentTaken[] = [];
    const tell = async (event: PaymentTaken) => void told.push(event);
    expect(await chargeAndTell({ database, charge, tell }, kettle)).toMatchObject({ status: 402 });
    expect(await takeAndTell({ keys: new IdempotencyKeys(database), charge, tell }, 'orders', keyed)).toMatchObject({ status: 402 });
    expect([told, await countOf('payment')]).toEqual([[], 0]);
  });

  test('a key: charged once; but where the process dies before it tells, the event is lost, and no repeat finds it', async () => {
    const { charge, charged } = processor();
    const keys = new IdempotencyKeys(database);
    const told: PaymentTaken[] = [];
    await rejection(takeAndTell({ keys, charge, tell: died }, 'orders', keyed));
    expect(await takeAndTell({ keys, charge, tell: async (event) => void told.push(event) }, 'orders', keyed)).toMatchObject({ status: 201, replayed: true });
    expect([charged, await countOf('payment'), told]).toEqual([['o1'], 1, []]);
  });

  test('a key, and nobody dies: one charge and one event', async () => {
    const { charge, charged } = processor();
    const told: PaymentTaken[] = [];
    const keys = new IdempotencyKeys(database);
    const ask = losingAnswersTo<KeyedPayment>([1], (payment) => takeAndTell({ keys, charge, tell: async (event) => void told.push(event) }, 'orders', payment));
    expect(await finish(pay(keyed, ask, limits()))).toEqual({ paid: 'o1' });
    expect([charged, told]).toEqual([['o1'], [{ key: 'o1', type: 'PaymentTaken', payload: kettle }]]);
  });

  test('a consumer without a memory books the second copy', async () => {
    await bookEach(database, { payload: kettle });
    await bookEach(database, { payload: kettle });
    expect(await spent()).toBe(8_400);
  });
});

describe('all of it', () => {
  /** *Payments* over HTTP, with requests and answers that get lost; `dies` happens instead of the commit of that attempt. */
  function payments(charge: Charge, { lostRequests = [], lostAnswers = [], dies = [], leaseMs = 60_000 }: { lostRequests?: readonly number[]; lostAnswers?: readonly number[]; dies?: readonly number[]; leaseMs?: number } = {}) {
    const keysSeen: (string | null)[] = [];
    const transport = async (request: Request): Promise<Response> => {
      keysSeen.push(request.headers.get('idempotency-key'));
      const number = keysSeen.length;
      if (lostRequests.includes(number)) throw new TypeError('fetch failed');
      let opened = 0;
      const open: Database = {
        // The first transaction is the claim, the second the commit.
        transaction: (work) => (dies.includes(number) && (opened += 1) > 1 ? died() : database.transaction(work)),
      };
      const response = await busy(() => answerPayment(request, (payment) => takePayment({ keys: new IdempotencyKeys(open, { leaseMs, keepMs: 3_600_000 }), charge }, 'orders', payment)));
      return lostAnswers.includes(number) ? new Promise(() => {}) : response;
    };
    return { keysSeen, ask: paymentsAt('http://payments.test/payments', transport) };
  }
  async function relayed(fail: (event: OutboxEvent) => void = () => {}): Promise<OutboxEvent[]> {
    const events: OutboxEvent[] = [];
    const relay = new OutboxRelay(database, async (event) => void (events.push(event), fail(event)), { clock: new VirtualClock() });
    await relay.pass();
    return events;
  }

  test('lost requests, lost answers and a crash come to one charge, one payment, one event, always under one key', async () => {
    const { charge, charged, calls } = processor();
    const { ask, keysSeen } = payments(charge, { lostRequests: [1], dies: [2], lostAnswers: [3], leaseMs: 1 });
    expect(await finish(pay(keyed, ask, limits()))).toEqual({ paid: 'o1' });
    expect(new Set(keysSeen)).toEqual(new Set([`"${keyed.key}"`]));
    expect([keysSeen.length, charged, await countOf('payment'), await countOf('outbox')]).toEqual([4, ['o1'], 1, 1]);
    // Asked twice: by the attempt that died and by the one that took over, under one key.
    expect([calls.length, new Set(calls).size]).toEqual([2, 1]);
    expect(clock.pending).toBe(0);
  });

  test('while one attempt is at work the next is told to wait, and gets its answer', async () => {
    const gate = Promise.withResolvers<'charged'>();
    const { ask, keysSeen } = payments(() => gate.promise);
    const seen: number[] = [];
    const both = [pay(keyed, ask, limits()), pay(keyed, ask, limits({ maxAttempts: 9, onEvent: (event) => void (event.type === 'waiting' && event.error instanceof HttpStatusError && seen.push(event.error.status)) }))];
    await until(() => seen.length > 0);
    gate.resolve('charged');
    expect(await finish(Promise.all(both))).toEqual([{ paid: 'o1' }, { paid: 'o1' }]);
    expect([seen.every((status) => status === 409), await countOf('payment')]).toEqual([true, 1]);
    expect(keysSeen.length).toBeGreaterThan(2);
  });

  test('a declined card is final: no retry, no payment, no event, the same answer to a repeat', async () => {
    const { ask, keysSeen } = payments(processor('declined').charge);
    expect(await rejection(finish(pay(keyed, ask, limits())))).toMatchObject({ name: 'HttpStatusError', status: 402 });
    expect([keysSeen.length, await countOf('payment'), await countOf('outbox')]).toEqual([1, 0, 0]);
    const richer = payments(processor().charge);
    expect(await rejection(finish(pay(keyed, richer.ask, limits())))).toMatchObject({ status: 402 });
  });

  test('if nobody answers the outcome is unknown, and the caller hears just that', async () => {
    const { ask } = payments(processor().charge, { lostAnswers: [1, 2, 3, 4] });
    expect(await rejection(finish(pay(keyed, ask, limits())))).toMatchObject({ name: 'RetryGaveUpError', cause: { name: 'TimeoutError' } });
    expect(await countOf('payment')).toBe(1);
  });

  test('the relay dies before its mark: two copies are sent, and one is booked', async () => {
    const { charge } = processor();
    await takePayment({ keys: new IdempotencyKeys(database), charge }, 'orders', keyed);
    const copies: OutboxEvent[] = [];
    const dying: Database = { transaction: (work) => database.transaction(async (open) => (await work(open), died())) };
    await rejection(new OutboxRelay(dying, async (event) => void copies.push(event), { clock }).pass());
    copies.push(...await relayed());
    expect(copies.map(({ key, type, payload }) => ({ key, type, payload }))).toEqual(Array.from({ length: 2 }, () => ({ key: 'o1', type: 'PaymentTaken', payload: kettle })));
    expect([await bookPayment(database, copies[0]!), await bookPayment(database, copies[1]!), await spent()]).toEqual([true, false, 4_200]);
  });

  test('an order that dies in the middle is paid by whoever comes back to it, with the key that was stored', async () => {
    const { charge, charged } = processor();
    await placeOrder(database, kettle);
    const first = payments(charge, { lostAnswers: [1] });
    const dying = new AbortController();
    const attempt = rejection(payOrder(database, 'o1', first.ask, limits(), dying.signal));
    await until(() => charged.length === 1 && working === 0);
    dying.abort(new Error('the process died'));
    expect(await attempt).toMatchObject({ message: 'the process died' });
    expect(await unsettledOrders(database, 0)).toEqual(['o1']);
    const second = payments(charge);
    expect(await finish(payOrder(database, 'o1', second.ask, limits()))).toBe('paid');
    expect([charged, first.keysSeen[0] === second.keysSeen[0], await unsettledOrders(database, 0)]).toEqual([['o1'], true, []]);
  });

  test('a key that no header can carry is a rejection, and so is an age that is none', async () => {
    expect(await rejection(pay({ ...keyed, key: 'a\nb' }, () => expect.fail('asked'), limits()))).toBeInstanceOf(TypeError);
    for (const olderThanMs of [Number.NaN, -1, Infinity]) await expect(unsettledOrders(database, olderThanMs)).rejects.toThrow("'olderThanMs' must be finite and not negative");
  });

  test('a settled order asks for nothing, a refused one is settled, an unknown one is an error', async () => {
    await placeOrder(database, kettle);
    const { ask, keysSeen } = payments(processor('declined').charge);
    expect(await finish(payOrder(database, 'o1', ask, limits()))).toBe('refused');
    expect(await payOrder(database, 'o1', ask, limits())).toBe('refused');
    expect(keysSeen).toHaveLength(1);
    await expect(payOrder(database, 'o2', ask, limits())).rejects.toThrow('There is no order o2');
  });
});

describe('the inbox', () => {
  const book = (message: string, consumer = 'accounts', fail = false) => handleOnce(database, consumer, message, async (transaction) => {
    await transaction.query("insert into account values ('ada', 1) on conflict (customer) do update set spent_cents = account.spent_cents + 1", []);
    if (fail) throw new Error('out of paper');
  });

  test('an effect that fails is not remembered: the next delivery does it', async () => {
    await expect(book('m1', 'accounts', true)).rejects.toThrow('out of paper');
    expect([await spent(), await book('m1'), await book('m1'), await spent()]).toEqual([0, true, false, 1]);
  });

  test('each consumer has a memory of its own', async () => {
    expect([await book('m1'), await book('m1', 'notifications'), await spent()]).toEqual([true, true, 2]);
  });

  test('what is forgotten too early is done again, so only the old is forgotten, a batch at a time', async () => {
    for (const message of ['m1', 'm2', 'm3']) await book(message);
    await postgres.exec("update inbox set handled_at = now() - interval '8 days' where message <> 'm3'");
    const sevenDaysMs = 7 * 24 * 3_600_000;
    expect([await forgetHandled(database, sevenDaysMs, 1), await forgetHandled(database, sevenDaysMs), await forgetHandled(database, sevenDaysMs)]).toEqual([1, 1, 0]);
    expect([await book('m3'), await book('m1')]).toEqual([false, true]);
  });

  test('what cannot be meant is refused with its name', async () => {
    await expect(handleOnce(database, '', 'm1', async () => {})).rejects.toThrow("'consumer' must not be empty");
    await expect(handleOnce(database, 'accounts', '', async () => {})).rejects.toThrow("'message' must not be empty");
    await expect(bookPayment(database, { message: 'm1', payload: null })).rejects.toThrow(TypeError);
    for (const limit of [Number.NaN, 0, 0.5]) await expect(forgetHandled(database, 1, limit)).rejects.toThrow(`'limit' must be a positive integer: current value is ${limit}`);
    await expect(forgetHandled(database, Number.NaN)).rejects.toThrow("'olderThanMs' must be finite and not negative: current value is NaN");
  });
});

describe('over HTTP', () => {
  const post = (body: string, headers: Record<string, string> = { 'idempotency-key': keyed.key }) => new Request('http://payments.test/payments', { method: 'POST', body, headers });
  const answer = (request: Request, charge = processor().charge) => answerPayment(request, (payment) => takePayment({ keys: new IdempotencyKeys(database), charge }, 'orders', payment));

  test('a key without quotes is a key as well; without one nothing is done', async () => {
    const response = await answer(post(JSON.stringify(kettle)));
    expect([response.status, await response.json(), (await answer(post(JSON.stringify(kettle), {}))).status]).toEqual([201, { paid: 'o1' }, 400]);
  });

  test('a key for another payment is refused with 422', async () => {
    await answer(post(JSON.stringify(kettle)));
    expect((await answer(post(JSON.stringify({ ...kettle, cents: 1 })))).status).toBe(422);
    expect(await countOf('payment')).toBe(1);
  });

  test('what is no payment is refused with 400', async () => {
    const { charge, calls } = processor();
    const bodies = ['no json', 'null', '{}', ...[{ cents: 0 }, { cents: 0.5 }, { cents: 2 ** 31 }, { customer: 7 }, { customer: '' }, { order: '' }].map((changes) => JSON.stringify({ ...kettle, ...changes }))];
    expect(await Promise.all(bodies.map(async (body) => (await answer(post(body), charge)).status))).toEqual(bodies.map(() => 400));
    expect(calls).toEqual([]);
  });

  test('what could not be written down is not charged', async () => {
    const { charge, calls } = processor();
    for (const changes of [{ order: '' }, { customer: '' }, { cents: 2 ** 31 }, { cents: Number.NaN }]) {
      expect(await rejection(takePayment({ keys: new IdempotencyKeys(database), charge }, 'orders', { ...keyed, ...changes }))).toBeInstanceOf(RangeError);
    }
    expect(calls).toEqual([]);
  });

  test('a key arrives as it was sent, quotes and backslashes too', async () => {
    let seen = '';
    const ask = paymentsAt('http://payments.test/payments', (request) => answerPayment(request, async ({ key, order }) => ((seen = key), { status: 201, body: { paid: order } })));
    const key = String.raw`a "quoted" key\ of orders`.replaceAll(' ', '-');
    await ask({ ...kettle, key }, new AbortController().signal);
    expect(seen).toBe(key);
  });

  test('whatever else happens is a 503, and a 409 says when to come back', async () => {
    expect((await answer(post(JSON.stringify(kettle)), died)).status).toBe(503);
    const gate = Promise.withResolvers<'charged'>();
    const first = answer(post(JSON.stringify(kettle)), () => gate.promise);
    await until(async () => await countOf('idempotency_key where lease_until > now()') === 1);
    const second = await answer(post(JSON.stringify(kettle)));
    expect([second.status, second.headers.get('retry-after')]).toEqual([409, '1']);
    gate.resolve('charged');
    expect((await first).status).toBe(201);
  });

  test('an answer that breaks off is no answer; an abort stays an abort', async () => {
    const brokenAt = (fail: () => void) => paymentsAt('http://payments.test/', async () => new Response(new ReadableStream({ pull: (body) => (fail(), body.error(new TypeError('terminated'))) })));
    expect(await rejection(brokenAt(() => {})(keyed, new AbortController().signal))).toBeInstanceOf(ConnectionError);
    const leaving = new AbortController();
    expect(await rejection(brokenAt(() => leaving.abort(new Error('the customer left')))(keyed, leaving.signal))).toMatchObject({ message: 'the customer left' });
  });

  test('without a transport it uses the fetch of the system, without a clock that of the system', async () => {
    const ask = paymentsAt('http://127.0.0.1:1/');
    const quick = { maxAttempts: 1, baseDelayMs: 1, maxDelayMs: 1, deadlineMs: 10_000, attemptMs: 10_000 };
    expect(await rejection(pay(keyed, ask, quick))).toMatchObject({ name: 'RetryGaveUpError', cause: { name: 'ConnectionError' } });
    expect(await rejection(payOnce(kettle, (payment, signal) => ask({ ...payment, key: keyed.key }, signal), quick))).toBeInstanceOf(ConnectionError);
  });
});

describe('the limit of one attempt', () => {
  test('lets the caller go, tells the operation, ignores what it does later and leaves no timer', async () => {
    let told: unknown;
    const late = withinLimit(async (signal) => {
      signal.addEventListener('abort', () => { told = signal.reason; });
      await clock.sleep(500);
      throw new Error('too late');
    }, { attemptMs: 100, clock }, new AbortController().signal);
    expect(await rejection(finish(late))).toMatchObject({ name: 'TimeoutError' });
    await clock.advance(1_000);
    expect([told, clock.pending]).toEqual([expect.objectContaining({ name: 'TimeoutError' }), 0]);
  });

  test('whoever has left asks for nothing, a synchronous throw is a rejection, and no limit is no number', async () => {
    const gone = AbortSignal.abort(new Error('the customer left'));
    expect(await rejection(withinLimit(() => expect.fail('asked'), { attemptMs: 100, clock }, gone))).toMatchObject({ message: 'the customer left' });
    expect(await rejection(withinLimit(() => { throw new Error('thrown'); }, { attemptMs: 100, clock }, new AbortController().signal))).toMatchObject({ message: 'thrown' });
    expect(await rejection(withinLimit(async () => {}, { attemptMs: Number.NaN, clock }, new AbortController().signal))).toMatchObject({ message: 'attemptMs must be above 0 and up to 2147483647: current value is NaN' });
    expect(clock.pending).toBe(0);
  });
});

/** Without a step of virtual time. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 20_000; turn += 1) {
    if (await condition()) return;
    await clock.advance(0);
  }
  expect.fail('it did not come to pass');
}
