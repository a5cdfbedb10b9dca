import { count, defineScenario, plain, poissonArrivals, Service, WorkerPool } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { deadlineFrom, timeLeft } from './time-left.ts';
import { TimeLimit } from './timeout.ts';
import type { CallContext } from './timeout.ts';

const patienceMs = 2_000;
const troubleStartMs = 8_000;
const workers = 60;

/** A checkout goes from orders to payments and on to the ledger, which turns slow. The order history needs none of them. */
export const scenario = defineScenario({
  title: 'The ledger turns slow, two hops below the page',
  durationMs: 40_000,
  frameMs: 500,
  parameters: {
    slowFactor: { kind: 'number', label: 'The ledger then takes', unit: 'times as long', min: 1, max: 20, step: 1, default: 6 },
    slowSeconds: { kind: 'number', label: 'How long', unit: 's', min: 0, max: 30, step: 1, default: 10 },
    checkouts: { kind: 'number', label: 'Checkouts', unit: 'per second', min: 1, max: 60, step: 1, default: 30 },
    limitMs: { kind: 'number', label: 'Limit of a call', unit: 'ms', min: 50, max: 30_000, step: 50, default: 1_500 },
    attempts: { kind: 'number', label: 'Attempts of orders', unit: '', min: 1, max: 4, step: 1, default: 1 },
    marginMs: { kind: 'number', label: 'Margin that a hop holds back', unit: 'ms', min: 0, max: 1_000, step: 10, default: 20 },
    leastMs: { kind: 'number', label: 'No call with less left than', unit: 'ms', min: 1, max: 1_000, step: 1, default: 50 },
  },
  variants: [{ id: 'without', label: 'no limit' }, { id: 'fixed', label: 'fixed limits' }, { id: 'with', label: 'limits and a deadline' }],
  charts: [
    { kind: 'rate', series: 'paid', title: 'Checkouts answered within 2 s, per second' },
    { kind: 'rate', series: 'histories', title: 'Order histories shown within 2 s, per second' },
    { kind: 'level', series: 'busy', title: 'Busy workers of orders', unit: 'workers', most: { value: workers } },
    { kind: 'rate', series: 'vain', title: 'Entries that the ledger wrote for nobody, per second' },
  ],
  stations: [
    { id: 'shop', label: 'Web shop', shape: 'client' },
    { id: 'orders', label: 'Orders', shape: 'service', fill: { series: 'busy', most: { value: workers } } },
    { id: 'payments', label: 'Payments', shape: 'service' },
    { id: 'ledger', label: 'Ledger', shape: 'store', lane: 'ledger' },
  ],
  flows: [
    { from: 'shop', to: 'orders', series: 'offered', failing: 'failed' },
    { from: 'orders', to: 'payments', series: 'calls' },
    { from: 'payments', to: 'ledger', series: 'entries', failing: 'vain' },
  ],
  measure: { total: 'answered', label: 'pages answered within 2 s', better: 'more' },
  tries: [
    { id: 'slow', title: 'The ledger turns slow for ten seconds', settings: {}, notice: 'Without a limit all workers of orders come to wait for payments, and the order history, which needs nobody, stops too. Fixed limits free the workers and save the history, but the ledger still does everything in order, for people who have left, and is late for another ten seconds. With the deadline it drops what nobody waits for and is in time at once. While it is slow that saves no checkout either: what it begins is nearly out of time and gets broken off.' },
    { id: 'short', title: 'A limit below the slower good answers', settings: { slowFactor: 1, limitMs: 150 }, hurts: true, notice: 'Nothing is wrong, and the usual answer comes well within two seconds. A limit of 150 ms cuts off about every third checkout that would have succeeded; with fixed limits the ledger even does the work.' },
    { id: 'retry', title: 'The same short limit, and three attempts', settings: { slowFactor: 1, limitMs: 150, attempts: 3 }, hurts: true, notice: 'Every attempt that is cut off stays in the ledger’s queue, so the next one is later still. After a second no checkout succeeds any more, for as long as the traffic lasts, on a day on which nothing is wrong. The deadline takes the dead attempts out of the queue and leaves a third cut off.' },
    { id: 'long', title: 'A limit of thirty seconds', settings: { limitMs: 30_000 }, notice: 'A limit above anybody’s patience is as good as none. The deadline helps all the same, because it begins with the page and not with the call.' },
  ],
  outcome({ totals }) {
    const { histories = 0, historiesAsked = 0, paid = 0, paidAsked = 0, vain = 0, entries = 0 } = totals;
    return `${plain(paid)} of ${count(paidAsked, 'checkout')} and ${plain(histories)} of ${count(historiesAsked, 'order history', 'order histories')} within 2 s; ${plain(vain)} of ${count(entries, 'entry', 'entries')} of the ledger written for nobody.`;
  },
});

interface Page { untilMs: number; over: boolean }

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const orders = new WorkerPool(simulation, workers);
  const payments = new WorkerPool(simulation, workers);
  const ledger = new Service(simulation, { workers: 4 });
  const { limitMs, marginMs } = settings;
  const leastMs = Math.min(settings.leastMs, limitMs);
  const toPayments = new TimeLimit({ name: 'payments', limitMs, marginMs, leastMs, clock: simulation });
  const toLedger = new TimeLimit({ name: 'ledger', limitMs, marginMs, leastMs, clock: simulation });
  record.expect('offered', 'answered', 'failed', 'paid', 'histories', 'calls', 'entries', 'vain');
  record.level('busy', () => orders.busy);
  record.state('ledger', 'well');
  simulation.schedule(troubleStartMs, () => {
    if (settings.slowFactor === 1) return;
    ledger.slowDown(settings.slowFactor);
    record.state('ledger', 'slow');
    simulation.schedule(settings.slowSeconds * 1_000, () => {
      ledger.resume();
      record.state('ledger', 'well');
    });
  });

  const enter = async (page: Page, checkout: number, attempt: number, { signal }: CallContext): Promise<void> => {
    await ledger.serve(simulation.stream('ledger', checkout, attempt).lognormal(90, 0.4), signal === undefined ? {} : { signal });
    record.count('entries');
    if (page.over || simulation.now() > page.untilMs) record.count('vain');
  };
  /** The other side learns nothing of fixed limits. With a deadline it learns the time that is left, from a header. */
  const limited = (limit: TimeLimit, context: CallContext, call: (context: CallContext) => Promise<void>): Promise<void> => {
    if (variant === 'without') return call({});
    if (variant === 'fixed') return limit.run(() => call({}));
    return limit.run(({ signal, untilMs }) => call({ signal, untilMs: deadlineFrom(timeLeft(untilMs, simulation), limitMs, simulation) }), context);
  };
  const pay = (page: Page, checkout: number, attempt: number, { untilMs = Infinity }: CallContext): Promise<void> => {
    record.count('calls');
    return payments.run(async () => {
      await simulation.sleep(simulation.stream('payments', checkout, attempt).exponential(20));
      await limited(toLedger, { untilMs }, (context) => enter(page, checkout, attempt, context));
    });
  };
  const page = (series: string, work: (page: Page) => Promise<void>): void => {
    const asked: Page = { untilMs: simulation.now() + patienceMs, over: false };
    record.count('offered');
    record.count(`${series}Asked`);
    simulation.spawn(async () => {
      const failed = await orders.run(() => work(asked)).then(() => false, () => true);
      asked.over = true;
      if (failed || simulation.now() > asked.untilMs) return record.count('failed');
      record.count('answered');
      record.count(series);
    });
  };
  poissonArrivals(simulation, settings.checkouts, (checkout) => page('paid', async (asked) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await limited(toPayments, asked, (context) => pay(asked, checkout, attempt, context));
      } catch (error) {
        if (attempt >= settings.attempts) throw error;
      }
    }
  }), { stream: 'checkouts' });
  poissonArrivals(simulation, 20, (request) => page('histories', () => simulation.sleep(simulation.stream('histories', request).exponential(20))), { stream: 'histories' });
}
