import { CallTimeoutError, count, defineScenario, duration, plain, poissonArrivals, varying, withTimeLimit } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { IdempotencyKeys, KeyBusyError } from './idempotency-key.ts';
import type { Reply } from './idempotency-key.ts';
import { memoryDatabase } from './memory-database.ts';

const faultStartMs = 8_000;
const lastPaymentMs = 40_000;
const insertPayment = 'insert into payments values ($1)';

/** Customers pay over a network that loses messages, and their app tries again. */
export const scenario = defineScenario({
  title: 'Answers get lost, and the customer’s app pays again',
  durationMs: 60_000,
  frameMs: 500,
  parameters: {
    fault: { kind: 'choice', label: 'What else goes wrong', options: { none: 'nothing', slow: 'the card processor is slow', crash: 'the payment service dies again and again' }, default: 'none' },
    faultSeconds: { kind: 'number', label: 'How long', unit: 's', min: 0, max: 30, step: 1, default: 20 },
    payments: { kind: 'number', label: 'Payments', unit: 'per second', min: 1, max: 40, step: 1, default: 10 },
    requestLoss: { kind: 'number', label: 'Requests lost', unit: '%', min: 0, max: 50, step: 1, default: 2 },
    replyLoss: { kind: 'number', label: 'Answers lost', unit: '%', min: 0, max: 50, step: 1, default: 10 },
    timeoutMs: { kind: 'number', label: 'The app waits for', unit: 'ms', min: 200, max: 10_000, step: 100, default: 2_000 },
    patienceSeconds: { kind: 'number', label: 'The customer gives up after', unit: 's', min: 1, max: 20, step: 1, default: 10 },
    slowMs: { kind: 'number', label: 'A slow charge takes', unit: 'ms', min: 100, max: 8_000, step: 100, default: 3_000 },
    crashEveryMs: { kind: 'number', label: 'The service dies every', unit: 'ms', min: 200, max: 10_000, step: 200, default: 1_000 },
    leaseMs: { kind: 'number', label: 'Lease of a key', unit: 'ms', min: 500, max: 60_000, step: 500, default: 5_000 },
    takesKeys: { kind: 'flag', label: 'The card processor takes keys, too', default: true },
    statementMs: { kind: 'number', label: 'A statement takes', unit: 'ms', min: 0, max: 50, step: 1, default: 2 },
  },
  variants: [{ id: 'without', label: 'no key' }, { id: 'naive', label: 'look, then insert' }, { id: 'with', label: 'idempotency key' }],
  charts: [
    { kind: 'sum', series: 'settled', title: 'Customers charged once, and told so' },
    { kind: 'sum', series: 'twice', title: 'Customers charged more than once' },
    { kind: 'rate', series: 'requests', title: 'Requests that reach the service, per second' },
    { kind: 'rate', series: 'busy', title: 'Told that the first attempt is in progress, per second' },
  ],
  stations: [
    { id: 'app', label: 'Customer’s app', shape: 'client' },
    { id: 'payments', label: 'Payments', shape: 'service', lane: 'payments' },
    { id: 'keys', label: 'Keys', shape: 'store', only: ['naive', 'with'] },
    { id: 'processor', label: 'Card processor', shape: 'service', lane: 'processor' },
  ],
  flows: [
    { from: 'app', to: 'payments', series: 'requests', failing: 'unanswered' },
    { from: 'payments', to: 'keys', series: 'looked', failing: 'busy' },
    { from: 'keys', to: 'processor', series: 'calls' },
  ],
  measure: { total: 'settled', label: 'customers charged once, and told so', better: 'more' },
  tries: [
    { id: 'lost', title: 'Answers get lost', settings: {}, notice: 'Each lost answer is a charge that the app repeats. With a key, even a naive one, the repeat gets the first answer, since the first attempt is long over when it comes.' },
    { id: 'slow', title: 'The processor is slower than the app’s patience', settings: { fault: 'slow' }, notice: 'Now the repeat comes while the first attempt is still at work. Look, then insert: both find nothing, and both charge. The claim in one statement lets one through and tells the other to ask again.' },
    { id: 'crash', title: 'The service dies under the work', settings: { fault: 'crash' }, notice: 'Some die after the charge and before they could write anything down. The lease ends, the repeat takes over and calls the processor with the same key, so that it finds its charge there.' },
    { id: 'lease', title: 'A lease longer than the customer waits', settings: { fault: 'crash', leaseMs: 60_000, requestLoss: 0, replyLoss: 0 }, hurts: true, notice: 'The network loses nothing. Whoever is caught by a crash hears “in progress” until giving up, although nobody is at work any more; without a key many of them would have been served once by their second attempt.' },
    { id: 'unkeyed', title: 'A processor that takes no keys', settings: { fault: 'crash', takesKeys: false }, notice: 'The key protects what commits in your own database. A call to others that takes no key is repeated by whoever takes over after a crash, and customers are charged twice again.' },
  ],
  outcome({ totals }) {
    const { offered = 0, settled = 0, twice = 0, gaveUp = 0, calls = 0 } = totals;
    return `${plain(settled)} of ${count(offered, 'customer')} charged once and told so, ${plain(twice)} charged more than once, ${plain(gaveUp)} gave up; ${count(calls, 'call')} to the card processor, answered after p50 ${duration(totals['answered.p50'] ?? 0)}, p99 ${duration(totals['answered.p99'] ?? 0)}.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const { fault, faultSeconds, timeoutMs, statementMs, leaseMs, takesKeys } = settings;
  const faultEndMs = faultStartMs + faultSeconds * 1_000;
  const inFault = (kind: typeof fault): boolean => fault === kind && simulation.now() >= faultStartMs && simulation.now() < faultEndMs;
  const charges: number[] = [];
  const told = new Set<number>();
  record.expect('offered', 'requests', 'unanswered', 'looked', 'busy', 'calls', 'settled', 'twice', 'gaveUp');
  record.state('payments', 'up');
  record.state('processor', 'quick');

  /** A customer's account: one charge and an answer is what it should come to. */
  const settle = (customer: number, change: () => void): void => {
    const isSettled = (): number => (told.has(customer) && charges[customer] === 1 ? 1 : 0);
    const before = isSettled();
    change();
    record.count('settled', isSettled() - before);
  };

  // The card processor goes on whatever becomes of its caller. It knows the keys that it was given.
  const underKey = new Map<string, Promise<void>>();
  const charge = (customer: number, attempt: number, key: string | undefined): Promise<void> => {
    record.count('calls');
    const known = key === undefined ? undefined : underKey.get(key);
    if (known !== undefined) return known;
    const medianMs = inFault('slow') ? settings.slowMs : 80;
    const done = simulation.sleep(simulation.stream('processor', customer, attempt).lognormal(medianMs, 0.2)).then(() => settle(customer, () => {
      charges[customer] = (charges[customer] ?? 0) + 1;
      if (charges[customer] === 2) record.count('twice');
    }));
    if (key !== undefined) underKey.set(key, done);
    return done;
  };

  let service = new AbortController();
  const memory = memoryDatabase(simulation, { [insertPayment]: () => [] });
  const answers = new Map<number, Reply>();
  const paid: Reply = { status: 201, body: 'paid' };
  const work = async (customer: number, attempt: number, signal: AbortSignal, key?: string): Promise<void> => {
    await simulation.sleep(simulation.stream('check', customer, attempt).lognormal(60, 0.3), signal);
    await charge(customer, attempt, key);
    signal.throwIfAborted();
  };
  const handle = async (customer: number, attempt: number, signal: AbortSignal): Promise<Reply> => {
    if (variant === 'without') {
      await work(customer, attempt, signal);
      return paid;
    }
    record.count('looked');
    if (variant === 'naive') {
      await simulation.sleep(statementMs, signal);
      const known = answers.get(customer);
      if (known !== undefined) return known;
      await work(customer, attempt, signal);
      await simulation.sleep(statementMs, signal);
      answers.set(customer, paid);
      return paid;
    }
    const keys = new IdempotencyKeys(memory.connect({ statementMs, signal }), { leaseMs });
    return keys.execute({ tenant: 'app', key: `payment-${String(customer).padStart(12, '0')}`, operation: 'POST /payments', payload: { customer } }, {
      call: (downstreamKey) => work(customer, attempt, signal, takesKeys ? downstreamKey : undefined),
      commit: async (transaction) => {
        await transaction.query(insertPayment, [customer]);
        return paid;
      },
    });
  };
  /** In the process that runs now; when it dies, its connections are reset. */
  const serve = (customer: number, attempt: number): Promise<Reply> => new Promise((resolve, reject) => {
    record.count('requests');
    const { signal } = service;
    const reset = (): void => reject(signal.reason);
    signal.addEventListener('abort', reset, { once: true });
    handle(customer, attempt, signal).then(resolve, reject).finally(() => signal.removeEventListener('abort', reset));
  });

  const attemptToPay = (customer: number, attempt: number): Promise<Reply> => withTimeLimit(simulation, timeoutMs, async () => {
    const random = simulation.stream('network', customer, attempt);
    const [isRequestLost, isReplyLost] = [random.chance(settings.requestLoss / 100), random.chance(settings.replyLoss / 100)];
    const lost = new Promise<never>(() => {});
    await simulation.sleep(random.uniform(10, 30));
    if (isRequestLost) return lost;
    const reply = await serve(customer, attempt).catch(async (error: unknown) => {
      if (isReplyLost) return lost;
      throw error;
    });
    await simulation.sleep(random.uniform(10, 30));
    return isReplyLost ? lost : reply;
  });
  poissonArrivals(simulation, varying(settings.payments, (atMs) => (atMs < lastPaymentMs ? settings.payments : 0)), (customer) => simulation.spawn(async () => {
    record.count('offered');
    const startMs = simulation.now();
    for (let attempt = 0; simulation.now() - startMs < settings.patienceSeconds * 1_000; attempt += 1) {
      try {
        await attemptToPay(customer, attempt);
        settle(customer, () => void told.add(customer));
        return record.duration('answered', simulation.now() - startMs);
      } catch (error) {
        if (error instanceof KeyBusyError) record.count('busy');
        if (error instanceof CallTimeoutError) record.count('unanswered');
        const pauseMs = simulation.stream('pause', customer, attempt).uniform(250, 750);
        await simulation.sleep(error instanceof KeyBusyError ? Math.max(pauseMs, error.retryAfterMs) : pauseMs);
      }
    }
    record.count('gaveUp');
  }));

  simulation.setTimeout(() => {
    if (inFault('crash')) record.state('payments', 'dies again and again');
    if (inFault('slow')) record.state('processor', 'slow');
  }, faultStartMs);
  simulation.setTimeout(() => {
    record.state('payments', 'up');
    record.state('processor', 'quick');
  }, faultEndMs);
  if (fault === 'crash') {
    for (let atMs = faultStartMs; atMs < faultEndMs; atMs += settings.crashEveryMs) {
      simulation.setTimeout(() => {
        const dying = service;
        service = new AbortController();
        dying.abort(new Error('the connection was reset'));
      }, atMs);
    }
  }
}
