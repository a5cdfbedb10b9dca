import { Consumer, count, defineScenario, duration, lognormalLatency, plain, poissonArrivals, Topic, varying } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { IdempotencyKeys, KeyBusyError } from '../idempotency-key/idempotency-key.ts';
import type { Reply } from '../idempotency-key/idempotency-key.ts';
import { ConnectionError, HttpStatusError } from '../retry-with-backoff/http-failure.ts';
import { OutboxRelay } from '../transactional-outbox/transactional-outbox.ts';
import { bookPayment, pay, takePayment } from './a-payment-that-never-doubles.ts';
import type { Ask, Charge, Limits, Payment, PaymentTaken } from './a-payment-that-never-doubles.ts';
import { Audit } from './audit.ts';
import { accountsDatabase, paymentsDatabase } from './memory-database.ts';
import { bookEach, chargeAndTell, payAgain, payOnce, takeAndTell } from './unsafe-steps.ts';

const faultStartMs = 8_000;
const lastOrderMs = 40_000;
const durationMs = 60_000;

/** Orders are paid over a network that loses answers, by processes that die; accounts has to book each payment once. */
export const scenario = defineScenario({
  title: 'Answers get lost, processes die, and each order is to be charged and booked once',
  durationMs,
  frameMs: 500,
  parameters: {
    fault: { kind: 'choice', label: 'What else goes wrong', options: { crash: 'each process dies', broker: 'the broker is down', none: 'nothing' }, default: 'crash' },
    faultSeconds: { kind: 'number', label: 'How long', unit: 's', min: 0, max: 25, step: 1, default: 20 },
    crashEveryMs: { kind: 'number', label: 'Each dies every', unit: 'ms', min: 200, max: 10_000, step: 200, default: 1_000 },
    orders: { kind: 'number', label: 'Orders', unit: 'per second', min: 1, max: 30, step: 1, default: 10 },
    replyLoss: { kind: 'number', label: 'Requests lost, and as many answers', unit: '%', min: 0, max: 50, step: 1, default: 5 },
    copies: { kind: 'number', label: 'Events that the broker delivers twice', unit: '%', min: 0, max: 50, step: 1, default: 2 },
    attemptMs: { kind: 'number', label: 'Orders waits for', unit: 'ms', min: 200, max: 10_000, step: 100, default: 2_000 },
    deadlineSeconds: { kind: 'number', label: 'Orders gives up after', unit: 's', min: 1, max: 20, step: 1, default: 15 },
    bookSeconds: { kind: 'number', label: 'Accounts must have booked within', unit: 's', min: 1, max: 30, step: 1, default: 20 },
    leaseMs: { kind: 'number', label: 'Lease of a key', unit: 'ms', min: 500, max: 20_000, step: 500, default: 3_000 },
    pollMs: { kind: 'number', label: 'The relay looks every', unit: 'ms', min: 50, max: 10_000, step: 50, default: 500 },
    takesKeys: { kind: 'flag', label: 'The card processor takes keys, too', default: true },
    remembers: { kind: 'flag', label: 'Accounts has an inbox', default: true },
  },
  variants: [{ id: 'once', label: 'one attempt' }, { id: 'retry', label: 'retry' }, { id: 'key', label: 'retry with a key' }, { id: 'all', label: 'key, outbox, inbox' }],
  charts: [
    { kind: 'sum', series: 'misled', title: 'Customers charged, and told that it failed' },
    { kind: 'sum', series: 'extraCharges', title: 'Charges too many' },
    { kind: 'level', series: 'unbooked', title: 'Charges that accounts has not booked', unit: 'orders' },
    { kind: 'sum', series: 'extraBookings', title: 'Bookings too many' },
  ],
  stations: [
    { id: 'orders', label: 'Orders', shape: 'client' },
    { id: 'payments', label: 'Payments', shape: 'service', lane: 'payments' },
    { id: 'outbox', label: 'Outbox', shape: 'store', fill: { series: 'backlog', most: { value: 100 } }, only: ['all'] },
    { id: 'broker', label: 'Broker', shape: 'queue', lane: 'broker' },
    { id: 'accounts', label: 'Accounts', shape: 'service' },
  ],
  flows: [
    { from: 'orders', to: 'payments', series: 'requests', failing: 'unanswered' },
    { from: 'payments', to: 'outbox', series: 'taken' },
    { from: 'outbox', to: 'broker', series: 'publishes', failing: 'unpublished' },
    { from: 'broker', to: 'accounts', series: 'deliveries' },
  ],
  measure: { total: 'right', label: 'orders charged once, told so, and booked once in time', better: 'more' },
  tries: [
    { id: 'all', title: 'Lost answers and crashes', settings: {}, notice: 'One attempt misleads customers whose answer was lost. A retry serves them, and charges some twice. With a key nobody is charged twice, and events are still lost in the gap behind the commit. Only the last one comes out even.' },
    { id: 'calm', title: 'Nobody dies', settings: { fault: 'none', copies: 0 }, notice: 'Answers get lost, and that is all. The key alone is enough here, which is why the gap behind the commit is so seldom found in a test.' },
    { id: 'broker', title: 'The broker is down', settings: { fault: 'broker', faultSeconds: 10 }, notice: 'Where payments publishes by itself, each order of these seconds is charged and then fails; the retry charges again and again. With a key it is charged once, and its event is lost. In the outbox the events wait.' },
    { id: 'forgetful', title: 'An outbox without an inbox', settings: { remembers: false }, notice: 'The relay sends again what it had not marked, and accounts gets again what it had not acknowledged. No event is lost any more, and more orders than before are booked twice: the outbox needs its other half.' },
    { id: 'unkeyed', title: 'A card processor that takes no keys', settings: { takesKeys: false }, notice: 'Whoever takes over after a crash has to charge without knowing whether the dead one did. No table of yours can mend that; ask the processor for the charge before you repeat it.' },
    { id: 'late', title: 'Nothing fails, and three seconds are too long', settings: { fault: 'none', replyLoss: 0, copies: 0, bookSeconds: 3, pollMs: 10_000 }, hurts: true, notice: 'With a relay that looks every ten seconds most payments are booked too late, though everything is well. One attempt and a publish behind the commit would have been right every time. Let the commit wake the relay.' },
  ],
  outcome({ totals }) {
    const { offered = 0, right = 0, misled = 0, extraCharges = 0, lost = 0, extraBookings = 0, gaveUp = 0 } = totals;
    const wrongs = [
      ...(misled > 0 ? [`${plain(misled)} charged and told that it failed`] : []),
      ...(extraCharges > 0 ? [`${count(extraCharges, 'charge')} too many`] : []),
      ...(lost > 0 ? [`${plain(lost)} charged and never booked`] : []),
      ...(extraBookings > 0 ? [`${count(extraBookings, 'booking')} too many`] : []),
      ...(gaveUp > 0 ? [`${plain(gaveUp)} told no`] : []),
    ];
    return `${[`${plain(right)} of ${count(offered, 'order')} came out right`, ...wrongs].join(', ')}. Customers knew after p50 ${duration(totals['answered.p50'] ?? 0)}, p99 ${duration(totals['answered.p99'] ?? 0)}.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const { fault, faultSeconds, crashEveryMs, replyLoss, leaseMs, pollMs } = settings;
  const faultEndMs = faultStartMs + faultSeconds * 1_000;
  const statementMs = 2;
  record.expect('offered', 'requests', 'unanswered', 'taken', 'publishes', 'unpublished', 'deliveries', 'right', 'misled', 'extraCharges', 'extraBookings', 'lost', 'gaveUp');
  record.state('payments', 'up');
  record.state('broker', 'up');

  const audit = new Audit(settings.bookSeconds * 1_000, (series, by) => record.count(series, by));
  record.level('unbooked', () => audit.unbooked);

  // Accounts, behind the broker.
  const topic = new Topic<{ message: string; payload: unknown }>(simulation, { confirm: lognormalLatency(20, 0.2) });
  const group = topic.group('accounts');
  const accounts = accountsDatabase(simulation, (customer) => audit.booked(Number(customer), simulation.now()));
  const consumer = new Consumer(simulation, group, async ({ message: { body } }, signal) => {
    record.count('deliveries');
    const database = accounts.connect({ statementMs, signal });
    await (variant === 'all' && settings.remembers ? bookPayment(database, body) : bookEach(database, body));
    // The acknowledgement is on its way.
    await simulation.sleep(80, signal);
  }, { parallel: 8 });
  consumer.start();

  /** Over the network to the broker. Some events are stored twice there. */
  const publish = async (message: string, { key, payload }: Pick<PaymentTaken, 'key' | 'payload'>, signal?: AbortSignal): Promise<void> => {
    record.count('publishes');
    const random = simulation.stream('publish', Number(key));
    const isCopied = random.chance(settings.copies / 100);
    try {
      await simulation.sleep(random.uniform(10, 40), signal);
      await topic.publish({ message, payload });
    } catch (error) {
      record.count('unpublished');
      throw error;
    }
    if (isCopied) simulation.setTimeout(() => void topic.publish({ message, payload }).catch(() => {}), 200);
  };

  // The card processor goes on whatever becomes of its caller. It knows the keys that it was given.
  const underKey = new Map<string, Promise<void>>();
  const chargeFor = (number: number, attempt: number, signal: AbortSignal): Charge => async ({ key }) => {
    const known = key === undefined || !settings.takesKeys ? undefined : underKey.get(key);
    const done = known ?? simulation.sleep(simulation.stream('processor', number, attempt).lognormal(80, 0.3)).then(() => audit.charged(number));
    if (key !== undefined) underKey.set(key, done);
    await done;
    await simulation.sleep(20, signal);
    return 'charged';
  };

  // Payments: a process that may die, and the next one.
  let process = new AbortController();
  let backlog = 0;
  record.level('backlog', () => backlog);
  const memory = paymentsDatabase(simulation, () => {
    record.count('taken');
    if (variant === 'all') backlog += 1;
  });
  let sequence = 0;
  const handle = (number: number, attempt: number, key: string, signal: AbortSignal): Promise<Reply> => {
    const payment = { order: String(number), customer: String(number), cents: 4_200 };
    const charge = chargeFor(number, attempt, signal);
    const tell = (event: PaymentTaken): Promise<void> => publish(`message ${sequence += 1}`, event, signal);
    const database = memory.connect({ statementMs, signal });
    if (variant === 'once' || variant === 'retry') return chargeAndTell({ database, charge, tell }, payment, signal);
    const keys = new IdempotencyKeys(database, { leaseMs, retryAfterMs: 500 });
    if (variant === 'key') return takeAndTell({ keys, charge, tell }, 'orders', { ...payment, key }, signal);
    return takePayment({ keys, charge }, 'orders', { ...payment, key }, signal);
  };
  const serve = (number: number, attempt: number, key: string): Promise<Reply> => new Promise((resolve, reject) => {
    record.count('requests');
    const { signal } = process;
    const reset = (): void => reject(new ConnectionError('the connection was reset'));
    signal.addEventListener('abort', reset, { once: true });
    handle(number, attempt, key, signal).then(resolve, reject).finally(() => signal.removeEventListener('abort', reset));
  });

  // Orders, over a network that loses requests and answers.
  const network = (number: number, key: string): Ask => {
    let attempts = 0;
    return async ({ order }) => {
      const attempt = attempts++;
      const random = simulation.stream('network', number, attempt);
      const [isRequestLost, isReplyLost] = [random.chance(replyLoss / 100), random.chance(replyLoss / 100)];
      if (isRequestLost || isReplyLost) record.count('unanswered');
      const lost = new Promise<never>(() => {});
      await simulation.sleep(random.uniform(10, 30));
      if (isRequestLost) return lost;
      const failure = await serve(number, attempt, key).then(() => undefined, asAnswered);
      if (isReplyLost) return lost;
      await simulation.sleep(random.uniform(10, 30));
      if (failure !== undefined) throw failure;
      return { paid: order };
    };
  };
  const place = async (number: number): Promise<void> => {
    record.count('offered');
    const startMs = simulation.now();
    audit.open(number, startMs);
    const payment = { order: String(number), customer: String(number), cents: 4_200, key: `payment-${String(number).padStart(12, '0')}` };
    const ask = network(number, payment.key);
    const limits: Limits = {
      attemptMs: settings.attemptMs, maxAttempts: 12, baseDelayMs: 200, maxDelayMs: 2_000, deadlineMs: settings.deadlineSeconds * 1_000,
      clock: simulation, random: simulation.stream('pause', number).next,
    };
    const end = variant === 'once' ? payOnce(payment, (asked, signal) => ask({ ...payment, ...asked }, signal), limits)
      : variant === 'retry' ? payAgain(payment, (asked, signal) => ask({ ...payment, ...asked }, signal), limits) : pay(payment, ask, limits);
    const told = await end.then(() => 'paid' as const, () => 'failed' as const);
    if (told === 'failed') record.count('gaveUp');
    audit.told(number, told);
    record.duration('answered', simulation.now() - startMs);
  };
  poissonArrivals(simulation, varying(settings.orders, (atMs) => (atMs < lastOrderMs ? settings.orders : 0)), (number) => simulation.spawn(() => place(number)));

  // The relay.
  let relay = new AbortController();
  const startRelay = (): void => {
    if (variant !== 'all') return;
    relay = new AbortController();
    const { signal } = relay;
    const running = new OutboxRelay(memory.connect({ statementMs, signal }), ({ message, key, payload }) => publish(message, { key, payload: payload as Payment }, signal), {
      // A pass is one transaction: it has to end before the next crash, or the relay sends the same events again and again.
      batchSize: 10, pollMs, clock: simulation, onEvent: ({ type }) => { if (type === 'published') backlog -= 1; },
    });
    simulation.spawn(() => running.run(signal));
  };
  startRelay();

  const inTurn = [
    () => {
      const dying = process;
      process = new AbortController();
      dying.abort(new Error('the process died'));
    },
    () => {
      relay.abort(new Error('the process died'));
      simulation.setTimeout(startRelay, 200);
    },
    () => {
      consumer.crash();
      simulation.setTimeout(() => consumer.start(), 100);
    },
  ];
  for (let atMs = faultStartMs; fault === 'crash' && atMs < faultEndMs; atMs += crashEveryMs) {
    for (const [turn, die] of inTurn.entries()) simulation.setTimeout(die, atMs + turn * crashEveryMs / 3);
  }
  simulation.setTimeout(() => {
    if (faultSeconds === 0) return;
    if (fault === 'crash') record.state('payments', 'dies again and again');
    if (fault === 'broker') {
      topic.crash();
      record.state('broker', 'down');
    }
  }, faultStartMs);
  simulation.setTimeout(() => {
    topic.restart();
    record.state('payments', 'up');
    record.state('broker', 'up');
  }, faultEndMs);
  simulation.setTimeout(() => record.count('lost', audit.unbooked), durationMs);
}

function asAnswered(error: unknown): unknown {
  if (error instanceof ConnectionError) return error;
  return error instanceof KeyBusyError ? new HttpStatusError(409, error.retryAfterMs) : new HttpStatusError(503, undefined);
}
