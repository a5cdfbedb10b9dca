import { count, defineScenario, plain, poissonArrivals, Service, WorkerPool } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { ConnectionError } from '../retry-with-backoff/http-failure.ts';
import { RetryBudget } from '../retry-with-backoff/retry-budget.ts';
import { partOf, protect, rightOrder } from './one-slow-service.ts';
import type { LayerName } from './one-slow-service.ts';

const workers = 12;
const patienceMs = 2_000;
const faultStartMs = 8_000;
const products = 200;

/** The shop shows product pages and takes checkouts with the same workers; only a part of the product page needs recommendations. */
export const scenario = defineScenario({
  title: 'Recommendations hangs, and checkout never needed it',
  durationMs: 40_000,
  frameMs: 500,
  parameters: {
    fault: { kind: 'choice', label: 'What recommendations does', options: { hang: 'hangs', slow: 'turns slow', refuse: 'refuses every call', blips: 'fails one call in ten', none: 'works' }, default: 'hang' },
    faultSeconds: { kind: 'number', label: 'How long', unit: 's', min: 1, max: 30, step: 1, default: 16 },
    slowTimes: { kind: 'number', label: 'Slow means', unit: 'times as long', min: 2, max: 40, step: 1, default: 15 },
    pages: { kind: 'number', label: 'Product pages', unit: 'per second', min: 1, max: 40, step: 1, default: 18 },
    deadlineMs: { kind: 'number', label: 'The page waits for them', unit: 'ms at most', min: 200, max: 3_000, step: 50, default: 1_000 },
    attempts: { kind: 'number', label: 'Attempts', unit: '', min: 1, max: 3, step: 1, default: 3 },
    slots: { kind: 'number', label: 'Slots of the bulkhead', unit: '', min: 1, max: 12, step: 1, default: 5 },
    staleMinutes: { kind: 'number', label: 'A copy may stand in for', unit: 'min', min: 0, max: 60, step: 1, default: 10 },
  },
  variants: [{ id: 'naive', label: 'nothing' }, { id: 'retries', label: 'timeout + retries' }, { id: 'inverted', label: 'five inside out' }, { id: 'all', label: 'five in order' }],
  charts: [
    { kind: 'rate', series: 'paid', title: 'Checkouts answered within 2 s, per second' },
    { kind: 'rate', series: 'shelves', title: 'Product pages with recommendations within 2 s' },
    { kind: 'level', series: 'busy', title: 'Busy workers of the shop', unit: 'workers', most: { value: workers } },
    { kind: 'rate', series: 'calls', title: 'Calls that reach recommendations, per second' },
  ],
  stations: [
    { id: 'customers', label: 'Customers', shape: 'client' },
    { id: 'shop', label: 'Shop', shape: 'service', fill: { series: 'busy', most: { value: workers } } },
    { id: 'breaker', label: 'Breaker', shape: 'gate', lane: 'breaker', only: ['inverted', 'all'] },
    { id: 'recommendations', label: 'Recommen\u00addations', shape: 'service', lane: 'recommendations' },
  ],
  flows: [
    { from: 'customers', to: 'shop', series: 'offered', failing: 'failed' },
    { from: 'shop', to: 'breaker', series: 'asked', failing: 'bare' },
    { from: 'breaker', to: 'recommendations', series: 'calls' },
  ],
  measure: { total: 'whole', label: 'checkouts, and product pages with recommendations, within 2 s', better: 'more' },
  tries: [
    { id: 'hang', title: 'The service hangs', settings: {}, notice: 'Within a second all workers of the shop wait for recommendations, and checkouts stop. With a timeout and retries a page gives its worker back after about a second, too late for most checkouts. With all five in order checkouts notice nothing, and most pages show a copy. Inside out most lose the part: the timeout ends the copies too, and the breaker never opens.' },
    { id: 'slow', title: 'It only turns slow', settings: { fault: 'slow' }, notice: 'Slow is not an error, so nothing fails and nobody is told. Timeout and retries do worse than nothing: no attempt of 283 ms gets an answer that takes a second, and each one goes on at the other side after it was given up, with the next one waiting behind it.' },
    { id: 'blips', title: 'Single, brief faults', settings: { fault: 'blips', faultSeconds: 30 }, notice: 'This is what retries are for: one call in ten fails, and the next would work. Hardly a page lacks its recommendations. Breaker, bulkhead and copies have little to do.' },
    { id: 'tight', title: 'A deadline that nobody measured', settings: { fault: 'none', deadlineMs: 300 }, hurts: true, notice: 'Nothing is wrong with recommendations. But three attempts and their pauses within 300 ms leave 50 ms for each, and a usual answer takes 75. Most pages go without: the outage is home-made.' },
    { id: 'bearable', title: 'Slow, and the shop is quiet', settings: { fault: 'slow', slowTimes: 6, pages: 6 }, hurts: true, notice: 'A third of the visitors, and answers that take six times as long: there are workers to spare, and whoever waits gets the part. The layers take slow for broken, and products without a copy lose it.' },
  ],
  outcome({ totals }) {
    const { paid = 0, checkouts = 0, shelves = 0, bare = 0, pages = 0, calls = 0 } = totals;
    return `${plain(paid)} of ${count(checkouts, 'checkout')} and ${plain(shelves + bare)} of ${count(pages, 'product page')} within 2 s, ${plain(bare)} of these without recommendations; ${count(calls, 'call')} reached the service.`;
  },
});

const orders: Record<string, readonly LayerName[]> = { naive: [], retries: ['retry', 'timeout'], inverted: rightOrder.toReversed(), all: rightOrder };

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const { fault } = settings;
  const recommendations = new Service(simulation, { workers: 18 });
  const pool = new WorkerPool(simulation, workers);
  let faulty = false;
  record.expect('offered', 'failed', 'checkouts', 'paid', 'pages', 'shelves', 'bare', 'whole', 'asked', 'calls');
  record.level('busy', () => pool.busy);
  record.state('recommendations', 'healthy');
  if (variant === 'inverted' || variant === 'all') record.state('breaker', 'closed');
  const begin = { hang: () => recommendations.stall(), slow: () => recommendations.slowDown(settings.slowTimes), refuse: () => recommendations.crash(), blips: () => {}, none: () => {} }[fault];
  if (fault !== 'none') {
    simulation.schedule(faultStartMs, () => {
      faulty = true;
      begin();
      record.state('recommendations', { hang: 'hanging', slow: 'slow', refuse: 'down', blips: 'flaky' }[fault]);
    });
    simulation.schedule(faultStartMs + settings.faultSeconds * 1000, () => {
      faulty = false;
      recommendations.restart();
      record.state('recommendations', 'healthy');
    });
  }

  let calls = 0;
  const ask = async (product: number): Promise<number> => {
    const random = simulation.stream('recommendations', calls++);
    record.count('calls');
    const durationMs = random.lognormal(75, 0.4);
    if (fault === 'blips' && random.chance(faulty ? 0.1 : 0)) throw new ConnectionError('the connection was reset');
    try {
      await recommendations.serve(durationMs);
    } catch (cause) {
      throw new ConnectionError('no answer', { cause });
    }
    return product;
  };
  const budget = variant === 'retries' ? {} : { budget: new RetryBudget({ reserve: 20, successesPerRetry: 10 }) };
  const recommend = protect<number, number>(ask, {
    name: 'recommendations', deadlineMs: settings.deadlineMs, maxAttempts: settings.attempts, baseDelayMs: 50, ...budget,
    slots: settings.slots, openMs: 2_000, staleMs: settings.staleMinutes * 60_000, clock: simulation, random: simulation.stream('jitter').next,
    onEvent: (event) => { if ('breaker' in event && event.type === 'state') record.state('breaker', event.to); },
  }, orders[variant]);

  const page = (work: () => Promise<string>): void => {
    const startMs = simulation.now();
    record.count('offered');
    simulation.spawn(async () => {
      const outcome = await pool.run(work);
      if (simulation.now() - startMs > patienceMs) return record.count('failed');
      record.count(outcome);
      if (outcome !== 'bare') record.count('whole');
    });
  };
  const never = new AbortController().signal;
  poissonArrivals(simulation, settings.pages, (number) => {
    record.count('pages');
    const random = simulation.stream('product pages', number);
    // Some products are looked at often, and most seldom.
    const [product, ownMs] = [Math.floor(products * random.next() ** 3), random.exponential(30)];
    page(async () => {
      await simulation.sleep(ownMs);
      record.count('asked');
      return await partOf(recommend, product, never) === undefined ? 'bare' : 'shelves';
    });
  }, { stream: 'product pages' });
  poissonArrivals(simulation, 9, (number) => {
    record.count('checkouts');
    page(async () => {
      await simulation.sleep(simulation.stream('checkout', number).exponential(80));
      return 'paid';
    });
  }, { stream: 'checkouts' });
}
