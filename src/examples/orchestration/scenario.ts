import { count, defineScenario, duration, plain, poissonArrivals, varying } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { fulfilOrder } from './fulfil-order.ts';
import type { Order, Shop, Task } from './fulfil-order.ts';
import { MemoryStore } from './memory-store.ts';
import { Orchestrator } from './orchestration.ts';
import type { CaseStore } from './orchestration.ts';

const durationMs = 60_000;
const lastOrderMs = 30_000;
const limitMs = 1_000;
const wanted: Order = { item: 'kettle', totalCents: 4_200 };

/** The same order, with nobody in charge, with a conductor that remembers in memory, and with one that has a log. */
export const scenario = defineScenario({
  title: 'The warehouse overlooks orders, and the conductor restarts',
  durationMs,
  frameMs: 500,
  parameters: {
    orders: { kind: 'number', label: 'Orders', unit: 'per second', min: 1, max: 20, step: 1, default: 3 },
    silentPercent: { kind: 'number', label: 'Orders that the warehouse overlooks', unit: '%', min: 0, max: 30, step: 1, default: 8 },
    lostPercent: { kind: 'number', label: 'Messages that get lost', unit: '%', min: 0, max: 20, step: 1, default: 2 },
    restartSeconds: { kind: 'number', label: 'The conductor restarts every (0: never)', unit: 's', min: 0, max: 30, step: 1, default: 9 },
    downSeconds: { kind: 'number', label: 'A restart takes', unit: 's', min: 1, max: 20, step: 1, default: 1 },
    patienceSeconds: { kind: 'number', label: 'The warehouse has', unit: 's', min: 1, max: 20, step: 1, default: 4 },
    workers: { kind: 'number', label: 'Cases that the conductor has in hand', unit: 'at once', min: 1, max: 20, step: 1, default: 4 },
    logMs: { kind: 'number', label: 'An entry in the log takes', unit: 'ms', min: 0, max: 50, step: 1, default: 4 },
    withinMs: { kind: 'number', label: 'Orders must be settled within', unit: 'ms', min: 500, max: 25_000, step: 500, default: 20_000 },
  },
  variants: [{ id: 'choreography', label: 'choreography, nobody owns the deadline' }, { id: 'memory', label: 'conductor that remembers in memory' }, { id: 'log', label: 'conductor with a log' }],
  charts: [
    { kind: 'level', series: 'unknown', title: 'Orders overdue, and nobody knows', unit: 'orders' },
    { kind: 'level', series: 'due', title: 'Cases that wait for the conductor', unit: 'cases' },
    { kind: 'duration', series: 'took', title: 'From order to settled, 99 of 100' },
    { kind: 'lane', lane: 'conductor', title: 'Conductor', tones: { up: 'good', down: 'bad' } },
  ],
  stations: [
    { id: 'shop', label: 'Web shop', shape: 'client' },
    { id: 'conductor', label: 'Conductor', shape: 'service', lane: 'conductor', only: ['memory', 'log'] },
    { id: 'services', label: 'Services', shape: 'service' },
    { id: 'warehouse', label: 'Warehouse', shape: 'service' },
  ],
  flows: [
    { from: 'shop', to: 'conductor', series: 'offered' },
    { from: 'conductor', to: 'services', series: 'commands', failing: 'lost' },
    { from: 'services', to: 'warehouse', series: 'asked', failing: 'overlooked' },
  ],
  measure: { total: 'settled', label: 'orders sent or taken back in time', better: 'more' },
  tries: [
    { id: 'silent', title: 'Overlooked orders, lost messages, restarts', settings: {}, notice: 'With nobody in charge an overlooked order stands still for ever, and no line on any dashboard is red. The conductor in memory owns the deadline, and forgets it with each restart. With a log the next process reminds the warehouse, and takes back what it never answers.' },
    { id: 'no-restart', title: 'The conductor never restarts', settings: { restartSeconds: 0 }, notice: 'Now memory is as good as the log. So it is in every test that does not kill the process.' },
    { id: 'calm', title: 'Nothing goes wrong', settings: { silentPercent: 0, lostPercent: 0, restartSeconds: 0 }, notice: 'All three settle every order. The log costs a few milliseconds for each step; all else is bought for bad days.' },
    { id: 'busy', title: 'Nine orders a second, and two in hand', settings: { orders: 9, workers: 2, silentPercent: 0, lostPercent: 0, restartSeconds: 0, withinMs: 5_000 }, hurts: true, notice: 'Each case takes a worker of the conductor while its service works, and there are two. The services have time to spare, and orders wait for the one who is to tell them what to do; the log makes it slower still. Give it more cases in hand.' },
    { id: 'away', title: 'The conductor is away for twelve seconds', settings: { silentPercent: 0, lostPercent: 0, restartSeconds: 10, downSeconds: 12, withinMs: 8_000 }, hurts: true, notice: 'All others are well, and nothing moves without the one in the middle. The choreography does not even notice. Nothing is lost with the log, only late.' },
  ],
  outcome({ totals }, { withinMs }) {
    const { offered = 0, settled = 0, known = 0, silent = 0, cancelled = 0 } = totals;
    return `${plain(settled)} of ${count(offered, 'order')} settled within ${duration(withinMs)}, ${plain(cancelled)} of them taken back; ${plain(known)} left to a person, ${plain(silent)} late or lost without anybody knowing.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const { lostPercent, withinMs, logMs, restartSeconds } = settings;
  const isConducted = variant !== 'choreography';
  const startMs = new Map<string, number>();
  const settled = new Set<string>();
  const known = new Set<string>();
  const overdue = new Set<string>();
  let life = new AbortController();
  record.expect('offered', 'commands', 'lost', 'asked', 'overlooked', 'settled', 'known', 'silent', 'cancelled');
  const unknown = (): number => [...overdue].filter((order) => !settled.has(order) && !known.has(order)).length;
  record.level('unknown', unknown);
  record.level('due', () => cases.due);
  record.state('conductor', 'up');

  const settle = (order: string, outcome: unknown): void => {
    if (settled.has(order)) return;
    settled.add(order);
    record.duration('took', simulation.now() - startMs.get(order)!);
    if (overdue.has(order)) return;
    record.count('settled');
    if (outcome === 'cancelled') record.count('cancelled');
  };

  /** What a service does, once for each key. */
  const done = new Set<string>();
  const times = new Map<string, number>();
  const work = async (task: Task, order: string): Promise<void> => {
    const key = order + task;
    const time = (times.get(key) ?? 0) + 1;
    times.set(key, time);
    const random = simulation.stream(task, Number(order), time);
    record.count('commands');
    const at = random.next() * 200;
    if (at < lostPercent) return lost();
    await simulation.sleep(random.lognormal(60, 0.4));
    if (!done.has(key)) {
      done.add(key);
      if (task === 'ask the warehouse') pick(order, settings.silentPercent / 100);
      // Every second reminder helps.
      if (task === 'remind the warehouse') pick(order, 0.5);
    }
    if (at > 200 - lostPercent) return lost();
  };
  function lost(): Promise<void> {
    record.count('lost');
    return new Promise(() => {});
  }
  /** The warehouse, by and by, or not at all. */
  function pick(order: string, overlooked: number): void {
    record.count('asked');
    const random = simulation.stream(`pick ${overlooked}`, Number(order));
    const isOverlooked = random.chance(overlooked);
    const tookMs = random.lognormal(800, 0.5);
    if (isOverlooked) return record.count('overlooked');
    simulation.setTimeout(() => {
      simulation.spawn(() => (isConducted ? cases.deliver(order, 'picked', true) : work('dispatch', order).then(() => settle(order, 'sent'))));
    }, tookMs);
  }

  const shop: Shop = (task) => (key) => work(task, key.split('/')[0]!);
  const flow = fulfilOrder(shop, settings.patienceSeconds * 1_000);

  // With a log the store outlives its conductor; without one each conductor begins with an empty one.
  let cases = new MemoryStore(simulation);
  const startInstance = (): void => {
    if (variant === 'memory') cases = new MemoryStore(simulation);
    const { signal } = life;
    const connection = new Proxy(cases as CaseStore, {
      get: (target, name) => async (...given: never[]) => {
        await simulation.sleep(variant === 'log' ? logMs : 0, signal);
        return (target as never as Record<PropertyKey, (...all: never[]) => unknown>)[name]!.apply(target, given);
      },
    });
    const orchestrator = new Orchestrator(connection, { 'order/1': flow }, {
      stepTimeoutMs: limitMs, leaseMs: 3_000, maxAttempts: 6, firstRetryMs: 200, longestRetryMs: 2_000, pollMs: 200, clock: simulation, random: simulation.stream('jitter', simulation.now()).next,
      onEvent: ({ type, id = '', reason }) => {
        if (type === 'ended') settle(id, reason);
        if (type === 'parked') known.add(id);
      },
    });
    for (let worker = 0; worker < settings.workers; worker++) simulation.spawn(() => orchestrator.run(signal));
  };

  const begin = async (order: string): Promise<unknown> => {
    if (isConducted) return cases.create(order, 'order/1', wanted);
    // Each reacts to the one before; a lost event is nobody's.
    for (const task of ['reserve', 'charge', 'ask the warehouse'] as const) await work(task, order);
    return undefined;
  };
  /** Who meets a conductor that is away comes again; with a log the case is stored and waits. */
  const arrive = (order: string): void => {
    if (variant === 'memory' && life.signal.aborted) return void simulation.setTimeout(() => arrive(order), 500);
    simulation.spawn(() => begin(order));
  };
  if (isConducted) startInstance();
  poissonArrivals(simulation, varying(settings.orders, (atMs) => (atMs < lastOrderMs ? settings.orders : 0)), (number) => {
    const order = String(number);
    record.count('offered');
    startMs.set(order, simulation.now());
    simulation.schedule(withinMs, () => void overdue.add(order));
    arrive(order);
  });
  const everyMs = restartSeconds * 1_000;
  for (let atMs = everyMs; everyMs > 0 && atMs < lastOrderMs + 5_000; atMs += everyMs + settings.downSeconds * 1_000) {
    simulation.setTimeout(() => {
      life.abort(new Error('restarting'));
      record.state('conductor', 'down');
      simulation.setTimeout(() => {
        life = new AbortController();
        record.state('conductor', 'up');
        if (isConducted) startInstance();
      }, settings.downSeconds * 1_000);
    }, atMs);
  }
  simulation.schedule(durationMs, () => {
    record.count('known', known.size);
    record.count('silent', unknown());
  });
}
