import { count, defineScenario, duration, plain, poissonArrivals, ServiceDownError } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { StepRefusedError } from '../saga/contract.ts';
import type { Database, Send, Transaction } from '../saga/contract.ts';
import { MemoryDatabase } from '../saga/memory-database.ts';
import { perform, undo } from '../saga/participant.ts';
import { openOrder, placeOrder } from '../saga/place-order.ts';
import type { Order, Participants } from '../saga/place-order.ts';
import { SagaOrchestrator } from '../saga/saga.ts';
import { memoryDatabase } from '../transactional-outbox/memory-database.ts';
import { OutboxRelay } from '../transactional-outbox/outbox-relay.ts';
import { statements } from '../transactional-outbox/schema.ts';
import { orderSaga } from './an-order-across-four-services.ts';
import type { Placed } from './an-order-across-four-services.ts';
import { placeInChain } from './chain.ts';
import { once } from './inbox.ts';
import type { Message } from './inbox.ts';

const names = ['orders', 'inventory', 'payments', 'shipping'] as const;
type Name = (typeof names)[number];
type StepName = 'reserve' | 'authorise' | 'dispatch' | 'capture' | 'release' | 'void';
type Found = Partial<Record<StepName | 'placed' | 'confirmed' | 'cancelled', number>>;
const durationMs = 40_000;
const arrivalsEndMs = 22_000;
const brokerDownMs = 5_000;
const limitMs = 1_000;
const wanted: Order = { item: 'kettle', pieces: 1, card: 'visa', totalCents: 4_200, address: '1 Mill Lane' };

/** Orders cross four services that restart, refuse and lose answers. */
export const scenario = defineScenario({
  title: 'Four services restart by turns, and orders are on their way',
  durationMs,
  frameMs: 1_000,
  parameters: {
    orders: { kind: 'number', label: 'Orders', unit: 'per second', min: 1, max: 8, step: 1, default: 5 },
    refusePercent: { kind: 'number', label: 'Shipping refuses', unit: '%', min: 0, max: 50, step: 1, default: 5 },
    lostPercent: { kind: 'number', label: 'Answers that get lost', unit: '%', min: 0, max: 20, step: 1, default: 2 },
    restartSeconds: { kind: 'number', label: 'A service restarts every (0: never)', unit: 's', min: 0, max: 30, step: 1, default: 2 },
    brokerSeconds: { kind: 'number', label: 'The broker is away from second 5 on, for', unit: 's', min: 0, max: 15, step: 1, default: 1 },
    confirmMs: { kind: 'number', label: 'The broker confirms after', unit: 'ms', min: 1, max: 500, step: 1, default: 40 },
    pollMs: { kind: 'number', label: 'The relay looks every', unit: 'ms', min: 50, max: 5_000, step: 50, default: 500 },
    withinMs: { kind: 'number', label: 'Orders must be whole within', unit: 'ms', min: 300, max: 15_000, step: 100, default: 10_000 },
  },
  variants: [{ id: 'chain', label: 'chain of calls' }, { id: 'saga', label: 'saga alone' }, { id: 'outbox', label: 'with outbox' }, { id: 'all', label: 'with inbox too' }],
  charts: [
    { kind: 'level', series: 'half', title: 'Orders half done', unit: 'orders' },
    { kind: 'level', series: 'twice', title: 'Orders charged twice', unit: 'orders' },
    { kind: 'duration', series: 'latency', title: 'From order to all done, 99 of 100' },
    { kind: 'lane', lane: 'orders', title: 'Orders service', tones: { up: 'good', down: 'bad' } },
  ],
  stations: [
    { id: 'shop', label: 'Web shop', shape: 'client' },
    { id: 'orders', label: 'Orders', shape: 'service', lane: 'orders' },
    { id: 'inventory', label: 'Inventory', shape: 'service', lane: 'inventory' },
    { id: 'payments', label: 'Payments', shape: 'service', lane: 'payments' },
    { id: 'shipping', label: 'Shipping', shape: 'service', lane: 'shipping' },
  ],
  flows: [
    { from: 'shop', to: 'orders', series: 'offered', failing: 'torn' },
    { from: 'orders', to: 'inventory', series: 'inventory' },
    { from: 'orders', to: 'payments', series: 'payments' },
    { from: 'orders', to: 'shipping', series: 'shipping' },
  ],
  measure: { total: 'whole', label: 'orders all done once, or all undone, in time', better: 'more' },
  tries: [
    { id: 'faults', title: 'Restarts, refusals, lost answers', settings: {}, notice: 'Three to four of ten orders in the chain end half done, and most of these customers have paid and get nothing. The saga closes every order, but what it publishes afterwards gets lost with the process or with the broker: parcels that nobody pays for. With the outbox none is lost, and some arrive twice. The inbox drops the copies.' },
    { id: 'refusals', title: 'Only refusals', settings: { lostPercent: 0, restartSeconds: 0, refusePercent: 20, brokerSeconds: 0 }, notice: 'Nothing is broken here: shipping says no to one order in five. The chain has charged each of them. Any of the sagas gives stock and money back.' },
    { id: 'lost', title: 'Only lost answers', settings: { restartSeconds: 0, refusePercent: 0, lostPercent: 5, brokerSeconds: 0 }, notice: 'The chain stops at the first silence, wherever it is. The saga asks again with the same key. But an acknowledgement that gets lost is a silence too: the broker brings the message again, and without an inbox the customer pays twice.' },
    { id: 'broker', title: 'Only the broker is away', settings: { restartSeconds: 0, refusePercent: 0, lostPercent: 0, brokerSeconds: 8 }, notice: 'For eight seconds each order that is published after the commit goes out unpaid. The chain has no broker and notices nothing. With the outbox the messages wait.' },
    { id: 'calm', title: 'Nothing fails, and time is short', settings: { lostPercent: 0, restartSeconds: 0, refusePercent: 0, brokerSeconds: 0, withinMs: 400 }, hurts: true, notice: 'Where nothing fails, the chain has finished all four steps after a third of a second. A saga writes each step down before and after it, and with an outbox the money is taken one message later: most orders are whole too late. That is the price of all the rest: about a hundred milliseconds.' },
  ],
  outcome({ totals }, { withinMs }) {
    const { offered = 0, whole = 0, unshipped = 0, kept = 0, unpaid = 0, open = 0, twice = 0 } = totals;
    const half = Object.entries({
      'charged and not shipped': unshipped, 'with stock or money held for nothing': kept, 'shipped and not paid': unpaid,
      'that orders has not closed': open, 'charged twice': twice,
    }).filter(([, orders]) => orders > 0).map(([words, orders]) => `${plain(orders)} ${words}`);
    return `${plain(whole)} of ${count(offered, 'order')} whole within ${duration(withinMs)}. At the end: ${half.length > 0 ? half.join(', ') : 'none half done'}.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const services = Object.fromEntries(names.map((name) => [name, { life: new AbortController(), isUp: true, database: new MemoryDatabase(simulation) }]));
  const orders = new Map<string, { startMs: number; found: Found }>();
  record.expect('offered', 'whole', 'torn', 'unshipped', 'kept', 'unpaid', 'open', 'twice', 'copies', ...names);
  for (const name of names) record.state(name, 'up');

  /** What an auditor finds of an order in all services. */
  const note = (order: string, what: keyof Found): void => {
    const { startMs, found } = orders.get(order)!;
    found[what] = (found[what] ?? 0) + 1;
    const isLast = what === 'capture' || what === 'confirmed';
    if (isLast && found.capture === 1 && stateOf({ found }) === 'whole') record.duration('latency', simulation.now() - startMs);
  };
  const stateOf = ({ found: { placed = 0, confirmed = 0, cancelled = 0, reserve = 0, release = 0, authorise = 0, void: voided = 0, dispatch = 0, capture = 0 } }: { found: Found }): 'whole' | 'open' | 'unshipped' | 'kept' | 'unpaid' | 'twice' => {
    if (capture > 1) return 'twice';
    if (capture > dispatch) return 'unshipped';
    if (dispatch > capture) return 'unpaid';
    if (reserve - release > dispatch || authorise - voided > dispatch) return 'kept';
    return confirmed === dispatch && (confirmed > 0 || cancelled >= placed) ? 'whole' : 'open';
  };
  const countOf = (...states: ReturnType<typeof stateOf>[]): number => [...orders.values()].filter((order) => states.includes(stateOf(order))).length;
  record.level('half', () => countOf('open', 'unshipped', 'kept', 'unpaid'));
  record.level('twice', () => countOf('twice'));

  const life = (): AbortSignal => services['orders']!.life.signal;
  const effect = (step: StepName) => async (_own: Transaction, order: string): Promise<void> => {
    if (step === 'dispatch' && simulation.stream('refuse', Number(order)).chance(settings.refusePercent / 100)) throw new StepRefusedError('no carrier');
    note(order, step);
  };
  const attempts: Record<string, number> = {};
  /** A task in the database of a service. The process may end before it, or after it; the answer may get lost. */
  const work = async <Result>(name: Name, task: string, order: string, run: (own: Database) => Promise<Result>): Promise<Result> => {
    const { isUp, life: { signal }, database } = services[name]!;
    const attempt = attempts[task + order] = (attempts[task + order] ?? 0) + 1;
    const random = simulation.stream(task, Number(order), attempt);
    record.count(name);
    await simulation.sleep(2);
    if (!isUp) throw new ServiceDownError('connection refused');
    await simulation.sleep(random.lognormal(80, 0.4), signal);
    const result = await run(database.connect({ signal }));
    if (random.chance(settings.lostPercent / 100)) {
      await simulation.sleep(limitMs, signal);
      throw new ServiceDownError('no answer');
    }
    return result;
  };

  const does = (name: Name, step: StepName): Send<Order> => async ({ saga, key }, signal) => {
    const { state, result } = await work(name, step, saga, (own) => own.transaction((open) => perform(open, key, () => effect(step)(open, saga))));
    signal.throwIfAborted();
    if (state === 'refused') throw new StepRefusedError(String(result));
  };
  const takesBack = (name: Name, step: StepName): Send<Order> => ({ saga, key }) => work(name, step, saga, (own) => own.transaction((open) => undo(open, key, () => effect(step)(open, saga))));
  const participants: Participants = {
    inventory: { reserve: does('inventory', 'reserve'), release: takesBack('inventory', 'release') },
    payments: { authorise: does('payments', 'authorise'), void: takesBack('payments', 'void'), capture: does('payments', 'capture') },
    shipping: { dispatch: does('shipping', 'dispatch') },
  };

  const inChain = async (order: string): Promise<void> => {
    await placeInChain(participants, order, wanted, life());
    note(order, 'placed');
    note(order, 'confirmed');
  };

  // Payments takes the money when it hears of the order; until it has said so, the broker brings the message again.
  const listen = (message: Message): Promise<void> => work('payments', 'hear', message.key, async (own) => {
    const react = (open: Transaction): Promise<void> => effect('capture')(open, message.key);
    if (variant !== 'all') return own.transaction(react);
    if (!(await once(own, 'payments', message, react))) record.count('copies');
  });
  const deliver = async (message: Message): Promise<void> => {
    do await simulation.sleep(20); while (!(await listen(message).then(() => true, () => simulation.sleep(500).then(() => false))));
  };
  const isBrokerDown = (): boolean => simulation.now() >= brokerDownMs && simulation.now() < brokerDownMs + settings.brokerSeconds * 1_000;
  const publish = async (message: Message): Promise<void> => {
    await simulation.sleep(settings.confirmMs / 2, life());
    if (isBrokerDown()) throw new ServiceDownError('no broker');
    if (message.type === 'OrderConfirmed') simulation.spawn(() => deliver(message));
    await simulation.sleep(settings.confirmMs / 2, life());
  };

  const letters = memoryDatabase(simulation);
  const definition = orderSaga(participants);
  const withOutbox = variant === 'outbox' || variant === 'all';
  const end: typeof definition.end = async (own, order, state, placed) => {
    await (withOutbox ? definition : placeOrder(participants)).end(own, order, state, placed);
    note(order, state === 'completed' ? 'confirmed' : 'cancelled');
  };
  const startInstance = (): { orchestrator: SagaOrchestrator<Placed>; relay: OutboxRelay; both: Database } => {
    const signal = life();
    const own = services['orders']!.database.connect({ roundTripMs: 5, signal });
    /** One transaction of both stand-ins: no time passes between their commits. */
    const both: Database = {
      transaction: (run) => letters.connect().transaction((letter) => own.transaction((open) =>
        run({ query: (text, values) => (text === statements.record ? letter : open).query(text, values) }))),
    };
    const relay = new OutboxRelay(letters.connect({ signal }), publish, { pollMs: settings.pollMs, clock: simulation });
    const orchestrator = new SagaOrchestrator(both, { ...definition, end }, {
      stepTimeoutMs: limitMs, leaseMs: 3_000, firstRetryMs: 200, longestRetryMs: 2_000, maxAttempts: 8,
      clock: simulation, random: simulation.stream('jitter', simulation.now()).next,
      onEvent: ({ type, saga: key = '' }) => {
        if (type === 'completed' && !withOutbox) simulation.spawn(() => publish({ message: key, key, type: 'OrderConfirmed', payload: null, headers: {} }).catch(() => {}));
      },
    });
    for (let loop = 0; loop < 2; loop++) simulation.spawn(() => orchestrator.run(signal));
    if (withOutbox) simulation.spawn(() => relay.run(signal));
    return { orchestrator, relay, both };
  };
  let instance = variant === 'chain' ? undefined : startInstance();
  const bySaga = async (order: string): Promise<void> => {
    const { orchestrator, relay, both } = instance!;
    await both.transaction(async (own) => {
      await openOrder(own, order, wanted);
      await orchestrator.start(own, order, { ...wanted, headers: {} });
      note(order, 'placed');
    });
    await orchestrator.proceed(order);
    relay.wake();
  };

  poissonArrivals(simulation, settings.orders, (number) => {
    if (simulation.now() > arrivalsEndMs) return;
    const order = String(number);
    record.count('offered');
    orders.set(order, { startMs: simulation.now(), found: {} });
    simulation.schedule(settings.withinMs, () => record.count(stateOf(orders.get(order)!) === 'whole' ? 'whole' : 'torn'));
    // Whoever meets a closed shop has no order, so nothing is torn.
    if (services['orders']!.isUp) simulation.spawn(() => (variant === 'chain' ? inChain : bySaga)(order).catch(() => {}));
  });

  // One service after the other.
  for (let turn = 1; settings.restartSeconds > 0 && turn * settings.restartSeconds * 1000 < arrivalsEndMs; turn++) {
    const name = names[(turn - 1) % names.length]!;
    const service = services[name]!;
    simulation.schedule(turn * settings.restartSeconds * 1000, () => {
      service.isUp = false;
      service.life.abort(new ServiceDownError('restarting'));
      simulation.settles();
      record.state(name, 'down');
      simulation.schedule(1_000, () => {
        service.isUp = true;
        service.life = new AbortController();
        record.state(name, 'up');
        if (name === 'orders' && instance !== undefined) instance = startInstance();
      });
    });
  }

  simulation.schedule(durationMs, () => {
    for (const kind of ['unshipped', 'kept', 'unpaid', 'open', 'twice'] as const) record.count(kind, countOf(kind));
  });
}
