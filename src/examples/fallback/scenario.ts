import { count, defineScenario, plain, poissonArrivals, Service, withTimeLimit } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { Fallback } from './fallback.ts';
import type { Substitute } from './fallback.ts';

const outageStartMs = 8_000;
const patienceMs = 1_000;
const workers = 8;
const queue = 400;

class NoDeliveryError extends Error {}

/** Orders asks shipping what a delivery costs. Product pages need the database that one of the substitutes needs too. */
export const scenario = defineScenario({
  title: 'Shipping is away, and every checkout needs a delivery cost',
  durationMs: 40_000,
  frameMs: 500,
  parameters: {
    substitute: { kind: 'choice', label: 'What stands in', options: { flat: 'a flat rate from memory', query: 'a sum over past deliveries, from the database', both: 'the sum for two at a time, else the flat rate' }, default: 'flat' },
    errors: { kind: 'choice', label: 'For which errors', options: { outage: 'shipping could not answer', all: 'any error' }, default: 'outage' },
    outageSeconds: { kind: 'number', label: 'How long shipping is away', unit: 's', min: 0, max: 30, step: 1, default: 20 },
    checkouts: { kind: 'number', label: 'Checkouts', unit: 'per second', min: 1, max: 60, step: 1, default: 30 },
    refusedPercent: { kind: 'number', label: 'Addresses where nobody delivers', unit: '%', min: 0, max: 30, step: 1, default: 5 },
    queryMs: { kind: 'number', label: 'The sum takes', unit: 'ms', min: 10, max: 1_000, step: 10, default: 250 },
  },
  variants: [{ id: 'without', label: 'an error' }, { id: 'with', label: 'fallback' }],
  charts: [
    { kind: 'rate', series: 'priced', title: 'Checkouts with a cost within 1 s, per second' },
    { kind: 'rate', series: 'pages', title: 'Product pages shown within 1 s, per second' },
    { kind: 'rate', series: 'degraded', title: 'Costs that are not the real one, per second' },
    { kind: 'level', series: 'queued', title: 'Queries that wait for the database', unit: 'queries', most: { value: queue } },
  ],
  stations: [
    { id: 'shop', label: 'Web shop', shape: 'client' },
    { id: 'orders', label: 'Orders', shape: 'service' },
    { id: 'shipping', label: 'Shipping', shape: 'service', lane: 'shipping' },
    { id: 'database', label: 'Database of catalogue', shape: 'store', fill: { series: 'queued', most: { value: queue } } },
  ],
  flows: [
    { from: 'shop', to: 'orders', series: 'offered', failing: 'failed' },
    { from: 'orders', to: 'shipping', series: 'asked' },
    { from: 'orders', to: 'database', series: 'degraded' },
    { from: 'shop', to: 'database', series: 'pages' },
  ],
  measure: { total: 'useful', label: 'useful answers within 1 s: pages, costs, and addresses refused', better: 'more' },
  tries: [
    { id: 'flat', title: 'A flat rate', settings: {}, notice: 'Without a fallback no checkout goes through for twenty seconds. With a flat rate the shop goes on selling. The price is in the third chart: more than five hundred orders with a guessed cost, some of them to addresses where nobody delivers.' },
    { id: 'query', title: 'A better estimate, from the database', settings: { substitute: 'query' }, hurts: true, notice: 'The estimate is closer to the truth, and needs the database that the product pages need. When every checkout takes the second path at once, the database cannot bear it. The pages fail too, and twelve seconds after shipping is back none is shown in time: a queue of queries that nobody waits for any more has to be worked off first.' },
    { id: 'both', title: 'The same estimate, with a bound', settings: { substitute: 'both' }, notice: 'Two estimates at a time, at most 400 ms each, and the flat rate for all others. The pages do not notice.' },
    { id: 'all', title: 'Any error has a substitute', settings: { errors: 'all', outageSeconds: 0 }, hurts: true, notice: 'Shipping is well, and says of one address in twenty that nobody delivers there. A fallback that hides any error sells to these addresses at the flat rate. No error appears on a dashboard.' },
  ],
  outcome({ totals }) {
    const { checkout = 0, priced = 0, degraded = 0, flat = 0, wrong = 0, page = 0, pages = 0 } = totals;
    return `${plain(priced)} of ${count(checkout, 'checkout')} got a cost within 1 s, ${plain(degraded)} times not the real one (${plain(flat)} times the flat rate), ${plain(wrong)} times for an address where nobody delivers; ${plain(pages)} of ${count(page, 'product page')} shown within 1 s.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const { substitute, queryMs } = settings;
  const shipping = new Service(simulation, { workers: 20 });
  const database = new Service(simulation, { workers, queue });
  record.expect('offered', 'failed', 'useful', 'checkout', 'priced', 'degraded', 'flat', 'wrong', 'page', 'pages', 'asked');
  record.level('queued', () => database.queued);
  record.state('shipping', 'healthy');
  if (settings.outageSeconds > 0) {
    simulation.schedule(outageStartMs, () => {
      shipping.stall();
      record.state('shipping', 'hanging');
    });
    simulation.schedule(outageStartMs + settings.outageSeconds * 1_000, () => {
      shipping.resume();
      record.state('shipping', 'healthy');
    });
  }

  const isRefused = (checkout: number): boolean => simulation.stream('address', checkout).chance(settings.refusedPercent / 100);
  const real = (checkout: number): Promise<number> => {
    record.count('asked');
    return withTimeLimit(simulation, 300, async () => {
      await shipping.serve(simulation.stream('shipping', checkout).lognormal(40, 0.4));
      if (isRefused(checkout)) throw new NoDeliveryError('nobody delivers there');
      return 420;
    });
  };
  const flat: Substitute<number, number> = { name: 'flat rate', answer: () => 590, limitMs: 50 };
  const query = (checkout: number): Promise<number> => database.serve(simulation.stream('query', checkout).lognormal(queryMs, 0.4)).then(() => 450);
  const fallback = new Fallback<number, number>({
    name: 'delivery cost',
    real,
    isUnavailable: (error) => settings.errors === 'all' || !(error instanceof NoDeliveryError),
    substitutes: { flat: [flat], query: [{ name: 'sum', answer: query, limitMs: 30_000 }], both: [{ name: 'sum', answer: query, limitMs: 400, slots: 2 }, flat] }[substitute],
    clock: simulation,
    onEvent: (event) => {
      if (event.type !== 'degraded') return;
      record.count('degraded');
      if (event.by === flat.name) record.count('flat');
    },
  });

  const within = (startMs: number): boolean => simulation.now() - startMs <= patienceMs;
  poissonArrivals(simulation, settings.checkouts, (checkout) => simulation.spawn(async () => {
    const startMs = simulation.now();
    record.count('offered');
    record.count('checkout');
    const answer = variant === 'with' ? fallback.get(checkout) : real(checkout);
    const outcome = await answer.then(() => 'priced', (error: unknown) => error instanceof NoDeliveryError ? 'refused' : 'failed');
    if (outcome === 'failed' || !within(startMs)) return record.count('failed');
    if (outcome === 'priced') record.count('priced');
    if (outcome === 'priced' && isRefused(checkout)) record.count('wrong');
    else record.count('useful');
  }), { stream: 'checkouts' });
  poissonArrivals(simulation, 60, (page) => {
    const startMs = simulation.now();
    record.count('offered');
    record.count('page');
    database.submit(simulation.stream('page', page).lognormal(65, 0.4), (error) => {
      if (error !== undefined || !within(startMs)) return record.count('failed');
      record.count('pages');
      record.count('useful');
    });
  }, { stream: 'pages' });
}
