import { count, defineScenario, plain, poissonArrivals, Service, WorkerPool } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { LogShipper } from './log-aggregation.ts';

const patienceMs = 2_000;
const workers = 20;
const troubleStartMs = 10_000;
const crashEveryMs = 4_000;

/** Orders writes some lines for each order. The collector fails for a while, and orders waits for it with each line, or does not. */
export const scenario = defineScenario({
  title: 'The collector hangs, and orders writes a line',
  durationMs: 60_000,
  frameMs: 500,
  parameters: {
    trouble: { kind: 'choice', label: 'What happens', options: { hangs: 'the collector hangs', crashes: 'orders crashes every 4 s', nothing: 'nothing' }, default: 'hangs' },
    troubleSeconds: { kind: 'number', label: 'The collector hangs for', unit: 's', min: 1, max: 45, step: 1, default: 20 },
    orders: { kind: 'number', label: 'Orders', unit: 'per second', min: 1, max: 60, step: 1, default: 30 },
    linesEach: { kind: 'number', label: 'Lines for each order', unit: '', min: 1, max: 20, step: 1, default: 4 },
    mostLines: { kind: 'number', label: 'The buffer holds', unit: 'lines', min: 100, max: 10_000, step: 100, default: 4_000 },
    everyMs: { kind: 'number', label: 'Lines wait for a batch', unit: 'ms', min: 50, max: 5_000, step: 50, default: 1_000 },
  },
  variants: [{ id: 'without', label: 'waits for each line' }, { id: 'with', label: 'bounded buffer' }],
  charts: [
    { kind: 'rate', series: 'answered', title: 'Orders answered within 2 s, per second' },
    { kind: 'level', series: 'busy', title: 'Busy workers of orders', unit: 'workers', most: { value: workers } },
    { kind: 'level', series: 'held', title: 'Lines in the buffer', unit: 'lines', most: { parameter: 'mostLines' } },
    { kind: 'rate', series: 'stored', title: 'Lines that reach the store, per second' },
  ],
  stations: [
    { id: 'shop', label: 'Web shop', shape: 'client' },
    { id: 'orders', label: 'Orders', shape: 'service', lane: 'orders', fill: { series: 'busy', most: { value: workers } } },
    { id: 'buffer', label: 'Buffer', shape: 'queue', only: ['with'], fill: { series: 'held', most: { parameter: 'mostLines' } } },
    { id: 'collector', label: 'Collector', shape: 'service', lane: 'collector' },
  ],
  flows: [
    { from: 'shop', to: 'orders', series: 'offered', failing: 'failed' },
    { from: 'orders', to: 'buffer', series: 'written', failing: 'dropped' },
    { from: 'buffer', to: 'collector', series: 'stored' },
  ],
  measure: { total: 'told', label: 'orders answered within 2 s with all their lines in the store', better: 'more' },
  tries: [
    { id: 'hangs', title: 'The collector hangs', settings: {}, notice: 'Who waits for each line has all workers waiting after a second, and takes no orders until the collector is back. With the buffer orders goes on as if nothing were; the lines wait and arrive late, none is lost.' },
    { id: 'long', title: 'Longer than the buffer', settings: { troubleSeconds: 40 }, notice: 'After some thirty seconds the buffer is full and lines are dropped. Orders still answers everybody, and the store is told how many lines are missing. What the bound decides is for how long you may be blind, not whether you are up.' },
    { id: 'debug', title: 'Somebody left debug on', settings: { trouble: 'nothing', linesEach: 20 }, notice: 'Nothing fails, and twenty lines an order are more than the collector takes one at a time: who waits for it answers late. In batches the same lines cost the collector less than a hundredth, so the volume shows only on the bill.' },
    { id: 'crashes', title: 'Orders crashes again and again', settings: { trouble: 'crashes' }, hurts: true, notice: 'The collector is well, and each crash takes along the lines that waited for their batch, about a hundred: those of the last second, which you want most. Who waits for each line has them in the store.' },
    { id: 'soon', title: 'Crashes, and short batches', settings: { trouble: 'crashes', everyMs: 50 }, notice: 'Batches that wait for fifty milliseconds lose about four lines a crash, at the price of more requests. A file or standard output that an agent reads loses less: it outlives the process.' },
  ],
  outcome({ totals }) {
    const { offered = 0, answered = 0, told = 0, dropped = 0, stored = 0 } = totals;
    return `${plain(answered)} of ${count(offered, 'order')} answered within 2 s, ${plain(told)} of them with all their lines; ${plain(stored)} lines stored, ${plain(dropped)} dropped.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const { trouble, troubleSeconds, orders, linesEach, mostLines, everyMs } = settings;
  const collector = new Service(simulation, { workers: 4 });
  const missing = new Map<number, Set<string>>();
  const inTime = new Set<number>();
  let process = 0;
  let pool = new WorkerPool(simulation, workers);
  record.expect('offered', 'answered', 'failed', 'told', 'written', 'dropped', 'stored');
  record.level('busy', () => pool.busy);
  record.state('orders', 'up');
  record.state('collector', 'up');

  const tell = (order: number): void => {
    if (inTime.has(order) && missing.get(order)?.size === 0) record.count('told');
  };
  /** The store knows each line by its number, so copies do not count. */
  const store = (lines: readonly string[]): void => {
    for (const line of lines) {
      const order = Number.parseInt(line, 10);
      if (missing.get(order)?.delete(line) !== true) continue;
      record.count('stored');
      tell(order);
    }
  };
  const send = async (lines: readonly string[], signal?: AbortSignal): Promise<void> => {
    await collector.serve(8 + lines.length / 50, signal && { signal });
    store(lines);
  };
  const shipper = (): LogShipper => {
    const own = process;
    return new LogShipper({
      mostLines, mostPerBatch: 500, everyMs, timeoutMs: 3_000, retryMs: [500, 4_000], describeLoss: (dropped) => `${dropped} lines dropped`,
      send: (lines, signal) => (own === process ? send(lines, signal) : Promise.resolve()),
      onEvent: (event) => { if (event.type === 'dropped') record.count('dropped'); },
      clock: simulation, random: simulation.stream('pauses').next,
    });
  };
  let buffer = shipper();
  record.level('held', () => buffer.held);

  if (trouble === 'hangs') {
    simulation.schedule(troubleStartMs, () => {
      record.state('collector', 'hangs');
      collector.stall();
    });
    simulation.schedule(troubleStartMs + troubleSeconds * 1_000, () => {
      record.state('collector', 'up');
      collector.resume();
    });
  }
  const crash = (): void => {
    process += 1;
    pool = new WorkerPool(simulation, workers);
    buffer = shipper();
    simulation.schedule(crashEveryMs, crash);
  };
  if (trouble === 'crashes') simulation.schedule(crashEveryMs, crash);

  poissonArrivals(simulation, orders, (order) => {
    const startMs = simulation.now();
    const own = process;
    const random = simulation.stream('work', order);
    const lines = Array.from({ length: linesEach }, (_, index) => `${order} ${index}`);
    missing.set(order, new Set(lines));
    record.count('offered');
    simulation.spawn(async () => {
      await pool.run(async () => {
        await simulation.sleep(random.exponential(120));
        for (const line of lines) {
          if (own !== process) return;
          record.count('written');
          if (variant === 'with') buffer.write(line);
          else await send([line]);
        }
      });
      if (own !== process || simulation.now() - startMs > patienceMs) return record.count('failed');
      record.count('answered');
      inTime.add(order);
      tell(order);
    });
  });
}
