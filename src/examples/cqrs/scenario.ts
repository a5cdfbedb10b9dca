import { count, defineScenario, duration, plain, poissonArrivals, Service } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { handle, overviewProjection, Projector, readAtLeast, readOverview, remoteFeed, sumUpOrders, ViewBehindError } from './cqrs.ts';
import type { Database, Overview } from './cqrs.ts';
import { memoryDatabase } from './memory-database.ts';
import { view } from './overview.ts';
import { statements } from './schema.ts';

const durationMs = 20_000;
const restartMs = 5_000;
const customers = 100;

/** Everybody looks at the own overview; those who have just ordered want to see the order in it. */
export const scenario = defineScenario({
  title: 'Customers order, and look at the overview of their orders',
  durationMs,
  frameMs: 500,
  parameters: {
    pages: { kind: 'number', label: 'Pages of others', unit: 'per second', min: 1, max: 100, step: 1, default: 36 },
    orders: { kind: 'number', label: 'Orders, each with a page', unit: 'per second', min: 1, max: 60, step: 1, default: 6 },
    sumMs: { kind: 'number', label: 'Adding up the orders takes', unit: 'ms', min: 1, max: 200, step: 1, default: 60 },
    applyMs: { kind: 'number', label: 'Applying a change takes', unit: 'ms', min: 1, max: 200, step: 1, default: 5 },
    pollMs: { kind: 'number', label: 'The projector pauses for', unit: 'ms', min: 10, max: 3_000, step: 10, default: 200 },
    isWoken: { kind: 'flag', label: 'A commit wakes it', default: false },
    downSeconds: { kind: 'number', label: 'It restarts, and is away for', unit: 's', min: 0, max: 10, step: 1, default: 0 },
    waitMs: { kind: 'number', label: 'A query waits for at most', unit: 'ms', min: 0, max: 5_000, step: 50, default: 1_000 },
    lookMs: { kind: 'number', label: 'and looks every', unit: 'ms', min: 1, max: 500, step: 1, default: 25 },
    workers: { kind: 'number', label: 'Queries at a time in the read store', unit: '', min: 1, max: 8, step: 1, default: 2 },
    deadlineMs: { kind: 'number', label: 'A page must come within', unit: 'ms', min: 20, max: 3_000, step: 10, default: 500 },
  },
  variants: [
    { id: 'one', label: 'one model' },
    { id: 'naive', label: 'two, read at once' },
    { id: 'primary', label: 'two, authors read the write side' },
    { id: 'wait', label: 'two, authors wait' },
  ],
  charts: [
    { kind: 'sum', series: 'right', title: 'Right pages in time' },
    { kind: 'sum', series: 'missing', title: 'Pages without the own order' },
    { kind: 'level', series: 'behind', title: 'Changes that the view lacks', unit: 'changes' },
    { kind: 'duration', series: 'own', title: 'Time to the page after an order, 99th percentile' },
  ],
  stations: [
    { id: 'shop', label: 'Web shop', shape: 'client' },
    { id: 'orders', label: 'Orders', shape: 'store' },
    { id: 'view', label: 'Overview', shape: 'store', only: ['naive', 'primary', 'wait'] },
  ],
  flows: [
    { from: 'shop', to: 'orders', series: 'offered', failing: 'late' },
    { from: 'orders', to: 'view', series: 'applied', failing: 'missing' },
  ],
  measure: { total: 'right', label: 'right pages in time', better: 'more' },
  tries: [
    { id: 'busy', title: 'Many look, some order', settings: {}, notice: 'With one model, adding up for each page is more than the database can do. The view is quick, but nearly every author misses the own order in it. Waiting for its position costs some 100 ms and misses none; reading the write side misses none either.' },
    { id: 'pauses', title: 'The projector pauses for a second', settings: { pollMs: 1_000 }, notice: 'Waiting takes as long as the lag: half of the authors get their page too late. Those who read the write side notice nothing.' },
    { id: 'restart', title: 'The projector restarts', settings: { downSeconds: 4 }, notice: 'For four seconds the view stands still, and who waits gives up. Then it goes on at its checkpoint, catches up and counts nothing twice. Reading the write side is not touched.' },
    { id: 'flood', title: 'More orders than the projector can apply', settings: { pages: 10, orders: 12, applyMs: 90 }, hurts: true, notice: 'The view falls behind and stays behind; waiting only makes a miss longer. With so few pages, one model answers all of them in time.' },
    { id: 'looks', title: 'Waiting feeds the lag', settings: { pages: 10, orders: 20, workers: 1, lookMs: 10, applyMs: 20 }, hurts: true, notice: 'Those who wait ask every 10 ms, on the connection that the projector needs. It gets slower, more of them wait, and it does not come back. With a look every 100 ms nearly all pages are right.' },
    { id: 'quiet', title: 'A shop without a crowd', settings: { pages: 8, orders: 4, deadlineMs: 150 }, hurts: true, notice: 'Adding up is in nobody’s way. The second model only makes some authors wait for more than 150 ms, until you let the commit wake the projector.' },
  ],
  outcome({ totals }, { deadlineMs }) {
    const { offered = 0, right = 0, missing = 0, late = 0, refused = 0 } = totals;
    const parts = [
      `${plain(right)} of ${count(offered, 'page')} right and within ${deadlineMs} ms`,
      ...(missing > 0 ? [`${plain(missing)} without the own order`] : []),
      ...(refused > 0 ? [`${plain(refused)} given up waiting`] : []),
      ...(late > 0 ? [`${plain(late)} too late`] : []),
    ];
    return `${parts.join(', ')}. After an order the page took p50 ${duration(totals['own.p50'] ?? 0)}, p99 ${duration(totals['own.p99'] ?? 0)}.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const { sumMs, applyMs, pollMs, waitMs, lookMs, deadlineMs } = settings;
  const memory = memoryDatabase(simulation, [{ view, projection: overviewProjection().name }]);
  const stores = { write: new Service(simulation, { workers: 2 }), read: new Service(simulation, { workers: settings.workers }) };
  const costs: Readonly<Record<string, number>> = { [statements.overviewOfOrders]: sumMs, [statements.addToOverview]: applyMs };
  const connect = (store: Service, signal = new AbortController().signal): Database => ({
    transaction: (work) => memory.connect({ signal }).transaction(({ query }) => work({
      query: async (text, parameters) => {
        await store.serve(costs[text] ?? 2, { signal });
        return query(text, parameters);
      },
    })),
  });
  const [writeSide, readSide] = [connect(stores.write), connect(stores.read)];
  record.expect('offered', 'right', 'late', 'missing', 'refused', 'applied');

  let head = 0;
  let reached = 0;
  record.level('behind', () => (variant === 'one' ? 0 : head - reached));
  let projector: Projector | undefined;
  const start = (): AbortController => {
    const process = new AbortController();
    projector = new Projector(connect(stores.read, process.signal), remoteFeed(connect(stores.write, process.signal)), overviewProjection(), {
      pollMs, clock: simulation,
      onEvent: (event) => {
        if (event.type !== 'applied') return;
        reached = event.position;
        record.count('applied', event.count);
      },
    });
    simulation.spawn(() => projector!.run(process.signal));
    return process;
  };
  if (variant !== 'one') {
    const process = start();
    if (settings.downSeconds > 0) {
      simulation.setTimeout(() => process.abort(new Error('the process ended')), restartMs);
      simulation.setTimeout(start, restartMs + settings.downSeconds * 1_000);
    }
  }

  const fromView = (customer: string) => () => readOverview(readSide, customer);
  /** @param position what the customer has just got for an order; 0 for who has not ordered */
  const look = async (customer: string, position: number): Promise<Overview | undefined> => {
    if (variant === 'one' || (variant === 'primary' && position > 0)) return sumUpOrders(writeSide, customer);
    const wanted = variant === 'wait' ? position : 0;
    const found = await readAtLeast(wanted, fromView(customer), { waitMs, pollMs: lookMs, clock: simulation }).catch((error: unknown) => {
      if (error instanceof ViewBehindError) return undefined;
      throw error;
    });
    return found?.view;
  };
  /** Orders that each customer has been told of. */
  const known = new Map<string, number>();
  const open = async (customer: string, position = 0, expected = 0): Promise<void> => {
    const beganMs = simulation.now();
    const page = await look(customer, position);
    const tookMs = simulation.now() - beganMs;
    if (position > 0) record.duration('own', tookMs);
    record.count(page === undefined ? 'refused' : page.orders < expected ? 'missing' : tookMs > deadlineMs ? 'late' : 'right');
  };
  const customerOf = (who: string, number: number): string => `c${simulation.stream(who, number).below(customers)}`;

  poissonArrivals(simulation, settings.pages, (number) => {
    record.count('offered');
    simulation.spawn(() => open(customerOf('others', number)).catch((error: unknown) => {
      // Before the projector has begun there is no view.
      if (reached > 0) throw error;
      record.count('refused');
    }));
  }, { stream: 'pages' });
  poissonArrivals(simulation, settings.orders, (number) => simulation.spawn(async () => {
    record.count('offered');
    const customer = customerOf('author', number);
    const position = await handle(writeSide, { type: 'place', order: `o${number}`, customer, cents: 4_200 });
    head = Math.max(head, position);
    const orders = (known.get(customer) ?? 0) + 1;
    known.set(customer, orders);
    if (settings.isWoken) projector?.wake();
    // The answer, and the redirect to the page.
    await simulation.sleep(30);
    await open(customer, position, orders);
  }));
}
