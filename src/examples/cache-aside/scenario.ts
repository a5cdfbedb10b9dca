import { Cache, count, defineScenario, plain, poissonArrivals, WorkerPool } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { CacheAside } from './cache-aside.ts';
import { MemoryCache } from './memory-cache.ts';
import { UnguardedCacheAside } from './unguarded.ts';

const products = 60;
const workers = 5;
const queryMs = 200;
const usefulMs = 500;
const restartMs = 20_000;

/** Catalogue shows prices out of PostgreSQL, with more readers than the database can answer, and prices that change. */
export const scenario = defineScenario({
  title: 'Eighty pages a second, from a database that can answer twenty-four',
  durationMs: 40_000,
  frameMs: 500,
  parameters: {
    reads: { kind: 'number', label: 'Pages asked for', unit: 'per second', min: 5, max: 120, step: 5, default: 80 },
    changes: { kind: 'number', label: 'Prices changed', unit: 'per second', min: 0, max: 20, step: 0.5, default: 4 },
    by: { kind: 'choice', label: 'Who changes them', options: { service: 'catalogue itself', script: 'a script, straight in the tables' }, default: 'service' },
    ttlSeconds: { kind: 'number', label: 'Lifetime of an entry', unit: 's', min: 1, max: 60, step: 1, default: 30 },
    jitterPercent: { kind: 'number', label: 'Taken off it by chance, up to', unit: '%', min: 0, max: 100, step: 5, default: 20 },
    patienceMs: { kind: 'number', label: 'Longest wait for another’s load', unit: 'ms', min: 50, max: 5_000, step: 50, default: 3_000 },
    lagMs: { kind: 'number', label: 'The replica that is read is behind by', unit: 'ms', min: 0, max: 1_000, step: 50, default: 0 },
    holdMs: { kind: 'number', label: 'What is kept after a change ends after', unit: 'ms', min: 0, max: 3_000, step: 50, default: 0 },
    restart: { kind: 'flag', label: 'The cache restarts, empty, in second 20', default: true },
  },
  variants: [{ id: 'without', label: 'no cache' }, { id: 'plain', label: 'look, load, set' }, { id: 'with', label: 'leases' }],
  charts: [
    { kind: 'rate', series: 'good', title: 'Pages with the right price within 500 ms, per second' },
    { kind: 'rate', series: 'old', title: 'Pages with an old price, per second' },
    { kind: 'rate', series: 'loads', title: 'Questions to the database, per second' },
    { kind: 'level', series: 'queued', title: 'Questions that wait in the database', unit: 'questions' },
  ],
  stations: [
    { id: 'shop', label: 'Web shop', shape: 'client' },
    { id: 'catalogue', label: 'Catalogue', shape: 'service' },
    { id: 'cache', label: 'Cache', shape: 'store', only: ['plain', 'with'] },
    { id: 'database', label: 'Database', shape: 'store', fill: { series: 'queued', most: { value: 40 } } },
  ],
  flows: [
    { from: 'shop', to: 'catalogue', series: 'offered', failing: 'old' },
    { from: 'catalogue', to: 'cache', series: 'offered' },
    { from: 'cache', to: 'database', series: 'loads' },
  ],
  measure: { total: 'good', label: 'pages with the right price within 500 ms', better: 'more' },
  tries: [
    { id: 'rush', title: 'Sixty things that everybody wants', settings: {}, notice: 'Without a cache the database has a queue without an end. With one that everybody fills, the first second and the restart in second 20 are a stampede, and readers who loaded just before a change put its old price back. With leases each price is loaded once, and none that was read before a change is kept.' },
    { id: 'script', title: 'Somebody else changes the rows', settings: { reads: 15, by: 'script', restart: false }, hurts: true, notice: 'Fifteen pages a second are no trouble for the database. A script changes prices and tells nobody, so more than half of the pages show an old one until its lifetime is over. Here the cache is all harm.' },
    { id: 'replica', title: 'Read from a replica that is behind', settings: { lagMs: 300 }, notice: 'The lease is newer than the change, but what the replica answers is not. Whoever loads just after a change keeps the old price for its whole lifetime. Leases do not help; even more pages are old with them, since a load that need not queue comes sooner after the change.' },
    { id: 'hold', title: 'The same, with a hold longer than the lag', settings: { lagMs: 300, holdMs: 400 }, notice: 'What is kept within 400 ms of a change now ends with these, and the next load sees the change. A fifth of the old pages is left, each for a moment, and the database is asked a third more often.' },
    { id: 'impatient', title: 'Patience shorter than a load', settings: { patienceMs: 100 }, notice: 'Whoever has waited for 100 ms asks the database too. That makes it slower, so that more lose patience: the stampede is back through the other door, and worse than without leases.' },
  ],
  outcome({ totals }) {
    const { offered = 0, good = 0, old = 0, loads = 0 } = totals;
    return `${plain(good)} of ${count(offered, 'page')} with the right price within 500 ms, ${plain(old)} with an old one; ${count(loads, 'question')} to the database.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const { lagMs, holdMs, patienceMs } = settings;
  const ttlMs = settings.ttlSeconds * 1_000;
  const database = new WorkerPool(simulation, workers);
  /** When the price of each product changed; its price is the number of changes. */
  const changes = Array.from({ length: products }, (): number[] => []);
  const priceOf = (product: number, atMs: number): number => changes[product]?.filter((changedMs) => changedMs <= atMs).length ?? 0;
  record.expect('offered', 'good', 'old', 'loads');
  record.level('queued', () => database.queued);

  let questions = 0;
  const load = (key: string): Promise<number> => {
    record.count('loads');
    const tookMs = simulation.stream('database', questions++).lognormal(queryMs, 0.3);
    return database.run(async () => {
      const price = priceOf(Number(key), simulation.now() - lagMs);
      await simulation.sleep(tookMs);
      return price;
    });
  };
  const memory = new MemoryCache<number>(simulation, products);
  const chance = simulation.stream('chance');
  const guarded = new CacheAside<number>({ name: 'products', cache: memory, load, ttlMs, jitter: settings.jitterPercent / 100, patienceMs, holdMs, clock: simulation, random: () => chance.next() });
  const values = new Cache<string, { value: number }>(simulation);
  const unguarded = new UnguardedCacheAside<number>({ get: async (key) => values.get(key), set: async (key, value, ms) => values.set(key, { value }, ms), delete: async (key) => values.delete(key) }, load, ttlMs);
  if (settings.restart) simulation.schedule(restartMs, () => {
    memory.clear();
    values.clear();
  });
  const price = { without: load, plain: (key: string) => unguarded.get(key), with: (key: string) => guarded.get(key) }[variant] ?? load;
  const writer = { plain: unguarded, with: guarded }[variant];

  const pick = popularity();
  poissonArrivals(simulation, settings.reads, (page) => {
    record.count('offered');
    const product = pick(simulation.stream('page', page).next());
    const askedMs = simulation.now();
    simulation.spawn(async () => {
      const shown = await price(String(product));
      if (shown === undefined || shown < priceOf(product, askedMs)) return record.count('old');
      if (simulation.now() - askedMs <= usefulMs) record.count('good');
    });
  }, { stream: 'pages' });
  poissonArrivals(simulation, settings.changes, (number) => {
    const product = pick(simulation.stream('change', number).next());
    const change = async (): Promise<void> => {
      await simulation.sleep(10);
      changes[product]?.push(simulation.now());
    };
    simulation.spawn(() => settings.by === 'script' || writer === undefined ? change() : writer.write(String(product), change));
  }, { stream: 'changes' });
}

/** A few products are asked for often and most seldom: the share of the nth is in proportion to 1/n. */
function popularity(): (random: number) => number {
  let sum = 0;
  const bounds = Array.from({ length: products }, (_, product) => (sum += 1 / (product + 1)));
  return (random) => bounds.findIndex((bound) => random * sum < bound);
}
