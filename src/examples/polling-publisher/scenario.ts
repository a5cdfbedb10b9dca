import { count, defineScenario, duration, plain, poissonArrivals, varying } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { memoryDatabase } from '../transactional-outbox/memory-database.ts';
import { recordEvent } from '../transactional-outbox/transactional-outbox.ts';
import type { Database, OutboxEvent } from '../transactional-outbox/transactional-outbox.ts';
import { LastIdPublisher } from './last-id-publisher.ts';
import { memoryClaims } from './memory-claims.ts';
import { PollingPublisher } from './polling-publisher.ts';

const lastChangeMs = 30_000;
const durationMs = 40_000;
const deathMs = 12_000;

/** Stock changes, some in transactions that take long, and shipping has to hear of each. */
export const scenario = defineScenario({
  title: 'Some transactions commit late, and shipping has to hear of every change',
  durationMs,
  frameMs: 500,
  parameters: {
    changes: { kind: 'number', label: 'Changes', unit: 'per second', min: 0.2, max: 60, step: 0.2, default: 12 },
    products: { kind: 'number', label: 'Products that they are about', unit: '', min: 1, max: 200, step: 1, default: 100 },
    slowPercent: { kind: 'number', label: 'Transactions that take long', unit: '%', min: 0, max: 50, step: 1, default: 10 },
    slowMs: { kind: 'number', label: 'They take', unit: 'ms', min: 0, max: 5_000, step: 100, default: 1_000 },
    pollers: { kind: 'number', label: 'Publishers', unit: '', min: 1, max: 4, step: 1, default: 1 },
    pollMs: { kind: 'number', label: 'Pause between two queries', unit: 'ms', min: 20, max: 5_000, step: 20, default: 200 },
    maxPollMs: { kind: 'number', label: 'Marks: longest pause while idle', unit: 'ms', min: 20, max: 10_000, step: 20, default: 800 },
    confirmMs: { kind: 'number', label: 'The broker confirms after', unit: 'ms', min: 1, max: 200, step: 1, default: 15 },
    deadlineMs: { kind: 'number', label: 'Shipping must hear within', unit: 'ms', min: 100, max: 10_000, step: 100, default: 2_000 },
    leaseSeconds: { kind: 'number', label: 'Marks: a claim lasts', unit: 's', min: 2, max: 20, step: 1, default: 5 },
    dies: { kind: 'flag', label: 'A publisher dies before it marks', default: false },
  },
  variants: [{ id: 'last', label: 'remember the last id' }, { id: 'marks', label: 'claim, publish, mark' }],
  charts: [
    { kind: 'level', series: 'unheard', title: 'Committed changes that shipping has not heard of', unit: 'changes' },
    { kind: 'rate', series: 'statements', title: 'Statements of the publishers, per second' },
    { kind: 'duration', series: 'delay', title: 'From the commit to shipping, 99th percentile' },
  ],
  stations: [
    { id: 'inventory', label: 'Inventory', shape: 'service' },
    { id: 'outbox', label: 'Outbox', shape: 'store', fill: { series: 'unheard', most: { value: 60 } } },
    { id: 'publisher', label: 'Publisher', shape: 'service' },
    { id: 'shipping', label: 'Shipping', shape: 'service' },
  ],
  flows: [
    { from: 'inventory', to: 'outbox', series: 'committed' },
    { from: 'publisher', to: 'outbox', series: 'statements' },
    { from: 'publisher', to: 'shipping', series: 'deliveries', failing: 'copies' },
  ],
  measure: { total: 'inTime', label: 'changes that shipping heard of in time', better: 'more' },
  tries: [
    { id: 'late', title: 'Transactions that commit late', settings: {}, notice: 'One transaction in ten draws its id and commits a second later. Whoever remembers the last id has passed it by then, and shipping never hears of the change. A mark on each row cannot miss one.' },
    { id: 'two', title: 'Two publishers', settings: { pollers: 2 }, notice: 'Each of those that remember an id sends everything, so whatever reaches shipping reaches it twice. Those that claim share the keys, and there is no copy.' },
    { id: 'quiet', title: 'A quiet night', settings: { changes: 0.2, maxPollMs: 3_200, deadlineMs: 5_000, slowPercent: 0 }, notice: 'A handful of changes. A query every 200 ms finds nothing nearly always. Pauses that double while nothing is found save most of the queries, and the price is the delay of the few changes.' },
    { id: 'pause', title: 'Everything too late', settings: { pollMs: 5_000, maxPollMs: 5_000 }, notice: 'Whoever asks every five seconds sends what happened since then in one go, and a deadline of two seconds is missed for more than half. The delay is the pause, half of it on average.' },
    { id: 'dies', title: 'A publisher dies before it marks', settings: { dies: true, slowPercent: 0 }, notice: 'What it had claimed and sent is sent once more when the claim has run out, after five seconds. What others are about waits for the restart only. Whoever kept the last id in memory begins anew, and sends all that is in the table.' },
    { id: 'hot', title: 'All changes are about one product', settings: { products: 1, changes: 50, slowPercent: 0, pollers: 2 }, hurts: true, notice: 'In order of the key means one at a time: claim, publish, mark, four trips to the database for each, and a second publisher does not help. Fifty a second are too many. Who reads on from the last id only publishes, and keeps pace.' },
  ],
  outcome({ totals }, { deadlineMs }) {
    const { committed = 0, inTime = 0, late = 0, lost = 0, copies = 0, statements = 0 } = totals;
    return `${plain(inTime)} of ${count(committed, 'change')} reached shipping within ${duration(deadlineMs)}, ${plain(late)} later, ${plain(lost)} not at all; ${count(copies, 'copy', 'copies')}, ${count(statements, 'statement')} of the publishers; from commit to shipping p50 ${duration(totals['delay.p50'] ?? 0)}, p99 ${duration(totals['delay.p99'] ?? 0)}.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const { pollMs, deadlineMs, leaseSeconds } = settings;
  const statementMs = 2;
  const committedMs = new Map<string, number>();
  const heard = new Set<string>();
  record.expect('offered', 'committed', 'statements', 'deliveries', 'copies', 'inTime', 'late', 'lost');
  record.level('unheard', () => committedMs.size - heard.size);
  const memory = memoryDatabase(simulation, {}, memoryClaims);

  const ship = ({ message }: OutboxEvent): void => {
    record.count('deliveries');
    if (heard.has(message)) return record.count('copies');
    heard.add(message);
    const delayMs = simulation.now() - committedMs.get(message)!;
    record.duration('delay', delayMs);
    record.count(delayMs <= deadlineMs ? 'inTime' : 'late');
  };
  let isDoomed = false;
  const start = (atMs: number): void => {
    const process = new AbortController();
    const { signal } = process;
    const connection = memory.connect({ statementMs, signal });
    const database: Database = {
      transaction: (work) => connection.transaction(({ query }) => work({
        query: (text, parameters) => {
          record.count('statements');
          return query(text, parameters);
        },
      })),
    };
    const publish = async (event: OutboxEvent): Promise<void> => {
      await simulation.sleep(simulation.stream('confirm', Number(event.id)).lognormal(settings.confirmMs, 0.2), signal);
      ship(event);
      if (!isDoomed) return;
      isDoomed = false;
      process.abort(new Error('the process died'));
      start(1_000);
    };
    const lastId = new LastIdPublisher(database, publish);
    const marks = new PollingPublisher(database, publish, { pollMs, maxPollMs: Math.max(pollMs, settings.maxPollMs), publishTimeoutMs: 1_000, leaseMs: leaseSeconds * 1_000, clock: simulation });
    simulation.setTimeout(() => simulation.spawn(async () => {
      if (variant === 'marks') return marks.run(signal);
      while (!signal.aborted) {
        await lastId.poll().catch(() => {});
        await simulation.sleep(pollMs, signal).catch(() => {});
      }
    }), atMs);
  };
  for (let poller = 0; poller < settings.pollers; poller += 1) start(1 + poller * pollMs / settings.pollers);

  const change = async (number: number): Promise<void> => {
    record.count('offered');
    const random = simulation.stream('change', number);
    const key = `product ${random.below(settings.products)}`;
    const isSlow = random.chance(settings.slowPercent / 100);
    const takesMs = isSlow ? settings.slowMs : random.exponential(10);
    const message = await memory.connect({ statementMs }).transaction(async (transaction) => {
      const id = await recordEvent(transaction, { key, type: 'StockChanged', payload: {} });
      await simulation.sleep(takesMs);
      return id;
    });
    committedMs.set(message, simulation.now());
    record.count('committed');
  };
  poissonArrivals(simulation, varying(settings.changes, (atMs) => (atMs < lastChangeMs ? settings.changes : 0)), (number) => simulation.spawn(() => change(number)));
  if (settings.dies) simulation.setTimeout(() => { isDoomed = true; }, deathMs);
  simulation.setTimeout(() => record.count('lost', committedMs.size - heard.size), durationMs);
}
