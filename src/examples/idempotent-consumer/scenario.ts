import { count, defineScenario, plain, poissonArrivals, varying } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { IdempotentConsumer } from './idempotent-consumer.ts';
import type { Database, Delivery, Message, Transaction } from './idempotent-consumer.ts';
import { memoryDatabase } from './memory-database.ts';
import { rememberFirst, rememberLast } from './unsafe-consumers.ts';

const durationMs = 60_000;
const lastSaleMs = 40_000;
const faultStartMs = 8_000;
const replayMs = 42_000;
const instances = 3;
const slowMs = 3_000;
const takeStock = 'update stock set count = count - 1 where item = $1';

/** Inventory hears of each sale through a broker that delivers at least once, and takes one piece from stock. */
export const scenario = defineScenario({
  title: 'Inventory hears of sales through a broker, and its processes die',
  durationMs,
  frameMs: 500,
  parameters: {
    fault: { kind: 'choice', label: 'What happens', options: { crash: 'processes die', slow: 'the database is slow', away: 'inventory is away', replay: 'somebody replays old messages', none: 'nothing' }, default: 'crash' },
    faultSeconds: { kind: 'number', label: 'How long', unit: 's', min: 0, max: 30, step: 1, default: 20 },
    sales: { kind: 'number', label: 'Sales', unit: 'per second', min: 1, max: 20, step: 1, default: 8 },
    workMs: { kind: 'number', label: 'A message takes', unit: 'ms', min: 10, max: 500, step: 10, default: 80 },
    visibilityMs: { kind: 'number', label: 'Delivered again, if not settled within', unit: 'ms', min: 500, max: 20_000, step: 500, default: 2_000 },
    retainSeconds: { kind: 'number', label: 'Ids are remembered for', unit: 's', min: 1, max: 120, step: 1, default: 120 },
    stamped: { kind: 'flag', label: 'Replayed messages get a new date', default: false },
  },
  variants: [{ id: 'none', label: 'no memory' }, { id: 'last', label: 'effect, then remember' }, { id: 'first', label: 'remember, then effect' }, { id: 'with', label: 'inbox in the transaction' }],
  charts: [
    { kind: 'level', series: 'doubled', title: 'Sales taken from stock more than once', unit: 'sales' },
    { kind: 'level', series: 'missing', title: 'Sales settled and not taken from stock', unit: 'sales' },
    { kind: 'level', series: 'backlog', title: 'Messages that wait', unit: 'messages' },
  ],
  stations: [
    { id: 'orders', label: 'Orders', shape: 'service' },
    { id: 'broker', label: 'Broker', shape: 'queue', fill: { series: 'backlog', most: { value: 100 } } },
    { id: 'inventory', label: 'Inventory', shape: 'service' },
    { id: 'stock', label: 'Stock', shape: 'store' },
  ],
  flows: [
    { from: 'orders', to: 'broker', series: 'offered' },
    { from: 'broker', to: 'inventory', series: 'deliveries', failing: 'deaths' },
    { from: 'inventory', to: 'stock', series: 'effects' },
  ],
  measure: { total: 'right', label: 'sales taken from stock exactly once', better: 'more' },
  tries: [
    { id: 'crash', title: 'Processes die', settings: {}, notice: 'One process a second dies, some in the middle of their work and some just after the commit. Without memory, and where it comes last, the latter take a piece twice; where it comes first, the former take none, and nobody will ever ask again. In one transaction there is no in-between.' },
    { id: 'slow', title: 'Work takes longer than the broker waits', settings: { fault: 'slow', faultSeconds: 10 }, notice: 'The broker gives a copy to the next process while the first is still at work. Where the memory comes last, looking beforehand does not help: neither has remembered anything yet. Where it comes first, the copy is dropped, on the word of a process that may still fail. In the inbox the copy waits for the first, and then knows.' },
    { id: 'replay', title: 'Somebody plays the last twenty seconds again', settings: { fault: 'replay', faultSeconds: 20 }, notice: 'Here any memory is good enough, as long as it reaches back far enough.' },
    { id: 'forgets', title: 'The same, and a memory of ten seconds', settings: { fault: 'replay', faultSeconds: 20, retainSeconds: 10 }, notice: 'What has been forgotten is taken again by the simple memories. The inbox refuses what is older than itself: nothing is doubled, and somebody has to look at the dead letters.' },
    { id: 'stamped', title: 'Copies with a new date', settings: { fault: 'replay', faultSeconds: 20, retainSeconds: 10, stamped: true }, notice: 'The replay gives each message a new date, so none of them looks old, and the inbox takes what it has forgotten. The date has to be that of the fact, and stay with it.' },
    { id: 'away', title: 'Away for longer than the memory', settings: { fault: 'away', retainSeconds: 10 }, hurts: true, notice: 'Nothing is delivered twice here, and without memory all would be well. The inbox cannot know that: it refuses what is older than ten seconds, and these sales are never taken from stock unless somebody handles the dead letters.' },
  ],
  outcome({ totals }) {
    const { offered = 0, right = 0, twice = 0, never = 0, refused = 0 } = totals;
    const refusals = refused > 0 ? `; ${count(refused, 'message')} older than the memory refused` : '';
    return `${plain(right)} of ${count(offered, 'sale')} taken from stock once, ${plain(twice)} more than once, ${plain(never)} never${refusals}.`;
  },
});

type Sale = Message<number>;

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const { fault, visibilityMs } = settings;
  const faultEndMs = faultStartMs + settings.faultSeconds * 1_000;
  const retainMs = settings.retainSeconds * 1_000;
  const isFault = (kind: typeof fault): boolean => fault === kind && simulation.now() >= faultStartMs && simulation.now() < faultEndMs;
  const dateOf = (ms: number): string => new Date(ms).toISOString();
  /** What waits in the broker, and processes that have nothing to do. */
  const ready: Sale[] = [];
  const idle = new Set<(sale: Sale) => void>();
  const sales: Sale[] = [];
  /** How often each sale has been taken from stock, and whether the broker thinks that it is done with it. */
  const taken = new Map<string, number>();
  const settled = new Set<string>();
  let [doubled, missing] = [0, 0];
  record.expect('offered', 'deliveries', 'effects', 'deaths', 'right', 'twice', 'never', 'refused');
  record.level('doubled', () => doubled);
  record.level('missing', () => missing);
  record.level('backlog', () => ready.length);

  const database = memoryDatabase(simulation, {
    [takeStock]: (open, [sale]: [string]) => {
      open.onCommit(() => {
        const times = (taken.get(sale) ?? 0) + 1;
        taken.set(sale, times);
        record.count('effects');
        if (times === 2) doubled += 1;
        if (times === 1 && settled.has(sale)) missing -= 1;
      });
      return [];
    },
  });
  const settle = (sale: string): void => {
    if (settled.has(sale)) return;
    settled.add(sale);
    if (!taken.has(sale)) missing += 1;
  };

  /** Where the next process to come by dies: in the middle of its work, or when its effect has just been committed. */
  let doom: 'work' | 'commit' | undefined;
  const remembered = new Map<string, number>();

  const publish = (...more: Sale[]): void => {
    ready.push(...more);
    for (const take of [...idle].slice(0, ready.length)) {
      idle.delete(take);
      take(ready.shift()!);
    }
  };

  const start = (instance: number): void => {
    const life = new AbortController();
    const { signal } = life;
    const pass = (place: typeof doom): void => {
      if (doom !== place) return;
      doom = undefined;
      record.count('deaths');
      simulation.settles();
      life.abort(new Error('the process died'));
      simulation.schedule(1_000, () => start(instance));
    };
    const effect = async ({ id }: Sale, transaction: Transaction): Promise<void> => {
      const random = simulation.stream('work', Number(id));
      await simulation.sleep(isFault('slow') ? slowMs : random.lognormal(settings.workMs, 0.3), signal);
      pass('work');
      await transaction.query(takeStock, [id]);
    };
    const connected: Database = {
      transaction: async (work) => {
        const result = await database.connect({ statementMs: 2, signal }).transaction(work);
        pass('commit');
        signal.throwIfAborted();
        return result;
      },
    };
    const memory = {
      has: async (id: string) => simulation.now() < (remembered.get(id) ?? 0),
      add: async (id: string) => {
        await simulation.sleep(1, signal);
        remembered.set(id, simulation.now() + retainMs);
      },
    };
    const inbox = new IdempotentConsumer<number>({ name: 'inventory', database: connected, effect, retainMs, skewMs: 1_000, clock: simulation });
    const handle: Record<string, (sale: Sale) => Promise<unknown>> = {
      none: (sale) => connected.transaction((transaction) => effect(sale, transaction)),
      last: (sale) => rememberLast(memory, connected, sale, effect),
      first: (sale) => rememberFirst(memory, connected, sale, effect),
    };
    const receive = async (delivery: Delivery<number>): Promise<void> => {
      if (variant === 'with') return inbox.receive(delivery);
      await handle[variant]?.(delivery.message).then(delivery.ack, delivery.nack);
    };
    const take = (sale: Sale): void => {
      record.count('deliveries');
      /** Ends this delivery, unless the broker has given the message to somebody else since. */
      let isOpen = true;
      const end = (): boolean => {
        const was = isOpen;
        isOpen = false;
        simulation.clearTimeout(timer);
        return was;
      };
      const again = (): void => {
        if (!end()) return;
        ready.unshift(sale);
        publish();
      };
      const timer = simulation.schedule(visibilityMs, again);
      signal.addEventListener('abort', again);
      const done = (): void => { if (end()) settle(sale.id); };
      simulation.spawn(async () => {
        await receive({ message: sale, ack: done, nack: again, reject: () => {
          record.count('refused');
          done();
        } });
        if (signal.aborted) return;
        idle.add(take);
        publish();
      });
    };
    idle.add(take);
    publish();
    if (variant !== 'with') return;
    const clean = (): void => {
      if (signal.aborted) return;
      simulation.spawn(() => inbox.forget().catch(() => {}));
      simulation.setTimeout(clean, 1_000);
    };
    if (instance === 0) clean();
  };

  for (let instance = 0; instance < instances; instance++) simulation.setTimeout(() => start(instance), fault === 'away' ? faultEndMs : 0);
  const fate = simulation.stream('fate');
  for (let atMs = faultStartMs; fault === 'crash' && atMs < faultEndMs; atMs += 1_000) simulation.setTimeout(() => { doom = fate.chance(0.5) ? 'work' : 'commit'; }, atMs);

  poissonArrivals(simulation, varying(settings.sales, (atMs) => (atMs < lastSaleMs ? settings.sales : 0)), (number) => {
    record.count('offered');
    const sale = { id: String(number), madeAt: dateOf(simulation.now()), body: 1 };
    sales.push(sale);
    publish(sale);
  }, { stream: 'sales' });
  if (fault === 'replay') {
    simulation.setTimeout(() => {
      const fromMs = lastSaleMs - settings.faultSeconds * 1_000;
      const old = sales.filter(({ madeAt }) => Date.parse(madeAt) >= fromMs);
      publish(...old.map((sale) => (settings.stamped ? { ...sale, madeAt: dateOf(simulation.now()) } : sale)));
    }, replayMs);
  }
  simulation.setTimeout(() => {
    const times = sales.map(({ id }) => taken.get(id) ?? 0);
    record.count('right', times.filter((each) => each === 1).length);
    record.count('twice', times.filter((each) => each > 1).length);
    record.count('never', times.filter((each) => each === 0).length);
  }, durationMs);
}
