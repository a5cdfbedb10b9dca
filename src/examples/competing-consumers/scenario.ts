import { count, defineScenario, duration, plain, poissonArrivals, varying } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { consume } from './competing-consumers.ts';
import type { Handle } from './competing-consumers.ts';
import type { WorkQueue } from './contract.ts';
import { MemoryBroker } from './memory-broker.ts';
import { acknowledgeFirst, leaseOnce } from './unsafe-consumers.ts';

const durationMs = 90_000;
const lastJobMs = 40_000;
const products = 3;

/** A supplier uploads pictures, catalogue scales them, and each job keeps a session of the database busy. */
export const scenario = defineScenario({
  title: 'A supplier uploads pictures, and catalogue has to scale them',
  durationMs,
  frameMs: 1_000,
  parameters: {
    jobs: { kind: 'number', label: 'Pictures', unit: 'per second', min: 1, max: 20, step: 1, default: 5 },
    workMs: { kind: 'number', label: 'A picture takes, half of the time', unit: 'ms', min: 100, max: 5_000, step: 100, default: 1_000 },
    consumers: { kind: 'number', label: 'Consumers', unit: '', min: 2, max: 60, step: 1, default: 8 },
    sessions: { kind: 'number', label: 'Sessions that the database has', unit: '', min: 1, max: 60, step: 1, default: 20 },
    leaseMs: { kind: 'number', label: 'A lease (visibility timeout) lasts', unit: 'ms', min: 500, max: 30_000, step: 500, default: 15_000 },
    dying: { kind: 'flag', label: 'Processes die', default: false },
    order: { kind: 'choice', label: 'Pictures are', options: { independent: 'independent', updates: 'newer ones of three products', keyed: 'the same, with the product as key' }, default: 'independent' },
    withinMs: { kind: 'number', label: 'Wanted within', unit: 'ms', min: 1_000, max: 60_000, step: 1_000, default: 15_000 },
  },
  variants: [{ id: 'one', label: 'one consumer' }, { id: 'early', label: 'several, acknowledging on receipt' }, { id: 'once', label: 'several, leases not renewed' }, { id: 'with', label: 'several, leases renewed' }],
  charts: [
    { kind: 'level', series: 'backlog', title: 'Pictures that wait or are at work', unit: 'pictures' },
    { kind: 'sum', series: 'done', title: 'Pictures done' },
    { kind: 'sum', series: 'again', title: 'Work done again' },
    { kind: 'level', series: 'busy', title: 'Sessions in use', unit: 'sessions', most: { parameter: 'sessions' } },
  ],
  stations: [
    { id: 'supplier', label: 'Supplier', shape: 'client' },
    { id: 'queue', label: 'Queue', shape: 'queue', fill: { series: 'backlog', most: { value: 100 } } },
    { id: 'consumers', label: 'Consumers', shape: 'service' },
    { id: 'database', label: 'Database', shape: 'store', fill: { series: 'busy', most: { parameter: 'sessions' } } },
  ],
  flows: [
    { from: 'supplier', to: 'queue', series: 'offered' },
    { from: 'queue', to: 'consumers', series: 'begun', failing: 'deaths' },
    { from: 'consumers', to: 'database', series: 'begun', failing: 'refused' },
  ],
  measure: { total: 'right', label: 'pictures done once, in time, and none overwritten by an older one', better: 'more' },
  tries: [
    { id: 'rush', title: 'More than one can do', settings: {}, notice: 'One consumer does not quite one a second and is behind for good. Eight do all within seconds, however they acknowledge: nothing has gone wrong yet.' },
    { id: 'short', title: 'A lease shorter than the work', settings: { leaseMs: 1_000 }, notice: 'Where leases are not renewed, every picture that takes longer than a second goes to another consumer while the first is still at it; the acknowledgement is refused, the work is done up to five times, and the queue falls behind on repeats. Renewed leases hold as long as the work.' },
    { id: 'dying', title: 'Processes die', settings: { dying: true, leaseMs: 4_000 }, notice: 'Acknowledged on receipt, what a process had in hand dies with it. Otherwise it comes again when its lease is over, which is what the wait of some pictures is.' },
    { id: 'many', title: 'More consumers than the database holds', settings: { consumers: 40, sessions: 5 }, notice: 'Forty consumers ask for five sessions. Most are refused and give their message back, the queue hurries through its deliveries, and pictures are set aside that nothing was wrong with.' },
    { id: 'fits', title: 'As many consumers as it holds', settings: { consumers: 5, sessions: 5 }, notice: 'Five consumers, none is refused, and the pictures wait in the queue instead: more are done in time than by forty.' },
    { id: 'order', title: 'Newer pictures overtake older ones', settings: { order: 'updates', workMs: 200 }, hurts: true, notice: 'One consumer could do this alone, in order. With several a quick newer picture is done before a slow older one, and the old one is what stays.' },
    { id: 'keyed', title: 'The same, with a key', settings: { order: 'keyed', workMs: 200 }, notice: 'The broker holds a message back until the earlier ones of its product are settled. Nothing is overtaken, and three at most are worked on at a time. Who acknowledges on receipt frees the key too early.' },
  ],
  outcome({ totals }) {
    const { offered = 0, right = 0, late = 0, twice = 0, stale = 0, never = 0, refused = 0 } = totals;
    const parts = [`${plain(right)} of ${count(offered, 'picture')} right and in time`, `${plain(late)} late`, ...(twice > 0 ? [`${plain(twice)} done more than once`] : []), ...(stale > 0 ? [`${plain(stale)} that overwrote a newer one`] : []), `${plain(never)} never done`];
    return `${parts.join(', ')}${refused > 0 ? `; the database refused ${plain(refused)} times` : ''}; p99 ${duration(totals['took.p99'] ?? 0)}.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const { workMs, sessions, leaseMs, order, withinMs } = settings;
  const consumers = variant === 'one' ? 1 : settings.consumers;
  const broker = new MemoryBroker<number>(simulation);
  const sent: { atMs: number; times: number; doneMs: number; isStale: boolean }[] = [];
  const newest = new Map<number, number>();
  let busy = 0;
  record.expect('offered', 'begun', 'deaths', 'refused', 'done', 'again', 'right', 'late', 'twice', 'stale', 'never');
  record.level('backlog', () => broker.backlog);
  record.level('busy', () => busy);

  const finish = (job: number): void => {
    const one = sent[job]!;
    one.times += 1;
    if (one.times > 1) return record.count('again');
    record.count('done');
    one.doneMs = simulation.now();
    record.duration('took', one.doneMs - one.atMs);
    const product = job % products;
    one.isStale = order !== 'independent' && (newest.get(product) ?? 0) > job;
    newest.set(product, Math.max(job, newest.get(product) ?? 0));
  };
  const lives: AbortController[] = [];
  const start = (consumer: number): void => {
    const { signal } = (lives[consumer] = new AbortController());
    const handle: Handle<number> = async ({ body }, limit) => {
      record.count('begun');
      if (busy >= sessions) {
        record.count('refused');
        throw new Error('too many sessions');
      }
      busy += 1;
      try {
        await simulation.sleep(simulation.stream('work', body).lognormal(workMs, 0.6), AbortSignal.any([signal, limit]));
      } finally {
        busy -= 1;
      }
      finish(body);
    };
    /** A dead process says nothing more. */
    const alive = async (ask: () => Promise<boolean>): Promise<boolean> => {
      signal.throwIfAborted();
      return ask();
    };
    const queue: WorkQueue<number> = {
      receive: (...asked) => broker.receive(...asked),
      renew: (...asked) => alive(() => broker.renew(...asked)),
      acknowledge: (delivery) => alive(() => broker.acknowledge(delivery)),
      giveBack: (...asked) => alive(() => broker.giveBack(...asked)),
    };
    const run: Record<string, () => Promise<void>> = {
      early: () => acknowledgeFirst(queue, handle, signal, leaseMs),
      once: () => leaseOnce(queue, handle, signal, leaseMs),
    };
    simulation.spawn(() => (run[variant]?.() ?? consume(queue, handle, signal, { leaseMs, clock: simulation })).catch(() => {}));
  };
  for (let consumer = 0; consumer < consumers; consumer++) start(consumer);

  poissonArrivals(simulation, varying(settings.jobs, (atMs) => (atMs < lastJobMs ? settings.jobs : 0)), (job) => {
    record.count('offered');
    simulation.settles();
    sent[job] = { atMs: simulation.now(), times: 0, doneMs: Infinity, isStale: false };
    broker.send(`picture ${job}`, job, order === 'keyed' ? String(job % products) : undefined);
  });
  if (settings.dying) {
    const random = simulation.stream('death');
    for (let atMs = 5_000; atMs < lastJobMs; atMs += 1_000) {
      simulation.schedule(atMs, () => {
        const consumer = random.below(consumers);
        record.count('deaths');
        simulation.settles();
        lives[consumer]!.abort(new Error('the process died'));
        simulation.setTimeout(() => start(consumer), 500);
      });
    }
  }
  simulation.setTimeout(() => {
    for (const { atMs, times, doneMs, isStale } of sent) {
      const isLate = doneMs - atMs > withinMs;
      record.count(times === 0 ? 'never' : times > 1 ? 'twice' : isStale ? 'stale' : isLate ? 'late' : 'right');
    }
  }, durationMs);
}
