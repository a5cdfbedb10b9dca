import { count, defineScenario, duration, plain, poissonArrivals } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { EventStore } from './event-sourcing.ts';
import type { Database, Model, StoreEvent } from './event-sourcing.ts';
import { memoryDatabase } from './memory-database.ts';
import type { Slot } from './memory-database.ts';
import { statements } from './schema.ts';
import { OutOfStockError, stock } from './stock.ts';
import type { Stock, StockCommand, StockEvent } from './stock.ts';

const durationMs = 20_000;
const readRow = 'select state from stock where item = $1';
const writeRow = 'update stock set state = $2 where item = $1';
const pieces = 1;

/** The example's stock without its list of open orders, which nobody ships here: each event of a long run would copy it. */
const model: Model<Stock, StockCommand, StockEvent> = {
  ...stock,
  name: 'free/1',
  evolve: (state, event) => (event.type === 'StockReserved' ? { ...state, free: state.free - event.data.pieces } : stock.evolve(state, event)),
};

type Reserve = Extract<StockCommand, { type: 'reserve' }>;

/** One state of a row that is overwritten, and the state that its writer had read. */
interface Written { state: Stock; order: string; from: Written | undefined; depth: number }

/** Buyers reserve pieces of a few items. The inventory service has to remember each reservation that it confirmed. */
export const scenario = defineScenario({
  title: 'Buyers reserve the same items at the same moment',
  durationMs,
  frameMs: 1_000,
  parameters: {
    orders: { kind: 'number', label: 'Reservations', unit: 'per second', min: 1, max: 60, step: 1, default: 12 },
    items: { kind: 'number', label: 'Items, each a stream', unit: '', min: 1, max: 20, step: 1, default: 3 },
    stock: { kind: 'number', label: 'Pieces of each item', unit: '', min: 10, max: 1_000, step: 10, default: 500 },
    history: { kind: 'number', label: 'Events in each stream at the start', unit: '', min: 1, max: 2_000, step: 1, default: 100 },
    snapshotEvery: { kind: 'number', label: 'A snapshot after', unit: 'events', min: 10, max: 5_000, step: 10, default: 50 },
    maxAttempts: { kind: 'number', label: 'Attempts after conflicts', unit: '', min: 1, max: 20, step: 1, default: 5 },
    deadlineMs: { kind: 'number', label: 'A buyer waits for', unit: 'ms', min: 20, max: 2_000, step: 10, default: 300 },
    statementMs: { kind: 'number', label: 'A statement takes', unit: 'ms', min: 1, max: 20, step: 1, default: 6 },
    eventMs: { kind: 'number', label: 'Reading and applying an event takes', unit: 'ms', min: 0, max: 1, step: 0.05, default: 0.1 },
  },
  variants: [
    { id: 'overwrite', label: 'row overwritten' },
    { id: 'blind', label: 'events, old decision repeated' },
    { id: 'replay', label: 'events, expected version' },
    { id: 'snapshots', label: 'the same with snapshots' },
  ],
  charts: [
    { kind: 'sum', series: 'wrong', title: 'Confirmed, and then overwritten or without a piece' },
    { kind: 'duration', series: 'load', title: 'Time to load a state, 99th percentile' },
    { kind: 'duration', series: 'answer', title: 'Time to the answer, 99th percentile' },
  ],
  stations: [
    { id: 'shop', label: 'Web shop', shape: 'client' },
    { id: 'inventory', label: 'Inventory', shape: 'service' },
    { id: 'store', label: 'Store', shape: 'store' },
  ],
  flows: [
    { from: 'shop', to: 'inventory', series: 'offered', failing: 'failed' },
    { from: 'inventory', to: 'store', series: 'attempts', failing: 'conflicts' },
  ],
  measure: { total: 'right', label: 'right answers in time', better: 'more' },
  tries: [
    { id: 'lost', title: 'Two at a time', settings: {}, notice: 'Who overwrites the row also overwrites what was written since it was read: confirmed reservations vanish. With the expected version none does: the later writer meets a conflict and decides again.' },
    { id: 'scarce', title: 'The last pieces', settings: { items: 5, orders: 60, stock: 100, statementMs: 10, deadlineMs: 800 }, notice: 'Repeating the old decision keeps every event, and sells a few pieces that are not there. Deciding again refuses those buyers.' },
    { id: 'long', title: 'Streams have grown', settings: { history: 1_000, orders: 4, items: 4, eventMs: 0.2 }, notice: 'Replaying a thousand events takes over 200 ms for each command, and a conflict takes as long again. From a snapshot, loading takes some 20 ms.' },
    { id: 'cold', title: 'Long streams, and hardly a snapshot', settings: { history: 1_000, orders: 4, items: 4, eventMs: 0.2, snapshotEvery: 5_000, deadlineMs: 150 }, hurts: true, notice: 'Each command replays it all and comes too late. The plain row loses an update now and then, and answers in time. Set the snapshots closer, or cut the streams.' },
    { id: 'hot', title: 'Everybody wants one item', settings: { items: 1, orders: 40, stock: 1_000, history: 1 }, notice: 'One stream takes one append at a time. Conflicts, pauses and attempts multiply, answers get slow, and some buyers are turned away after the last attempt; without snapshots it is more than a third. Spread the same buyers over ten items, and few conflicts are left.' },
  ],
  outcome({ totals }, { deadlineMs }) {
    const { offered = 0, right = 0, late = 0, failed = 0, refused = 0, forgotten = 0, oversold = 0, conflicts = 0 } = totals;
    const parts = [
      `${plain(right)} of ${count(offered, 'reservation')} answered rightly within ${deadlineMs} ms`,
      ...(forgotten > 0 ? [`${plain(forgotten)} confirmed and then overwritten`] : []),
      ...(oversold > 0 ? [`${plain(oversold)} confirmed for pieces that do not exist`] : []),
      ...(late > 0 ? [`${plain(late)} too late`] : []),
      ...(failed > 0 ? [`${plain(failed)} given up after the last attempt`] : []),
    ];
    return `${parts.join(', ')}. ${count(conflicts, 'conflict')}; ${plain(refused)} refused as sold out; answers p50 ${duration(totals['answer.p50'] ?? 0)}, p99 ${duration(totals['answer.p99'] ?? 0)}; loading p99 ${duration(totals['load.p99'] ?? 0)}.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const { statementMs, eventMs, maxAttempts, deadlineMs } = settings;
  record.expect('offered', 'failed', 'attempts', 'conflicts', 'right', 'late', 'refused', 'forgotten', 'oversold', 'wrong');
  const rows = new Map<string, Slot<Written>>();
  /** Reservations that the row knows no more, and those that were answered in time. */
  const forgotten = new Set<string>();
  const answered = new Set<string>();
  const forget = (order: string): void => {
    forgotten.add(order);
    record.count('forgotten');
    record.count('wrong');
    if (answered.has(order)) record.count('right', -1);
  };
  const remember = (order: string): void => {
    forgotten.delete(order);
    record.count('forgotten', -1);
    record.count('wrong', -1);
    if (answered.has(order)) record.count('right');
  };
  const memory = memoryDatabase(simulation, {
    [readRow]: (open, [item]: [string]) => [{ row: open.see(rows.get(item)!) }],
    [writeRow]: (open, [item, next]: [string, Written]) => open.change([rows.get(item)!], () => true, (before) => {
      // Back to the state that both have come from.
      for (let [kept, lost]: [Written, Written] = [next, before]; kept !== lost;) {
        const older = kept.depth < lost.depth ? lost : kept;
        if (older === lost) forget(lost.order);
        else if (forgotten.has(kept.order)) remember(kept.order);
        if (older === lost) lost = lost.from!;
        else kept = kept.from!;
      }
      return next;
    }),
  });
  const connect = (ms: number, perEventMs: number): Database => ({
    transaction: (work) => memory.connect({ statementMs: ms }).transaction(({ query }) => work({
      query: async <Row>(text: string, parameters: readonly unknown[]) => {
        const found = await query<Row>(text, parameters);
        if (text === statements.read && found.length * perEventMs > 0) await simulation.sleep(found.length * perEventMs);
        return found;
      },
    })),
  });
  const database = connect(statementMs, eventMs);
  const snapshotEvery = variant === 'snapshots' ? settings.snapshotEvery : Infinity;
  const storeOf = (over: Database, onEvent: (event: StoreEvent) => void) => new EventStore(over, model, {
    maxAttempts, snapshotEvery, onEvent, clock: simulation, random: simulation.stream('pauses').next,
  });
  const store = storeOf(database, ({ type }) => {
    if (type === 'conflict') record.count('conflicts');
    if (type === 'loaded') record.count('attempts');
  });

  const items = Array.from({ length: settings.items }, (_, at) => `item-${at}`);
  const history = Array.from({ length: settings.history }, (_, at) => {
    if (at === 0) return { type: 'StockReceived', schema: 3, data: { pieces: settings.stock } };
    return { type: 'ReservationReleased', schema: 1, data: { order: `past-${at}`, reason: 'long ago' } };
  });
  simulation.spawn(async () => {
    for (const item of items) {
      rows.set(item, { committed: { state: { free: settings.stock, reserved: {} }, order: '', from: undefined, depth: 0 } });
      await connect(0, 0).transaction(({ query }) => query(statements.append, [item, 0, JSON.stringify(history), '{}']));
      // Somebody has been here before: a snapshot as far as there would be one.
      if (history.length >= snapshotEvery) await connect(0, 0).transaction(({ query }) => query(statements.keepSnapshot, [item, model.name, history.length, JSON.stringify({ free: settings.stock, reserved: {} })]));
    }
  });

  /** The mistake: state and row are read and written as if nobody else were there. */
  const overwrite = (item: string, command: Reserve): Promise<unknown> => database.transaction(async ({ query }) => {
    record.count('attempts');
    const [{ row: from }] = await query<{ row: Written }>(readRow, [item]) as [{ row: Written }];
    const state = model.decide(command, from.state).reduce((older, event) => model.evolve(older, event), from.state);
    await query(writeRow, [item, { state, order: command.order, from, depth: from.depth + 1 }]);
  });
  /** The mistake: after a conflict, the old decision goes to the new end of the stream. */
  const repeat = async (item: string, command: Reserve): Promise<unknown> => {
    const { state, version } = await store.load(item);
    const events = model.decide(command, state).map((event) => ({ ...event, schema: 2 }));
    for (let end = version; ; end += 1) {
      const written = await database.transaction(({ query }) => query(statements.append, [item, end, JSON.stringify(events), '{}']));
      if (written.length > 0) return;
      record.count('conflicts');
    }
  };
  const execute = variant === 'overwrite' ? overwrite : variant === 'blind' ? repeat : (item: string, command: Reserve) => store.execute(item, command);

  const sold = new Map<string, number>();
  poissonArrivals(simulation, settings.orders, (number) => simulation.spawn(async () => {
    record.count('offered');
    const item = items[simulation.stream('item', number).below(items.length)]!;
    const order = `order-${number}`;
    const beganMs = simulation.now();
    const answer = await execute(item, { type: 'reserve', order, pieces }).then(() => 'confirmed', (error: unknown) => (error instanceof OutOfStockError ? 'refused' : 'failed'));
    const tookMs = simulation.now() - beganMs;
    record.duration('answer', tookMs);
    if (answer !== 'confirmed') record.count(answer);
    if (answer === 'failed') return;
    if (answer === 'confirmed' && variant !== 'overwrite') {
      const before = sold.get(item) ?? 0;
      sold.set(item, before + pieces);
      if (before + pieces > settings.stock) {
        record.count('wrong');
        return record.count('oversold');
      }
    }
    if (tookMs > deadlineMs) return record.count('late');
    answered.add(order);
    if (!forgotten.has(order)) record.count('right');
  }));

  if (variant === 'overwrite') return record.duration('load', statementMs);
  const probe = storeOf(database, () => {});
  const pauses = simulation.stream('probe');
  simulation.spawn(async () => {
    for (;;) {
      await simulation.sleep(pauses.uniform(100, 200));
      const beganMs = simulation.now();
      await probe.load(items[0]!);
      record.duration('load', simulation.now() - beganMs);
    }
  });
}
