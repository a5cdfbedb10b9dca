import { count, defineScenario, duration, plain, poissonArrivals, Service, withTimeLimit } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { Composer } from './api-composition.ts';
import type { Owner } from './api-composition.ts';

const faultStartMs = 2_000;
const faultEndMs = 6_000;
const usefulMs = 1_000;
const names = ['payments', 'shipping'] as const;
type Name = (typeof names)[number];

/** A list of orders needs a column of payments and one of shipping: a call for each row, or few calls for many ids. */
export const scenario = defineScenario({
  title: 'A list of orders with columns of two other services',
  durationMs: 8_000,
  frameMs: 250,
  parameters: {
    lists: { kind: 'number', label: 'Lists', unit: 'per second', min: 1, max: 60, step: 1, default: 40 },
    rows: { kind: 'number', label: 'Rows of a list', unit: '', min: 1, max: 40, step: 1, default: 20 },
    callMs: { kind: 'number', label: 'Work on a call', unit: 'ms', min: 0, max: 20, step: 1, default: 8 },
    rowMs: { kind: 'number', label: 'Work on each id in it', unit: 'ms', min: 1, max: 80, step: 1, default: 1 },
    mostIds: { kind: 'number', label: 'Composer: ids in a call', unit: '', min: 1, max: 40, step: 1, default: 20 },
    deadlineMs: { kind: 'number', label: 'Composer: deadline', unit: 'ms', min: 50, max: 2_000, step: 50, default: 800 },
    hangs: { kind: 'flag', label: 'Shipping hangs for 4 s', default: false },
  },
  variants: [{ id: 'without', label: 'a call for each row' }, { id: 'with', label: 'composer' }],
  charts: [
    { kind: 'rate', series: 'filled', title: 'Columns filled within 1 s, per second' },
    { kind: 'rate', series: 'calls', title: 'Calls to the two owners, per second' },
    { kind: 'duration', series: 'took', title: 'Time until the list or an error, 99th percentile' },
  ],
  stations: [
    { id: 'shop', label: 'Web shop', shape: 'client' },
    { id: 'orders', label: 'Orders', shape: 'service' },
    { id: 'owners', label: 'Payments, shipping', shape: 'service', lane: 'owners' },
  ],
  flows: [
    { from: 'shop', to: 'orders', series: 'offered', failing: 'failed' },
    { from: 'orders', to: 'owners', series: 'calls' },
  ],
  measure: { total: 'filled', label: 'columns filled within 1 s', better: 'more' },
  tries: [
    { id: 'rows', title: 'Forty lists a second', settings: {}, notice: 'A call for each row is twenty calls an owner for every list, more than its six workers can do: the queue grows and from the middle of the run no list comes in time. The composer asks each owner once for all ids, and the same workers idle.' },
    { id: 'hang', title: 'Shipping hangs', settings: { lists: 10, hangs: true }, notice: 'With a call for each row the list fails although the column of payments was there. The composer waits 800 ms, shows that column, and names the other as missing.' },
    { id: 'batch', title: 'One batch for dear rows', settings: { lists: 2, rowMs: 60 }, hurts: true, notice: 'Here each id takes 60 ms of work. A batch of twenty is one worker for 1.2 s, too late for the deadline, while five others idle; single calls spread over all six.' },
    { id: 'smaller', title: 'Smaller batches', settings: { lists: 2, rowMs: 60, mostIds: 5 }, notice: 'Four calls with five ids each, side by side, fill as many columns as single calls, with a fifth of the calls. The best size lies between one and all, and only a measurement at the owner tells it.' },
  ],
  outcome({ totals }) {
    const { offered = 0, filled = 0, gaps = 0, calls = 0 } = totals;
    return `${plain(filled)} of ${count(2 * offered, 'column')} filled within 1 s${gaps > 0 ? `, ${plain(gaps)} lists with a column missing` : ''}; ${plain(calls / offered, 1)} calls per list, 99 of 100 lists or errors after at most ${duration(totals['took.p99'] ?? 0)}.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const running: Record<Name, Service> = { payments: new Service(simulation, { workers: 6 }), shipping: new Service(simulation, { workers: 6 }) };
  record.expect('offered', 'failed', 'filled', 'gaps', 'calls');
  record.state('owners', 'both healthy');
  if (settings.hangs) {
    simulation.schedule(faultStartMs, () => { running.shipping.stall(); record.state('owners', 'shipping hanging'); });
    simulation.schedule(faultEndMs, () => { running.shipping.resume(); record.state('owners', 'both healthy'); });
  }
  const call = (name: Name, ids: readonly string[], signal?: AbortSignal): Promise<void> => {
    record.count('calls');
    return running[name].serve(settings.callMs + ids.length * settings.rowMs, { ...(signal && { signal }) });
  };
  const owner = (name: Name): Owner<string, true> => ({
    idOf: (row) => row, mostIds: settings.mostIds, mostCalls: 4,
    async fetchMany(ids, signal) {
      await call(name, ids, signal);
      return new Map(ids.map((id) => [id, true]));
    },
  });
  const composer = new Composer({ owners: { payments: owner('payments'), shipping: owner('shipping') }, deadlineMs: settings.deadlineMs, clock: simulation });
  const rows = Array.from({ length: settings.rows }, (_, row) => `order ${row}`);

  /** How many of the two columns the list has. */
  const show: Record<string, () => Promise<number>> = {
    without: async () => {
      await withTimeLimit(simulation, 2_000, () => Promise.all(names.flatMap((name) => rows.map((row) => call(name, [row])))));
      return 2;
    },
    with: async () => 2 - (await composer.compose(async () => rows)).missing.length,
  };
  poissonArrivals(simulation, settings.lists, () => {
    const startMs = simulation.now();
    record.count('offered');
    simulation.spawn(async () => {
      const columns = await show[variant]!().catch(() => 0);
      const tookMs = simulation.now() - startMs;
      record.duration('took', tookMs);
      if (columns === 1) record.count('gaps');
      if (columns === 0 || tookMs > usefulMs) record.count('failed');
      else record.count('filled', columns);
    });
  });
}
