import { count, defineScenario, duration, plain, plannedOutages, poissonArrivals, ServiceDownError, varying, withTimeLimit } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { firstFact, hear, listeners } from './choreography.ts';
import type { Fact } from './choreography.ts';
import { MemoryStore } from './memory-store.ts';
import { ends, loyalty, orderFlow } from './order-flow.ts';
import type { Task } from './order-flow.ts';
import { Watch } from './watch.ts';

const durationMs = 60_000;
const lastOrderMs = 35_000;
const faultStartMs = 8_000;
const services = ['orders', 'inventory', 'payments', 'shipping', 'notifications', 'accounts'] as const;
const deliveriesBeforeDead = 5;

/** Orders go through four services. One of them is away for a while, and now and then an event gets lost. */
export const scenario = defineScenario({
  title: 'Payments is away, and one event in fifty gets lost',
  durationMs,
  frameMs: 500,
  parameters: {
    orders: { kind: 'number', label: 'Orders', unit: 'per second', min: 1, max: 8, step: 1, default: 3 },
    awaySeconds: { kind: 'number', label: 'Payments is away for', unit: 's', min: 0, max: 20, step: 1, default: 8 },
    lostPercent: { kind: 'number', label: 'Events that get lost', unit: '%', min: 0, max: 20, step: 1, default: 2 },
    deadlyPercent: { kind: 'number', label: 'Orders that shipping cannot read', unit: '%', min: 0, max: 20, step: 1, default: 0 },
    joined: { kind: 'flag', label: 'Loyalty points join, and are slow', default: false },
    lookMs: { kind: 'number', label: 'An outbox is looked at every', unit: 'ms', min: 10, max: 500, step: 10, default: 100 },
    deadlineSeconds: { kind: 'number', label: 'Owner reminds after', unit: 's', min: 1, max: 20, step: 1, default: 5 },
    withinMs: { kind: 'number', label: 'The parcel must be sent within', unit: 'ms', min: 100, max: 30_000, step: 100, default: 15_000 },
  },
  variants: [{ id: 'calls', label: 'orders calls one after the other' }, { id: 'events', label: 'choreography, nobody owns the deadline' }, { id: 'owned', label: 'choreography, orders owns it' }],
  charts: [
    { kind: 'level', series: 'unknown', title: 'Orders overdue, and nobody knows', unit: 'orders' },
    { kind: 'level', series: 'known', title: 'Orders on a person’s list', unit: 'orders' },
    { kind: 'rate', series: 'sent', title: 'Parcels sent, per second' },
    { kind: 'duration', series: 'reply', title: 'Customer waits for the answer, 99 of 100' },
  ],
  stations: [
    { id: 'shop', label: 'Web shop', shape: 'client' },
    { id: 'orders', label: 'Orders', shape: 'service' },
    { id: 'broker', label: 'Broker', shape: 'queue', only: ['events', 'owned'] },
    { id: 'payments', label: 'Payments', shape: 'service', lane: 'payments' },
    { id: 'shipping', label: 'Shipping', shape: 'service' },
  ],
  flows: [
    { from: 'shop', to: 'orders', series: 'offered', failing: 'refused' },
    { from: 'orders', to: 'broker', series: 'told', failing: 'lost' },
    { from: 'broker', to: 'payments', series: 'payments' },
    { from: 'payments', to: 'shipping', series: 'shipping' },
  ],
  measure: { total: 'inTime', label: 'orders whose parcel was sent in time', better: 'more' },
  tries: [
    { id: 'away', title: 'Payments is away, events get lost', settings: {}, notice: 'Called in a row, orders has to refuse while payments is away. Events wait for it. But a lost event ends its order without any error, and the line of those that nobody knows of only climbs. With an owner of the deadline the same events are lost, and each order goes on a few seconds later.' },
    { id: 'nothing-lost', title: 'No event gets lost', settings: { lostPercent: 0 }, notice: 'Both choreographies do the same. That is how a flow without an owner passes its tests.' },
    { id: 'joined', title: 'A new participant joins, and is slow', settings: { joined: true, awaySeconds: 0 }, notice: 'Loyalty points want to know of each payment. In the row of calls every customer now waits for them. As a listener they change nothing for anybody, and no other service was touched.' },
    { id: 'deadly', title: 'An order that shipping cannot read', settings: { deadlyPercent: 5, lostPercent: 0, awaySeconds: 0 }, notice: 'Reminding does not help here. After three reminders the order is on a list, with who owes what; without an owner it is only missing.' },
    { id: 'prompt', title: 'All are well, and 300 ms are too long', settings: { lostPercent: 0, awaySeconds: 0, withinMs: 300 }, hurts: true, notice: 'Each hop waits for an outbox and a broker. Two of the steps run side by side, and still most parcels are later than with plain calls. Who has to tell the customer now should not wait for events.' },
  ],
  outcome({ totals }, { withinMs }) {
    const { offered = 0, inTime = 0, refused = 0, stuck = 0, silent = 0 } = totals;
    return `${plain(inTime)} of ${count(offered, 'order')} sent within ${duration(withinMs)}; ${plain(refused)} refused, ${plain(stuck)} on a list, ${plain(silent)} late or missing without anybody knowing.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const { withinMs, lookMs, lostPercent, joined } = settings;
  let isAway = false;
  const sent = new Set<string>();
  const stuck = new Set<string>();
  const refused = new Set<string>();
  const overdue = new Set<string>();
  record.expect('offered', 'refused', 'told', 'lost', 'payments', 'shipping', 'sent', 'inTime', 'stuck', 'silent');
  record.level('unknown', () => [...overdue].filter((order) => !sent.has(order) && !stuck.has(order) && !refused.has(order)).length);
  record.level('known', () => stuck.size);
  record.state('payments', 'up');

  const work = async (task: Task, order: string): Promise<boolean> => {
    if (task === 'charge') record.count('payments');
    if (task === 'dispatch') record.count('shipping');
    if (task === 'charge' && isAway) throw new ServiceDownError('connection refused');
    const random = simulation.stream(task, Number(order));
    await simulation.sleep(random.lognormal(task === 'grant' ? 900 : 60, 0.4));
    if (task === 'dispatch' && random.chance(settings.deadlyPercent / 100)) throw new Error('cannot be read');
    return true;
  };
  const arrive = (order: string): void => {
    if (sent.has(order)) return;
    sent.add(order);
    record.count('sent');
    if (!overdue.has(order)) record.count('inTime');
  };

  // The row of calls: each has a second, and what fails is told to the customer.
  const inARow = async (order: string): Promise<void> => {
    const does = (task: Task): Promise<unknown> => withTimeLimit(simulation, 1_000, () => work(task, order));
    try {
      await does('reserve');
      await does('charge');
      if (joined) await does('grant').catch(() => {});
      await does('dispatch');
      arrive(order);
    } catch {
      refused.add(order);
      record.count('refused');
    }
  };

  const flow = [...orderFlow(work), ...(joined ? [loyalty(work)] : [])];
  const stores = Object.fromEntries(services.map((service) => [service, new MemoryStore((fact) => publish(fact))]));
  const watch = new Watch(stores['orders']!, flow, {
    ends, deadlineMs: settings.deadlineSeconds * 1_000, mostReminders: 3, clock: simulation,
    onEvent: ({ type, process }) => {
      if (type === 'stuck') stuck.add(process);
      if (type === 'ended') stuck.delete(process);
    },
  });
  function publish(fact: Fact): void {
    record.count('told');
    if (fact.type === 'ParcelSent') arrive(fact.process);
    for (const reaction of listeners(flow, fact)) bring(fact, reaction.name, () => hear(stores[reaction.service]!, reaction, fact));
    if (variant === 'owned') bring(fact, 'watch', () => watch.hear(fact));
  }
  /** The broker, at least once; but now and then somebody acknowledges first and dies then. */
  function bring(fact: Fact, to: string, deliver: () => Promise<unknown>): void {
    const random = simulation.stream(`${to} ${fact.type} ${fact.reminder}`, Number(fact.process));
    const isLost = random.chance(lostPercent / 100);
    if (isLost) return record.count('lost');
    simulation.spawn(async () => {
      await simulation.sleep(random.uniform(0, lookMs));
      for (let delivery = 1; ; delivery += 1) {
        const isDone = await deliver().then(() => true, (error: unknown) => !(error instanceof ServiceDownError) && delivery >= deliveriesBeforeDead);
        if (isDone) return;
        await simulation.sleep(random.uniform(300, 700));
      }
    });
  }
  if (variant === 'owned') {
    simulation.spawn(async () => {
      for (;;) {
        await simulation.sleep(1_000);
        await watch.remind();
      }
    });
  }
  const begin: Record<string, (order: string) => Promise<void>> = {
    calls: inARow,
    events: (order) => stores['orders']!.transaction((open) => open.tell(firstFact(order, 'OrderPlaced', null))),
    owned: (order) => stores['orders']!.transaction((open) => watch.begin(open, firstFact(order, 'OrderPlaced', null))),
  };

  poissonArrivals(simulation, varying(settings.orders, (atMs) => (atMs < lastOrderMs ? settings.orders : 0)), (number) => {
    const order = String(number);
    const startMs = simulation.now();
    record.count('offered');
    simulation.schedule(withinMs, () => void overdue.add(order));
    simulation.spawn(async () => {
      await simulation.sleep(5);
      await begin[variant]!(order);
      record.duration('reply', simulation.now() - startMs);
    });
  });
  plannedOutages(simulation, [[faultStartMs, faultStartMs + settings.awaySeconds * 1_000]], () => {
    isAway = true;
    record.state('payments', 'away');
  }, () => {
    isAway = false;
    record.state('payments', 'up');
  });
  simulation.schedule(durationMs, () => {
    record.count('stuck', stuck.size);
    record.count('silent', [...overdue].filter((order) => !sent.has(order) && !stuck.has(order) && !refused.has(order)).length);
  });
}
