import { Cache, count, defineScenario, plain, poissonArrivals, Service } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { readThrough } from './read-through.ts';
import { SingleFlight } from './request-coalescing.ts';

const usefulMs = 1_000;
const workers = 8;
const flushMs = 8_000;

/** Pages of some popular products, read from a cache that all instances of catalogue share. */
export const scenario = defineScenario({
  title: 'The cache is flushed while the shop is busy',
  durationMs: 40_000,
  frameMs: 500,
  parameters: {
    trouble: { kind: 'choice', label: 'What happens', options: { flush: 'somebody flushes the cache', none: 'entries just expire' }, default: 'flush' },
    perSecond: { kind: 'number', label: 'Pages', unit: 'per second', min: 10, max: 400, step: 10, default: 300 },
    keys: { kind: 'number', label: 'Popular products', unit: '', min: 1, max: 100, step: 1, default: 10 },
    loadMs: { kind: 'number', label: 'A load takes', unit: 'ms', min: 50, max: 500, step: 10, default: 400 },
    ttlSeconds: { kind: 'number', label: 'An entry lives for', unit: 's', min: 1, max: 30, step: 1, default: 10 },
    spreadPercent: { kind: 'number', label: 'Up to so much shorter', unit: '%', min: 0, max: 90, step: 10, default: 0 },
    instances: { kind: 'number', label: 'Instances of catalogue', unit: '', min: 1, max: 50, step: 1, default: 4 },
    hangPercent: { kind: 'number', label: 'Loads that hang for 4 s', unit: '%', min: 0, max: 50, step: 5, default: 0 },
    failPercent: { kind: 'number', label: 'Loads that fail', unit: '%', min: 0, max: 50, step: 5, default: 0 },
    limitMs: { kind: 'number', label: 'Limit of shared work', unit: 'ms', min: 100, max: 10_000, step: 100, default: 2_000 },
  },
  variants: [{ id: 'without', label: 'everybody loads' }, { id: 'promise', label: 'a shared promise' }, { id: 'with', label: 'shared work with a limit' }],
  charts: [
    { kind: 'rate', series: 'answered', title: 'Pages answered within 1 s, per second' },
    { kind: 'level', series: 'queued', title: 'Loads that wait in the database', unit: 'loads' },
    { kind: 'rate', series: 'loads', title: 'Loads, per second' },
    { kind: 'rate', series: 'failed', title: 'Pages that show an error, per second' },
  ],
  stations: [
    { id: 'shop', label: 'Web shop', shape: 'client' },
    { id: 'catalogue', label: 'Catalogue', shape: 'service' },
    { id: 'database', label: 'Database', shape: 'store', fill: { series: 'queued', most: { value: 200 } } },
  ],
  flows: [
    { from: 'shop', to: 'catalogue', series: 'offered', failing: 'failed' },
    { from: 'catalogue', to: 'database', series: 'loads' },
  ],
  measure: { total: 'answered', label: 'pages answered within 1 s', better: 'more' },
  tries: [
    { id: 'flush', title: 'A flush, and ten popular products', settings: {}, notice: 'Everybody who misses loads, a dozen and more for each product before the first is back. The database works for ten seconds on answers that the cache has had for long, and since all entries now end together, the next wave is worse: from then on it never gets free. With shared work the same moment costs four loads for each product, one for each instance; a few pages meet the limit and show an error.' },
    { id: 'hang', title: 'One load in five hangs, and there is one instance', settings: { trouble: 'none', hangPercent: 20, limitMs: 10_000, instances: 1, ttlSeconds: 4, loadMs: 200 }, hurts: true, notice: 'Left to themselves, some callers draw a load that hangs, and the next one fills the cache. Shared work that hangs keeps all who ask for its product for four seconds.' },
    { id: 'limit', title: 'The same, and shared work ends after 600 ms', settings: { trouble: 'none', hangPercent: 20, limitMs: 600, instances: 1, ttlSeconds: 4, loadMs: 200 }, notice: 'The limit frees the key: those who waited get an error, and the next caller begins anew. Most of the harm is gone, not all of it.' },
    { id: 'fail', title: 'Three loads in ten fail', settings: { trouble: 'none', failPercent: 30, instances: 1, ttlSeconds: 4, loadMs: 200 }, notice: 'Fewer loads, so fewer errors in all; but each reaches everybody who waited for it, and if they all repeat at once they do so together.' },
    { id: 'fleet', title: 'Fifty instances', settings: { instances: 50 }, notice: 'Each process knows only its own callers: at the flush fifty of them load each product sixteen times, where four instances did so four times, and twenty-six times without sharing. The database does get free again, but pages are late and fail for many seconds. Share across processes, or send the same product to the same instance.' },
  ],
  outcome({ totals }) {
    const { offered = 0, answered = 0, failed = 0, loads = 0 } = totals;
    return `${plain(answered)} of ${count(offered, 'page')} answered within 1 s, ${plain(failed)} with an error; ${count(loads, 'load')} of the database.`;
  },
});

class LoadError extends Error {}

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const ttlMs = settings.ttlSeconds * 1_000;
  const database = new Service(simulation, { workers });
  const entries = new Cache<string, string>(simulation);
  const cache = {
    get: async (key: string): Promise<string | undefined> => entries.get(key),
    set: async (key: string, value: string, forMs: number): Promise<void> => entries.set(key, value, forMs),
  };
  record.expect('offered', 'answered', 'failed', 'late', 'loads');
  record.level('queued', () => database.queued);
  // The cache is warm, and its entries end one after the other.
  const warm = simulation.stream('warm');
  for (let product = 0; product < settings.keys; product++) entries.set(`product ${product}`, 'warm', ttlMs * warm.next());
  if (settings.trouble === 'flush') simulation.schedule(flushMs, () => entries.clear());

  let loaded = 0;
  const random = simulation.stream(`lifetimes ${variant}`).next;
  const load = async (key: string, signal: AbortSignal): Promise<string> => {
    const draws = simulation.stream('load', loaded++);
    record.count('loads');
    const [isHanging, isFailing] = [draws.chance(settings.hangPercent / 100), draws.chance(settings.failPercent / 100)];
    if (isHanging) await simulation.sleep(4_000, signal);
    await database.serve(draws.lognormal(settings.loadMs, 0.3), { signal });
    if (isFailing) throw new LoadError();
    return key;
  };
  const nobody = new AbortController().signal;
  const spread = settings.spreadPercent / 100;
  const instances = Array.from({ length: settings.instances }, () => {
    const flights = new SingleFlight<string>({ name: 'catalogue', limitMs: settings.limitMs, clock: simulation });
    const promises = new Map<string, Promise<string>>();
    const loadAndKeep = async (key: string): Promise<string> => {
      const value = await load(key, nobody);
      await cache.set(key, value, ttlMs * (1 - spread * random()));
      return value;
    };
    const promised = (key: string): Promise<string> => {
      const known = promises.get(key);
      if (known !== undefined) return known;
      const begun = loadAndKeep(key).finally(() => promises.delete(key));
      promises.set(key, begun);
      return begun;
    };
    return async (key: string): Promise<string> => {
      if (variant === 'with') return readThrough(key, { cache, flights, load, ttlMs, spread, random });
      return await cache.get(key) ?? (variant === 'promise' ? promised(key) : loadAndKeep(key));
    };
  });
  poissonArrivals(simulation, settings.perSecond, (number) => {
    const draws = simulation.stream('page', number);
    const read = instances[draws.below(instances.length)];
    const key = `product ${draws.below(settings.keys)}`;
    const startMs = simulation.now();
    record.count('offered');
    simulation.spawn(async () => {
      const isFailed = await read?.(key).then(() => false, () => true);
      if (isFailed) record.count('failed');
      else record.count(simulation.now() - startMs > usefulMs ? 'late' : 'answered');
    });
  }, { stream: 'pages' });
}
