import { burst, count, defineScenario, duration, plain, poissonArrivals, Service } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { MemoryQueue } from './memory-queue.ts';
import { LevellingQueue } from './queue-based-load-leveling.ts';
import { work } from './steady-worker.ts';

const sessions = 4;
const warehousePlaces = 10;
const troubleStartMs = 10_000;
const troubleEndMs = 30_000;

/** The warehouse has four sessions and books about twelve orders a second. Orders come in a rush, and go there directly or through a queue. */
export const scenario = defineScenario({
  title: 'A rush of orders, and a warehouse that books twelve a second',
  durationMs: 120_000,
  frameMs: 1_000,
  parameters: {
    trouble: { kind: 'choice', label: 'What happens', options: { rush: 'a rush of orders', away: 'the warehouse is away', always: 'a rush that never ends', nothing: 'nothing' }, default: 'rush' },
    base: { kind: 'number', label: 'Orders on a calm day', unit: 'per second', min: 1, max: 20, step: 1, default: 4 },
    peak: { kind: 'number', label: 'Orders in the rush', unit: 'per second', min: 1, max: 60, step: 1, default: 26 },
    promiseSeconds: { kind: 'number', label: 'An order has to be booked within', unit: 's', min: 1, max: 120, step: 1, default: 45 },
    placesSeconds: { kind: 'number', label: 'The queue takes what ten a second book in', unit: 's', min: 1, max: 600, step: 1, default: 40 },
    perSecond: { kind: 'number', label: 'Orders that the worker begins', unit: 'per second', min: 1, max: 100, step: 1, default: 10 },
    parallel: { kind: 'number', label: 'Orders in its hands at most', unit: '', min: 1, max: 50, step: 1, default: 4 },
  },
  variants: [{ id: 'without', label: 'direct calls' }, { id: 'with', label: 'through a queue' }],
  charts: [
    { kind: 'rate', series: 'offered', title: 'Orders placed, per second' },
    { kind: 'rate', series: 'calls', title: 'Calls that reach the warehouse, per second' },
    { kind: 'rate', series: 'lost', title: 'Orders turned away or set aside, per second' },
    { kind: 'level', series: 'oldest', title: 'Age of the oldest order that waits', unit: 's', most: { parameter: 'promiseSeconds' } },
  ],
  stations: [
    { id: 'shop', label: 'Web shop', shape: 'client' },
    { id: 'queue', label: 'Queue', shape: 'queue', only: ['with'], fill: { series: 'oldest', most: { parameter: 'promiseSeconds' } } },
    { id: 'warehouse', label: 'Warehouse', shape: 'service', lane: 'warehouse', fill: { series: 'busy', most: { value: sessions } } },
  ],
  flows: [
    { from: 'shop', to: 'queue', series: 'offered', failing: 'lost' },
    { from: 'queue', to: 'warehouse', series: 'calls', failing: 'busyAnswers' },
  ],
  measure: { total: 'inTime', label: 'orders booked in time', better: 'more' },
  tries: [
    { id: 'rush', title: 'A rush', settings: {}, notice: 'Called directly, the warehouse turns away half of the rush. Through the queue each order is booked, at ten a second, and the last ones wait for half a minute and more; the warehouse notices nothing.' },
    { id: 'away', title: 'Maintenance in the warehouse', settings: { trouble: 'away' }, notice: 'For twenty seconds the warehouse answers nobody. Called directly, all orders of that time are lost. The queue keeps them, the worker tries again with growing pauses, and half a minute after the beginning everything is booked.' },
    { id: 'pace', title: 'A worker that does not pace itself', settings: { perSecond: 100, parallel: 50 }, notice: 'The worker takes up to fifty at once, and the rush arrives one step further on: most calls are turned away, and their orders come again. Some fail five times and are set aside.' },
    { id: 'always', title: 'Too much all day, and no bound', settings: { trouble: 'always', placesSeconds: 600 }, hurts: true, notice: 'Twenty-six a second against ten is no rush. Everything is accepted, nothing is refused, and after some seventy seconds each order is booked too late: the queue only hides it. Called directly, half are turned away and the others are in time.' },
    { id: 'bound', title: 'Too much all day, with a bound', settings: { trouble: 'always' }, notice: 'The queue takes no more than can be booked within the promise. Once it is full, most orders are refused, which is honest, and the others are in time. What is missing is capacity.' },
    { id: 'waits', title: 'Somebody waits for the answer', settings: { promiseSeconds: 2 }, hurts: true, notice: 'If an order is of use for two seconds only, the queue serves those who have left, in order, for more than a minute. Refusing at once serves more.' },
  ],
  outcome({ totals }) {
    const { offered = 0, inTime = 0, late = 0, lost = 0 } = totals;
    return `${plain(inTime)} of ${count(offered, 'order')} booked in time, ${plain(late)} too late, ${plain(lost)} turned away or set aside; p99 ${duration(totals['took.p99'] ?? 0)}.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const { trouble, base, peak, promiseSeconds, placesSeconds, perSecond, parallel } = settings;
  const warehouse = new Service(simulation, { workers: sessions, queue: warehousePlaces });
  const store = new MemoryQueue<number>(simulation);
  const queue = new LevellingQueue(store, { name: 'orders', drainPerSecond: 10, promiseMs: placesSeconds * 1_000, random: simulation.stream('come back').next });
  record.expect('offered', 'inTime', 'late', 'lost', 'calls', 'busyAnswers');
  record.level('oldest', () => Math.round(store.backlogNow.oldestMs / 100) / 10);
  record.level('busy', () => warehouse.busy);
  record.state('warehouse', 'up');
  if (trouble === 'away') {
    simulation.schedule(troubleStartMs, () => {
      record.state('warehouse', 'away');
      warehouse.crash();
    });
    simulation.schedule(troubleEndMs, () => {
      record.state('warehouse', 'up');
      warehouse.restart();
    });
  }
  const placedMs: number[] = [];
  const booked = (order: number): void => {
    const tookMs = simulation.now() - (placedMs[order] ?? 0);
    record.duration('took', tookMs);
    record.count(tookMs <= promiseSeconds * 1_000 ? 'inTime' : 'late');
  };
  const bookMs = (order: number): number => simulation.stream('book', order).lognormal(300, 0.3);
  if (variant === 'with') {
    simulation.spawn(() => work(store, async ({ body }) => {
      record.count('calls');
      await warehouse.serve(bookMs(body)).catch((error: unknown) => {
        record.count('busyAnswers');
        throw error;
      });
      booked(body);
    }, new AbortController().signal, {
      parallel, perSecond, pollMs: 100, retryMs: 2_000, leaseMs: 10_000, clock: simulation,
      onEvent: ({ type }) => { if (type === 'set aside') record.count('lost'); },
    }));
  }
  const place = (order: number): void => {
    record.count('offered');
    placedMs[order] = simulation.now();
    if (variant === 'with') return simulation.spawn(() => queue.accept(`order ${order}`, order).catch(() => record.count('lost')));
    record.count('calls');
    warehouse.submit(bookMs(order), (error) => (error === undefined ? booked(order) : record.count('lost')));
  };
  const most = trouble === 'rush' ? burst(base, peak, troubleStartMs, troubleEndMs) : trouble === 'always' ? peak : base;
  poissonArrivals(simulation, most, place);
}
