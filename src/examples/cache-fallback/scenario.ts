import { count, defineScenario, plain, poissonArrivals, ServiceDownError } from '../../simulator/index.ts';
import type { Simulation, World } from '../../simulator/index.ts';
import { CacheFallback } from './cache-fallback.ts';

const minuteMs = 60_000;
const durationMs = 30 * minuteMs;
const outageStartMs = 8 * minuteMs;
/** Halfway through the default outage. */
const restartMs = 14 * minuteMs;
const restartTakesMs = 5_000;
const products = 200;
const salesPerSecond = 1.2;

/** Orders needs the price of what is sold; prices live in catalogue, which is away for a while. */
export const scenario = defineScenario({
  title: 'Catalogue is away for twelve minutes, and prices go on changing',
  durationMs,
  frameMs: 30_000,
  parameters: {
    fault: { kind: 'choice', label: 'What catalogue does', options: { refuse: 'refuses every call', hang: 'hangs' }, default: 'refuse' },
    outageMinutes: { kind: 'number', label: 'How long', unit: 'min', min: 0, max: 20, step: 1, default: 12 },
    changeMinutes: { kind: 'number', label: 'A price changes every', unit: 'min', min: 5, max: 600, step: 5, default: 240 },
    freshSeconds: { kind: 'number', label: 'Copies are fresh for', unit: 's', min: 0, max: 300, step: 10, default: 60 },
    staleMinutes: { kind: 'number', label: 'They may stand in for', unit: 'min more', min: 1, max: 60, step: 1, default: 20 },
    harm: { kind: 'number', label: 'A sale at a wrong price undoes', unit: 'right ones', min: 0, max: 10, step: 1, default: 3 },
    restart: { kind: 'flag', label: 'Orders restarts in minute 14', default: false },
    saved: { kind: 'flag', label: 'Copies are put away for a restart', default: false },
  },
  variants: [{ id: 'without', label: 'cache with expiry' }, { id: 'with', label: 'copies stand in' }],
  charts: [
    { kind: 'rate', series: 'sold', title: 'Sales, per second' },
    { kind: 'sum', series: 'wrong', title: 'Sold at a price that had changed, in all' },
    { kind: 'level', series: 'oldest', title: 'Oldest price used, in minutes', unit: 'min' },
    { kind: 'lane', lane: 'catalogue', title: 'State of catalogue', tones: { healthy: 'good', away: 'bad' } },
  ],
  stations: [
    { id: 'shop', label: 'Web shop', shape: 'client' },
    { id: 'orders', label: 'Orders', shape: 'service' },
    { id: 'copies', label: 'Copies', shape: 'store' },
    { id: 'catalogue', label: 'Catalogue', shape: 'service', lane: 'catalogue' },
  ],
  flows: [
    { from: 'shop', to: 'orders', series: 'offered', failing: 'failed' },
    { from: 'orders', to: 'copies', series: 'fromCopy' },
    { from: 'copies', to: 'catalogue', series: 'calls' },
  ],
  measure: { total: 'worth', label: 'sales at the right price, less the harm of wrong ones', better: 'more' },
  tries: [
    { id: 'prices', title: 'Prices that change every four hours', settings: {}, notice: 'The plain cache sells for one more minute and then fails. With copies that stand in, sales go on, at prices of which few have changed. Products that nobody had asked for before still fail.' },
    { id: 'volatile', title: 'Prices that change every ten minutes', settings: { changeMinutes: 10 }, hurts: true, notice: 'Before the outage ends, more than half of the copies are wrong, and a wrong sale costs more than a lost one. Failing clearly would have been better.' },
    { id: 'bound', title: 'Volatile prices, and a short bound', settings: { changeMinutes: 10, staleMinutes: 1 }, notice: 'The bound on the age decides how much harm is possible: after two minutes at most there is an error instead of a price. It cannot make old prices right.' },
    { id: 'cold', title: 'A restart in the middle of the outage', settings: { restart: true }, notice: 'The copies were in memory, and from minute 14 on there is nothing that could stand in. Put them away for a restart, and most sales come back.' },
  ],
  outcome({ totals }) {
    const { offered = 0, sold = 0, wrong = 0, failed = 0, fromCopy = 0 } = totals;
    return `${plain(sold)} of ${count(offered, 'sale')} went through, ${plain(fromCopy)} of them with a stale price; ${plain(wrong)} at a price that had changed, ${plain(failed)} failed.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const outageEndMs = outageStartMs + settings.outageMinutes * minuteMs;
  const isAway = (): boolean => simulation.now() >= outageStartMs && simulation.now() < outageEndMs;
  const priceOf = priceLists(simulation, settings.changeMinutes * minuteMs);
  record.expect('offered', 'sold', 'wrong', 'failed', 'worth', 'calls', 'fromCopy');
  record.state('catalogue', 'healthy');
  if (settings.outageMinutes > 0) {
    simulation.schedule(outageStartMs, () => record.state('catalogue', 'away'));
    simulation.schedule(outageEndMs, () => record.state('catalogue', 'healthy'));
  }

  let oldestMs = 0;
  record.level('oldest', () => {
    const minutes = oldestMs / minuteMs;
    oldestMs = 0;
    return minutes;
  });

  let call = 0;
  const load = async (product: number, signal: AbortSignal): Promise<number> => {
    record.count('calls');
    const tookMs = simulation.stream('catalogue', call++).lognormal(40, 0.4);
    if (isAway()) {
      await simulation.sleep(settings.fault === 'refuse' ? 5 : durationMs, signal);
      throw new ServiceDownError('catalogue is away');
    }
    const price = priceOf(product);
    await simulation.sleep(tookMs, signal);
    return price;
  };
  const open = () => new CacheFallback<number, number>({
    name: 'catalogue', load, judge: (error) => (error instanceof ServiceDownError ? 'unavailable' : 'other'),
    freshMs: settings.freshSeconds * 1000, staleMs: variant === 'without' ? 0 : settings.staleMinutes * minuteMs,
    patienceMs: 300, loadTimeoutMs: 2_000, recheckMs: 10_000, clock: simulation,
  });
  let prices = open();
  if (settings.restart) {
    simulation.schedule(restartMs, () => {
      const saved = prices.save();
      prices = open();
      if (settings.saved) prices.restore(saved, restartTakesMs);
    });
  }

  const pick = popularity(products);
  poissonArrivals(simulation, salesPerSecond, (sale) => {
    record.count('offered');
    const product = pick(simulation.stream('sale', sale).next());
    simulation.spawn(async () => {
      try {
        const { value, ageMs, degraded } = await prices.get(product);
        const isRight = value === priceOf(product);
        record.count('sold');
        record.count('worth', isRight ? 1 : -settings.harm);
        if (!isRight) record.count('wrong');
        if (degraded) record.count('fromCopy');
        oldestMs = Math.max(oldestMs, ageMs);
      } catch {
        record.count('failed');
      }
    });
  }, { stream: 'sales' });
}

/** The price of a product now, as a version number that goes up with each change. */
function priceLists(simulation: Simulation, meanMs: number): (product: number) => number {
  const changes = Array.from({ length: products }, (_, product) => {
    const random = simulation.stream('prices', product);
    const times: number[] = [];
    for (let atMs = random.exponential(meanMs); atMs < durationMs; atMs += random.exponential(meanMs)) times.push(atMs);
    return times;
  });
  return (product) => changes[product]?.filter((atMs) => atMs <= simulation.now()).length ?? 0;
}

/** A few things sell often and most seldom: the share of the nth is in proportion to 1/n. */
function popularity(things: number): (random: number) => number {
  let sum = 0;
  const bounds = Array.from({ length: things }, (_, thing) => (sum += 1 / (thing + 1)));
  return (random) => bounds.findIndex((bound) => random * sum < bound);
}
