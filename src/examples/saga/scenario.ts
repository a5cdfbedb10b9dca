import { count, defineScenario, duration, plain, poissonArrivals, ServiceDownError, withTimeLimit } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { announceOrder, handle, orderReactions } from './choreography.ts';
import type { OrderEvent } from './choreography.ts';
import { StepRefusedError } from './contract.ts';
import type { Send, Transaction } from './contract.ts';
import { MemoryDatabase } from './memory-database.ts';
import { perform, undo } from './participant.ts';
import { openOrder, placeOrder } from './place-order.ts';
import type { Order } from './place-order.ts';
import { SagaOrchestrator } from './saga.ts';

const names = ['orders', 'inventory', 'payments', 'shipping'] as const;
type Name = (typeof names)[number];
type StepName = 'reserve' | 'authorise' | 'dispatch' | 'capture' | 'release' | 'void';
const ownerOf: Record<StepName, Name> = { reserve: 'inventory', release: 'inventory', authorise: 'payments', void: 'payments', capture: 'payments', dispatch: 'shipping' };
const arrivalsEndMs = 25_000;
const limitMs = 1_000;
const wanted: Order = { item: 'kettle', pieces: 1, card: 'visa', totalCents: 4_200, address: '1 Mill Lane' };

/** Orders go through three services that restart, refuse and lose answers. */
export const scenario = defineScenario({
  title: 'Four services restart by turns, and orders are on their way',
  durationMs: 40_000,
  frameMs: 1_000,
  parameters: {
    orders: { kind: 'number', label: 'Orders', unit: 'per second', min: 1, max: 10, step: 1, default: 4 },
    refusePercent: { kind: 'number', label: 'Shipping refuses', unit: '%', min: 0, max: 50, step: 1, default: 10 },
    lostPercent: { kind: 'number', label: 'Answers that get lost', unit: '%', min: 0, max: 20, step: 1, default: 2 },
    restartSeconds: { kind: 'number', label: 'A service restarts every (0: never)', unit: 's', min: 0, max: 30, step: 1, default: 4 },
    logMs: { kind: 'number', label: 'A transaction of orders takes', unit: 'ms', min: 0, max: 100, step: 1, default: 5 },
    withinMs: { kind: 'number', label: 'Orders must be settled within', unit: 'ms', min: 300, max: 15_000, step: 100, default: 10_000 },
  },
  variants: [{ id: 'without', label: 'calls in a try block' }, { id: 'choreography', label: 'choreographed saga' }, { id: 'orchestration', label: 'orchestrated saga' }],
  charts: [
    { kind: 'sum', series: 'torn', title: 'Orders not settled in time, so far' },
    { kind: 'level', series: 'open', title: 'Orders neither done nor undone', unit: 'orders' },
    { kind: 'duration', series: 'latency', title: 'From order to confirmation, 99 of 100' },
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
    { from: 'inventory', to: 'payments', series: 'payments' },
    { from: 'payments', to: 'shipping', series: 'shipping' },
  ],
  measure: { total: 'settled', label: 'orders all done or all undone in time', better: 'more' },
  tries: [
    { id: 'restarts', title: 'Restarts, refusals, lost answers', settings: {}, notice: 'The try block forgets with its process what it has done: stock stays reserved, money held, and nobody is left to notice. Both sagas settle every order, some of them seconds later.' },
    { id: 'refusals', title: 'Only refusals', settings: { lostPercent: 0, restartSeconds: 0, refusePercent: 30 }, notice: 'While nothing restarts and no answer is lost, a try block takes back as well as a saga. That is why it passes its tests.' },
    { id: 'lost', title: 'Only lost answers', settings: { restartSeconds: 0, refusePercent: 0, lostPercent: 5 }, notice: 'The try block takes silence for a failure: the parcel is on its way, and the order is cancelled. The sagas ask again with the same key.' },
    { id: 'calm', title: 'Nothing fails, and time is short', settings: { lostPercent: 0, restartSeconds: 0, refusePercent: 0, withinMs: 500, logMs: 10 }, hurts: true, notice: 'The log takes eleven transactions an order, the choreography four polls and hops. Where nothing fails, the customer gets the same order, later.' },
  ],
  outcome({ totals }, { withinMs }) {
    const { offered = 0, settled = 0, torn = 0 } = totals;
    return `${plain(settled)} of ${count(offered, 'order')} settled within ${duration(withinMs)}, ${plain(torn)} not; half of the confirmations took up to ${duration(totals['latency.p50'] ?? 0)}.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const services = Object.fromEntries(names.map((name) => [name, { life: new AbortController(), isUp: true, database: new MemoryDatabase(simulation) }]));
  const orders = new Map<string, { startMs: number; found: Record<string, number> }>();
  record.expect('offered', 'settled', 'torn', ...names);
  for (const name of names) record.state(name, 'up');

  /** What an auditor finds of an order in all services. */
  const note = (order: string, what: string): void => {
    const { found } = orders.get(order)!;
    found[what] = (found[what] ?? 0) + 1;
  };
  const isSettled = ({ found: { placed = 0, confirmed = 0, cancelled = 0, reserve = 0, release = 0, authorise = 0, void: voided = 0, dispatch = 0, capture = 0 } }: { found: Record<string, number> }): boolean =>
    [reserve - release, authorise - voided, dispatch, capture].every((left) => left === confirmed) && confirmed + cancelled === placed;
  record.level('open', () => [...orders.values()].filter((order) => !isSettled(order)).length);
  const close = (order: string, state: 'confirmed' | 'cancelled'): void => {
    const { startMs, found } = orders.get(order)!;
    if (found[state] !== undefined) return;
    note(order, state);
    if (state === 'confirmed') record.duration('latency', simulation.now() - startMs);
  };

  const effect = (step: StepName) => async (_own: Transaction, order: string): Promise<void> => {
    if (step === 'dispatch' && simulation.stream('refuse', Number(order)).chance(settings.refusePercent / 100)) throw new StepRefusedError('no carrier');
    note(order, step);
  };
  const attempts: Record<string, number> = {};
  /** A task in the database of a service. The process may end before it, or after it; the answer may get lost. */
  const work = async <Result>(name: Name, task: string, order: string, run: (own: Transaction) => Promise<Result>): Promise<Result> => {
    const { isUp, life: { signal }, database } = services[name]!;
    const attempt = attempts[task + order] = (attempts[task + order] ?? 0) + 1;
    const random = simulation.stream(task, Number(order), attempt);
    record.count(name);
    await simulation.sleep(2);
    if (!isUp) throw new ServiceDownError('connection refused');
    await simulation.sleep(name === 'orders' ? settings.logMs : random.lognormal(80, 0.4), signal);
    const result = await database.connect({ signal }).transaction(run);
    if (random.chance(settings.lostPercent / 100)) {
      await simulation.sleep(limitMs, signal);
      throw new ServiceDownError('no answer');
    }
    return result;
  };

  const inTryBlock = async (order: string): Promise<void> => {
    const { signal } = services['orders']!.life;
    const does = (step: StepName): Promise<void> =>
      withTimeLimit(simulation, limitMs, () => work(ownerOf[step], step, order, (own) => effect(step)(own, order))).finally(() => signal.throwIfAborted());
    const done: StepName[] = [];
    let state: 'confirmed' | 'cancelled' = 'confirmed';
    try {
      await does('reserve');
      done.unshift('release');
      await does('authorise');
      done.unshift('void');
      await does('dispatch');
      await does('capture');
    } catch {
      for (const step of done) await does(step);
      state = 'cancelled';
    }
    await simulation.sleep(settings.logMs, signal);
    note(order, 'placed');
    close(order, state);
  };

  const send = (step: StepName): Send<Order> => async ({ saga, key }) => {
    const { state, result } = await work(ownerOf[step], step, saga, (own) => perform(own, key, () => effect(step)(own, saga)));
    if (state === 'refused') throw new StepRefusedError(String(result));
  };
  const takeBack = (step: StepName): Send<Order> => ({ saga, key }) => work(ownerOf[step], step, saga, (own) => undo(own, key, () => effect(step)(own, saga)));
  const definition = placeOrder({
    inventory: { reserve: send('reserve'), release: takeBack('release') },
    payments: { authorise: send('authorise'), void: takeBack('void'), capture: send('capture') },
    shipping: { dispatch: send('dispatch') },
  });
  const connect = () => services['orders']!.database.connect({ roundTripMs: settings.logMs, signal: services['orders']!.life.signal });
  const end: typeof definition.end = async (own, saga, ...ended) => {
    await definition.end(own, saga, ...ended);
    close(saga, ended[0] === 'completed' ? 'confirmed' : 'cancelled');
  };
  const startInstance = (): SagaOrchestrator<Order> => {
    const orchestrator = new SagaOrchestrator(connect(), { ...definition, end }, {
      stepTimeoutMs: limitMs, leaseMs: 3_000, firstRetryMs: 200, longestRetryMs: 2_000, maxAttempts: 8, pollMs: 1_000,
      clock: simulation, random: simulation.stream('jitter', simulation.now()).next,
    });
    for (let loop = 0; loop < 2; loop++) simulation.spawn(() => orchestrator.run(services['orders']!.life.signal));
    return orchestrator;
  };
  let instance = variant === 'orchestration' ? startInstance() : undefined;
  const orchestrated = async (order: string): Promise<void> => {
    await connect().transaction(async (own) => {
      await openOrder(own, order, wanted);
      await instance!.start(own, order, wanted);
      note(order, 'placed');
    });
    await instance!.proceed(order);
  };

  const reactions = orderReactions(
    { reserve: effect('reserve'), authorise: effect('authorise'), dispatch: effect('dispatch'), capture: effect('capture') },
    { release: effect('release'), void: effect('void') },
  );
  /** Outbox and broker: the event comes again until the service has said that it is done. */
  const publish = async (_own: Transaction, event: OrderEvent): Promise<void> => {
    for (const reaction of reactions.filter(({ on }) => on.includes(event.type))) {
      simulation.spawn(async () => {
        const deliver = (): Promise<void> => work(reaction.service, event.type, event.saga, async (own) => {
          await handle(own, event, reaction, publish);
          if (reaction.service === 'orders') close(event.saga, event.type === 'PaymentCaptured' ? 'confirmed' : 'cancelled');
        });
        const poll = simulation.stream(`poll ${event.type}`, Number(event.saga));
        do await simulation.sleep(poll.uniform(5, 45)); while (!(await deliver().then(() => true, () => simulation.sleep(500).then(() => false))));
      });
    }
  };
  const choreographed = (order: string): Promise<void> => connect().transaction(async (own) => {
    await announceOrder(own, order, wanted, 60_000, publish);
    note(order, 'placed');
  });
  const place = { without: inTryBlock, choreography: choreographed, orchestration: orchestrated }[variant]!;

  poissonArrivals(simulation, settings.orders, (number) => {
    if (simulation.now() > arrivalsEndMs) return;
    const order = String(number);
    record.count('offered');
    orders.set(order, { startMs: simulation.now(), found: {} });
    simulation.schedule(settings.withinMs, () => record.count(isSettled(orders.get(order)!) ? 'settled' : 'torn'));
    // Whoever meets a closed shop has no order, so nothing is torn.
    if (services['orders']!.isUp) simulation.spawn(() => place(order).catch(() => {}));
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
}
