import { count, defineScenario, duration, plain, poissonArrivals, varying } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { memoryDatabase } from './memory-database.ts';
import { EventRefusedError, OutboxRelay, recordEvent } from './transactional-outbox.ts';
import type { OutboxEvent } from './transactional-outbox.ts';
import { release } from './upkeep.ts';

const faultStartMs = 8_000;
const lastOrderMs = 40_000;
const durationMs = 60_000;
const insertOrder = 'insert into orders values ($1)';

/** What a consumer needs to know of an event. */
type Message = Pick<OutboxEvent, 'message' | 'key' | 'payload'>;
const isLarge = ({ payload }: Message): boolean => (payload as { lines: number }).lines > 100;

/** Shipping has to hear of every order. The orders service tells it through a broker. */
export const scenario = defineScenario({
  title: 'Orders are placed while the broker is away, and shipping has to hear of each',
  durationMs,
  frameMs: 500,
  parameters: {
    fault: { kind: 'choice', label: 'What goes wrong', options: { outage: 'the broker is down', crash: 'the orders service dies between its two steps', relay: 'the relay dies between publish and mark', large: 'the broker refuses large events', none: 'nothing' }, default: 'outage' },
    faultSeconds: { kind: 'number', label: 'How long', unit: 's', min: 0, max: 25, step: 1, default: 10 },
    orders: { kind: 'number', label: 'Orders', unit: 'per second', min: 1, max: 40, step: 1, default: 10 },
    deadlineSeconds: { kind: 'number', label: 'Shipping must hear within', unit: 's', min: 1, max: 20, step: 1, default: 15 },
    pollMs: { kind: 'number', label: 'Each of two relays looks every', unit: 'ms', min: 50, max: 10_000, step: 50, default: 500 },
    isWoken: { kind: 'flag', label: 'A commit wakes the relay', default: false },
    confirmMs: { kind: 'number', label: 'The broker confirms after', unit: 'ms', min: 1, max: 500, step: 1, default: 20 },
    statementMs: { kind: 'number', label: 'A statement takes', unit: 'ms', min: 0, max: 50, step: 1, default: 2 },
    declinedPercent: { kind: 'number', label: 'Orders rolled back at the end', unit: '%', min: 0, max: 50, step: 1, default: 5 },
  },
  variants: [{ id: 'after', label: 'publish after the commit' }, { id: 'before', label: 'publish before the commit' }, { id: 'outbox', label: 'outbox and relay' }],
  charts: [
    { kind: 'level', series: 'unheard', title: 'Orders that shipping has not heard of', unit: 'orders' },
    { kind: 'sum', series: 'phantoms', title: 'Events of orders that do not exist' },
    { kind: 'duration', series: 'delay', title: 'From the commit to shipping, 99th percentile' },
  ],
  stations: [
    { id: 'shop', label: 'Web shop', shape: 'client' },
    { id: 'orders', label: 'Orders', shape: 'service' },
    { id: 'outbox', label: 'Outbox', shape: 'store', fill: { series: 'backlog', most: { value: 200 } }, only: ['outbox'] },
    { id: 'broker', label: 'Broker', shape: 'queue', lane: 'broker' },
    { id: 'shipping', label: 'Shipping', shape: 'service' },
  ],
  flows: [
    { from: 'shop', to: 'orders', series: 'offered', failing: 'refused' },
    { from: 'orders', to: 'outbox', series: 'placed' },
    { from: 'outbox', to: 'broker', series: 'publishes', failing: 'unpublished' },
    { from: 'broker', to: 'shipping', series: 'deliveries', failing: 'copies' },
  ],
  measure: { total: 'inTime', label: 'orders that shipping heard of in time', better: 'more' },
  tries: [
    { id: 'outage', title: 'The broker is down', settings: {}, notice: 'Published after the commit, each order of these seconds is lost to shipping for ever; published before it, each is refused. With the outbox orders go on, their events wait, and all of them arrive when the broker is back.' },
    { id: 'crash', title: 'The service dies between its two steps', settings: { fault: 'crash', faultSeconds: 20 }, notice: 'One order every second is caught in the gap. After the commit its event is lost; before the commit shipping hears of an order that does not exist. With the outbox there is no gap: the event committed with the order.' },
    { id: 'relay', title: 'The relay dies before it marks', settings: { fault: 'relay', faultSeconds: 20 }, notice: 'Nothing is lost, but what the dead relay had sent without marking is sent again by the next. Shipping recognises the copies by their message id: the outbox delivers at least once, and the consumer makes it once.' },
    { id: 'large', title: 'Events too large for the broker', settings: { fault: 'large' }, notice: 'One event in ten is refused. The outbox parks it and goes on with the others; when the limit has been raised, somebody releases what is parked. Published after the commit, such an event is lost, and nobody knows what to send again.' },
    { id: 'late', title: 'Nothing fails, and two seconds are too long', settings: { fault: 'none', deadlineSeconds: 2, pollMs: 5_000 }, hurts: true, notice: 'Relays that look every five seconds make many events late, though the broker is well. Let the commit wake the relay, and they are in time again.' },
    { id: 'throughput', title: 'One at a time is not enough', settings: { fault: 'none', confirmMs: 200 }, hurts: true, notice: 'The relay waits for each confirmation before it sends the next event: five a second, and twice as many come in. The outbox grows, while requests that publish by themselves do it side by side. Share the keys out among several relays.' },
  ],
  outcome({ totals }, { deadlineSeconds }) {
    const { placed = 0, inTime = 0, late = 0, lost = 0, waiting = 0, phantoms = 0, refused = 0, copies = 0 } = totals;
    const parts = [
      `${plain(inTime)} of ${count(placed, 'order')} reached shipping within ${deadlineSeconds} s`,
      `${plain(late)} later, ${plain(lost)} never`,
      ...(waiting > 0 ? [`${plain(waiting)} still wait in the outbox`] : []),
      ...(phantoms > 0 ? [`${count(phantoms, 'event')} of orders that do not exist`] : []),
      ...(copies > 0 ? [`${count(copies, 'second copy', 'second copies')} dropped`] : []),
    ];
    return `${parts.join(', ')}. ${count(refused, 'order')} refused or rolled back; from commit to shipping p50 ${duration(totals['delay.p50'] ?? 0)}, p99 ${duration(totals['delay.p99'] ?? 0)}.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const { fault, faultSeconds, deadlineSeconds, pollMs, statementMs, confirmMs } = settings;
  const faultEndMs = faultStartMs + faultSeconds * 1_000;
  const inFault = (kind: typeof fault): boolean => fault === kind && simulation.now() >= faultStartMs && simulation.now() < faultEndMs;
  const sleep = (ms: number): Promise<void> => simulation.sleep(ms);
  const committedMs = new Map<string, number>();
  const heard = new Set<string>();
  const gone = new Set<string>();
  let published = 0;
  let unheard = 0;
  record.expect('offered', 'refused', 'placed', 'publishes', 'unpublished', 'deliveries', 'copies', 'phantoms', 'inTime', 'late', 'lost', 'waiting');
  record.level('unheard', () => unheard);
  record.level('backlog', () => (variant === 'outbox' ? committedMs.size - published : 0));
  record.state('broker', 'up');
  const memory = memoryDatabase(simulation, {
    [insertOrder]: (open, [order]: [string]) => {
      open.onCommit(() => {
        committedMs.set(order, simulation.now());
        record.count('placed');
        if (heard.has(order)) arriveInTime(order);
        else unheard += 1;
      });
      return [];
    },
  });

  // Shipping knows each message id that it has handled.
  const handled = new Set<string>();
  const arriveInTime = (order: string): void => {
    const delayMs = simulation.now() - (committedMs.get(order) ?? 0);
    record.duration('delay', delayMs);
    record.count(delayMs <= deadlineSeconds * 1_000 ? 'inTime' : 'late');
  };
  const ship = ({ message, key }: Message): void => {
    record.count('deliveries');
    if (handled.has(message)) return record.count('copies');
    handled.add(message);
    heard.add(key);
    if (gone.has(key)) record.count('phantoms');
    if (!committedMs.has(key)) return;
    unheard -= 1;
    arriveInTime(key);
  };

  const publish = async (message: Message): Promise<void> => {
    record.count('publishes');
    try {
      await sleep(1);
      if (inFault('outage')) throw new Error('connect ECONNREFUSED');
      if (inFault('large') && isLarge(message)) throw new EventRefusedError('message size too large');
      simulation.setTimeout(() => ship(message), simulation.stream('delivery', Number(message.key)).lognormal(15, 0.4));
      await sleep(simulation.stream('confirm', Number(message.key)).lognormal(confirmMs, 0.2));
    } catch (error) {
      record.count('unpublished');
      throw error;
    }
  };

  let orders = new AbortController();
  let isDoomed = false;
  /** The process dies here when its time has come, and takes every request with it that it was working on. */
  const gap = (): void => {
    if (!isDoomed) return;
    isDoomed = false;
    orders.abort(new Error('the process died'));
    orders = new AbortController();
  };
  const place = async (number: number): Promise<void> => {
    record.count('offered');
    const { signal } = orders;
    const order = String(number);
    const random = simulation.stream('order', number);
    const isDeclined = random.chance(settings.declinedPercent / 100);
    const event = { message: `order ${number}`, key: order, type: 'OrderPlaced', payload: { lines: random.chance(0.1) ? 5_000 : 3 } };
    try {
      await memory.connect({ statementMs, signal }).transaction(async (transaction) => {
        await transaction.query(insertOrder, [order]);
        if (variant === 'outbox') await recordEvent(transaction, event);
        if (variant === 'before') {
          await publish(event);
          gap();
        }
        await simulation.sleep(random.exponential(30), signal);
        if (isDeclined) throw new Error('card declined');
      });
      if (variant !== 'before') gap();
      if (settings.isWoken) for (const relay of relays) relay.wake();
      signal.throwIfAborted();
      if (variant === 'after') await publish(event);
    } catch {
      if (committedMs.has(order)) return;
      gone.add(order);
      record.count('refused');
      if (heard.has(order)) record.count('phantoms');
    }
  };
  poissonArrivals(simulation, varying(settings.orders, (atMs) => (atMs < lastOrderMs ? settings.orders : 0)), (number) => simulation.spawn(() => place(number)));

  const relays = new Set<OutboxRelay>();
  const parked = new Set<string>();
  let isRelayDoomed = false;
  const relayFate = simulation.stream('relay');
  const startRelay = (): void => {
    const process = new AbortController();
    const relay = new OutboxRelay(memory.connect({ statementMs, signal: process.signal }), async (event) => {
      await publish(event);
      if (!isRelayDoomed || !relayFate.chance(0.2)) return;
      isRelayDoomed = false;
      relays.delete(relay);
      process.abort(new Error('the process died'));
      simulation.setTimeout(startRelay, 2_000);
    }, {
      pollMs, clock: simulation,
      onEvent: (event) => {
        if (event.type === 'published') published += 1;
        if (event.type === 'parked') parked.add(event.event.id);
      },
    });
    relays.add(relay);
    simulation.spawn(() => relay.run(process.signal));
  };
  if (variant === 'outbox') {
    startRelay();
    simulation.setTimeout(startRelay, pollMs / 2);
  }

  simulation.setTimeout(() => record.state('broker', fault === 'outage' && faultSeconds > 0 ? 'down' : fault === 'large' && faultSeconds > 0 ? 'refuses large events' : 'up'), faultStartMs);
  simulation.setTimeout(() => {
    record.state('broker', 'up');
    for (const id of parked) simulation.spawn(() => release(memory.connect({ statementMs }), id));
  }, faultEndMs);
  for (let atMs = faultStartMs; atMs < faultEndMs; atMs += fault === 'relay' ? 4_000 : 1_000) {
    simulation.setTimeout(() => {
      isDoomed = fault === 'crash';
      isRelayDoomed = fault === 'relay';
    }, atMs);
  }
  simulation.setTimeout(() => {
    const waiting = variant === 'outbox' ? unheard : 0;
    record.count('waiting', waiting);
    record.count('lost', unheard - waiting);
  }, durationMs);
}
