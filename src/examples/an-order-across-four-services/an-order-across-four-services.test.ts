import { PGlite } from '@electric-sql/pglite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { Tracer } from '../distributed-tracing/distributed-tracing.ts';
import type { Span } from '../distributed-tracing/distributed-tracing.ts';
import { StepRefusedError } from '../saga/contract.ts';
import type { Database, SagaEvent, Send } from '../saga/contract.ts';
import { orderSchema } from '../saga/place-order.ts';
import type { Order, Participants } from '../saga/place-order.ts';
import { participantSchema, sagaSchema } from '../saga/schema.ts';
import { participants, shopSchema } from '../saga/shop.ts';
import { outboxSchema } from '../transactional-outbox/schema.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { orderSaga, OrdersService } from './an-order-across-four-services.ts';
import type { OrdersOptions, Placed } from './an-order-across-four-services.ts';
import { placeInChain, placeInTryBlock } from './chain.ts';
import { once, takeMoney, takingsSchema } from './inbox.ts';
import type { Message } from './inbox.ts';
import { followCommand, followMessage, followRequest, followSaga } from './journey.ts';

// A real PostgreSQL with one session, the tables of all four services in it; its now() follows Date.now.
let postgres: PGlite;
const startMs = Date.parse('2030-01-01T00:00:00Z');
let nowMs: number;
beforeAll(async () => {
  postgres = await PGlite.create();
  await postgres.exec(sagaSchema + participantSchema + orderSchema + shopSchema + outboxSchema + takingsSchema);
}, 120_000);
afterAll(() => postgres.close());
beforeEach(async () => {
  nowMs = startMs;
  vi.spyOn(Date, 'now').mockImplementation(() => nowMs);
  lightFuse(Infinity);
  await fillShop();
});
afterEach(() => vi.restoreAllMocks());

const fillShop = () => postgres.exec(`
  truncate saga, saga_step, step_taken, orders, stock, card, payment, parcel, outbox, takings;
  insert into stock values ('kettle', 5); insert into card values ('visa', 10000)`);
const kettle: Order = { item: 'kettle', pieces: 2, card: 'visa', totalCents: 4_200, address: '1 Mill Lane' };
const toPoBox: Order = { ...kettle, address: 'P.O. box 7' };
const live = new AbortController().signal;
/** So long that only a death lets it run out. */
const leaseMs = 100_000_000;

/** Points at which the process dies: it counts them, and once the fuse has burnt down nothing works until the restart. */
let fuse: number;
let hasDied: boolean;
function lightFuse(points: number): void {
  fuse = points;
  hasDied = false;
}
function mayDie(): void {
  fuse -= 1;
  if (fuse >= 0) return;
  hasDied = true;
  throw new Error('the process died');
}

const database: Database = {
  transaction: (work) => postgres.transaction((open) => work({
    query: async <Row>(text: string, parameters: readonly unknown[]) => (await open.query<Row>(text, [...parameters])).rows,
  })),
};
/** The database as orders sees it: the process may die before a commit and after it. */
const ordersDatabase: Database = {
  transaction: async (work) => {
    mayDie();
    const result = await database.transaction(async (open) => {
      const done = await work(open);
      mayDie();
      return done;
    });
    mayDie();
    return result;
  },
};
/** The services as orders calls them: the process may die before it has sent, and before it has the answer. */
function calledBy(services: Participants): Participants {
  const call = (send: Send<Order>): Send<Order> => async (...told) => {
    mayDie();
    try {
      return await send(...told);
    } finally {
      mayDie();
    }
  };
  const { inventory, payments, shipping } = services;
  return {
    inventory: { reserve: call(inventory.reserve), release: call(inventory.release) },
    payments: { authorise: call(payments.authorise), void: call(payments.void), capture: call(payments.capture) },
    shipping: { dispatch: call(shipping.dispatch) },
  };
}
const services = (): Participants => participants(database);

/** What is left of an order everywhere, in one line. Of an order that orders does not know, nothing may be left. */
async function shopAfter(): Promise<string> {
  const { rows } = await postgres.query<{ said: string }>(`
    select concat_ws(', ', coalesce((select state from orders), 'no order'), (select free from stock) || ' kettles', (select free_cents from card) || ' cents',
           coalesce((select state from payment), 'no payment'), (select count(*) from parcel) || ' parcels', (select count(*) from takings) || ' takings') as said`);
  return rows[0]!.said;
}
const isUndone = (said: string): boolean => /^(no order|cancelled), 5 kettles, 10000 cents, (no payment|voided), 0 parcels/.test(said);
const isDone = (said: string): boolean => /^confirmed, 3 kettles, 5800 cents, captured, 1 parcels, 1 takings$/.test(said);

/** Lets `place` die at every point of each order. @returns how many points there were, and what was left where it was neither done nor undone */
async function dieEverywhere(place: (order: Order) => Promise<unknown>, isWhole: (said: string) => boolean, orders = [kettle, toPoBox]): Promise<{ points: number; halves: string[] }> {
  const halves: string[] = [];
  let points = 0;
  for (const order of orders) {
    for (let at = 0; ; at += 1) {
      await fillShop();
      nowMs = startMs;
      lightFuse(at);
      await place(order).catch(() => {});
      if (!hasDied) break;
      points += 1;
      const said = await shopAfter();
      if (!isWhole(said)) halves.push(said);
    }
  }
  return { points, halves };
}
/** By calls alone the order stands in no table of orders: as long as the process lives, its answer is what the customer knows. */
const byCalls = (said: string): boolean => isUndone(said) || said === 'no order, 3 kettles, 5800 cents, captured, 1 parcels, 0 takings';

describe('step 1: calls', () => {
  test('a chain leaves a customer who has paid and gets nothing, without any fault, when shipping refuses', async () => {
    await expect(placeInChain(services(), 'o1', toPoBox, live)).rejects.toThrow(StepRefusedError);
    expect(await shopAfter()).toBe('no order, 3 kettles, 5800 cents, captured, 0 parcels, 0 takings');
  });

  test('in a better order and with a catch, a refusal leaves nothing behind', async () => {
    await expect(placeInTryBlock(services(), 'o1', toPoBox, live)).rejects.toThrow(StepRefusedError);
    expect(isUndone(await shopAfter())).toBe(true);
    await fillShop();
    await placeInTryBlock(services(), 'o1', kettle, live);
    expect(await shopAfter()).toBe('no order, 3 kettles, 5800 cents, captured, 1 parcels, 0 takings');
  });

  test('a lost answer is read as a no: the parcel is on its way, and money and stock are given back', async () => {
    const real = services();
    const losing = { ...real, shipping: { dispatch: async (...told: Parameters<Send<Order>>) => {
      await real.shipping.dispatch(...told);
      throw new Error('socket hang up');
    } } };
    await expect(placeInTryBlock(losing, 'o1', kettle, live)).rejects.toThrow('hang up');
    expect(await shopAfter()).toBe('no order, 5 kettles, 10000 cents, voided, 1 parcels, 0 takings');
  });

  test('where the process may die, both leave half an order nearly everywhere', async () => {
    const chain = await dieEverywhere((order) => placeInChain(calledBy(services()), 'o1', order, live), byCalls);
    const careful = await dieEverywhere((order) => placeInTryBlock(calledBy(services()), 'o1', order, live), byCalls);
    expect({ chain: [chain.points, chain.halves.length], careful: [careful.points, careful.halves.length] }).toEqual({ chain: [16, 13], careful: [18, 14] });
  });
});

/** Orders and its neighbours. What it publishes comes to payments a little later, as the database has one session only. */
function setUp({ shop = services(), heard = (message: Message): Promise<unknown> => once(database, 'payments', message, takeMoney), follow = orderSaga }: { shop?: Participants; heard?: (message: Message) => Promise<unknown>; follow?: typeof orderSaga } = {}) {
  const clock = Object.assign(new VirtualClock(), { now: () => nowMs });
  const messages: Message[] = [];
  const unheard: Message[] = [];
  const publish = async (message: Message): Promise<void> => {
    mayDie();
    messages.push(message);
    unheard.push(message);
    mayDie();
  };
  const start = () => new OrdersService(ordersDatabase, follow(calledBy(shop)), publish, { clock, random: () => 1, saga: { pollMs: 100, stepTimeoutMs: leaseMs / 2, leaseMs }, relay: { pollMs: 100, publishTimeoutMs: leaseMs / 2 } });
  /** Runs an instance until nothing is left to do, or it has died. */
  const settle = async (service = start()): Promise<void> => {
    const stop = new AbortController();
    const running = service.run(stop.signal);
    for (let turn = 0, left = 1; turn < 400 && left > 0 && !hasDied; turn += 1) {
      nowMs += 1_000;
      await clock.advance(100);
      for (const message of unheard.splice(0)) await heard(message);
      left = (await postgres.query<{ left: number }>('select ((select count(*) from saga where ended_at is null) + (select count(*) from outbox where published_at is null))::integer as left')).rows[0]!.left;
    }
    stop.abort();
    await running;
    for (const message of unheard.splice(0)) await heard(message);
  };
  /** Places the order and sees it through; where the process dies, another one takes over. */
  const seeThrough = async (order: Order): Promise<void> => {
    const service = start();
    await service.place('o1', { ...order, headers: {} }).catch(() => {});
    if (!hasDied) await settle(service);
    if (!hasDied) return;
    lightFuse(Infinity);
    nowMs += 2 * leaseMs;
    await settle();
    hasDied = true;
  };
  return { clock, messages, start, settle, seeThrough };
}
const placed: Placed = { ...kettle, headers: {} };

const isWhole = (said: string): boolean => isUndone(said) || isDone(said);
const noOrder = 'no order, 5 kettles, 10000 cents, no payment, 0 parcels, 0 takings';

describe('step 2: a saga', () => {
  test('an order goes through; payments takes the money when it hears of it', async () => {
    const { start, settle, messages } = setUp();
    const service = start();
    expect(await service.place('o1', placed)).toBe('completed');
    expect(await shopAfter()).toBe('confirmed, 3 kettles, 5800 cents, held, 1 parcels, 0 takings');
    await settle(service);
    expect(await shopAfter()).toBe('confirmed, 3 kettles, 5800 cents, captured, 1 parcels, 1 takings');
    expect(messages.map(({ key, type, payload }) => ({ key, type, payload }))).toEqual([{ key: 'o1', type: 'OrderConfirmed', payload: { totalCents: 4_200 } }]);
  });

  test('a refusal at the point of no return takes money and stock back, and says that the order is cancelled', async () => {
    const { start, settle, messages } = setUp();
    const service = start();
    expect(await service.place('o1', { ...toPoBox, headers: {} })).toBe('compensated');
    await settle(service);
    expect(await shopAfter()).toBe('cancelled, 5 kettles, 10000 cents, voided, 0 parcels, 0 takings');
    expect(messages.map(({ type }) => type)).toEqual(['OrderCancelled']);
  });

  test('once the order is committed, a database that fails does not turn it into an error; another instance goes on', async () => {
    const { settle } = setUp();
    const events: SagaEvent[] = [];
    const failsAfter = (commits: number): Database => ({ transaction: (work) => (commits-- > 0 ? database.transaction(work) : Promise.reject(new Error('connection lost'))) });
    const serve = (own: Database, options?: OrdersOptions): OrdersService => new OrdersService(own, orderSaga(services()), async () => {}, options);
    await expect(serve(failsAfter(0)).place('o1', placed)).rejects.toThrow('connection lost');
    expect(await serve(failsAfter(1), { saga: { onEvent: (event) => events.push(event) } }).place('o1', placed)).toBeUndefined();
    expect(events).toMatchObject([{ type: 'broken', saga: 'o1', error: { message: 'connection lost' } }]);
    await settle();
    expect(isDone(await shopAfter())).toBe(true);
    expect(await serve(failsAfter(1)).place('o2', placed)).toBeUndefined();
  });

  test('a second order of the same id is none', async () => {
    const { start, settle } = setUp();
    const service = start();
    await service.place('o1', placed);
    await expect(service.place('o1', { ...placed, pieces: 3 })).rejects.toThrow('duplicate key');
    await settle(service);
    expect(isDone(await shopAfter())).toBe(true);
  });

  test('a lost answer is asked for again, and the parcel goes out once', async () => {
    const real = services();
    let lost = 0;
    const { seeThrough } = setUp({ shop: { ...real, shipping: { dispatch: async (...told) => {
      await real.shipping.dispatch(...told);
      lost += 1;
      if (lost === 1) throw new Error('socket hang up');
    } } } });
    await seeThrough(kettle);
    expect(lost).toBe(2);
    expect(isDone(await shopAfter())).toBe(true);
  });

  test('wrong elsewhere: what is published after the commit gets lost in between', async () => {
    const { start } = setUp();
    expect(await start().place('o1', placed)).toBe('completed');
    // Here the process dies; without the row in the outbox nobody knows that there is something to say.
    await postgres.exec('delete from outbox');
    const { settle } = setUp();
    await settle();
    expect(await shopAfter()).toBe('confirmed, 3 kettles, 5800 cents, held, 1 parcels, 0 takings');
  });
});

describe('steps 3 and 4: outbox and inbox', () => {
  test('the order is whole wherever the process dies, on its way forwards, backwards and to the broker', async () => {
    const { seeThrough } = setUp();
    const { points, halves } = await dieEverywhere(seeThrough, isWhole);
    expect(halves).toEqual([]);
    expect(points).toBeGreaterThan(100);
  }, 120_000);

  test('without the inbox a copy charges a second time', async () => {
    const { seeThrough } = setUp({ heard: (message) => database.transaction((open) => takeMoney(open, message)) });
    const { halves } = await dieEverywhere(seeThrough, isWhole, [kettle]);
    expect(halves).toEqual(Array(2).fill('confirmed, 3 kettles, 5800 cents, captured, 1 parcels, 2 takings'));
  }, 120_000);

  test('an effect that fails leaves the message unhandled', async () => {
    const message: Message = { message: 'm1', key: 'o1', type: 'OrderConfirmed', payload: { totalCents: 1 }, headers: {} };
    await expect(once(database, 'payments', message, () => Promise.reject(new Error('deadlock detected')))).rejects.toThrow('deadlock');
    expect(await once(database, 'payments', message, takeMoney)).toBe(true);
    expect(await once(database, 'payments', message, takeMoney)).toBe(false);
    expect(await shopAfter()).toBe(noOrder.replace('0 takings', '1 takings'));
  });

  test('a refusal leaves it unhandled too: a fact cannot be refused', async () => {
    const message: Message = { message: 'm1', key: 'o1', type: 'OrderConfirmed', payload: { totalCents: 1 }, headers: {} };
    await expect(once(database, 'payments', message, () => Promise.reject(new StepRefusedError('the hold has ended')))).rejects.toThrow('payments, message m1: the hold has ended');
    expect(await once(database, 'payments', message, takeMoney)).toBe(true);
  });

  test('two receivers in one database hear each message once each', async () => {
    const message: Message = { message: 'm1', key: 'o1', type: 'OrderConfirmed', payload: { totalCents: 1 }, headers: {} };
    const heard: string[] = [];
    for (const receiver of ['payments', 'receipts', 'payments']) await once(database, receiver, message, async () => heard.push(receiver));
    expect(heard).toEqual(['payments', 'receipts']);
  });

  test('of an order that was cancelled payments takes nothing', async () => {
    await once(database, 'payments', { message: 'm1', key: 'o1', type: 'OrderCancelled', payload: { totalCents: 1 }, headers: {} }, takeMoney);
    expect(await shopAfter()).toBe(noOrder);
  });
});

describe('step 5: a trace', () => {
  /** All services, each with its tracer, and one collector. */
  function traced() {
    const spans: Span[] = [];
    let seed = 0;
    const tracer = (service: string) => new Tracer({
      service, sampleRatio: 1, clock: new VirtualClock(), clockStartMs: 0, random: () => ((seed += 1) % 256) / 256,
      onEvent: (event) => { if (event.type === 'span-ended') spans.push(event.span); },
    });
    const [orders, payments] = [tracer('orders'), tracer('payments')];
    const at = (service: string, name: string, send: Send<Order>): Send<Order> => followCommand(tracer(service), name, send) as Send<Order>;
    const real = services();
    const shop: Participants = {
      inventory: { reserve: at('inventory', 'reserve', real.inventory.reserve), release: at('inventory', 'release', real.inventory.release) },
      payments: { authorise: at('payments', 'authorise', real.payments.authorise), void: at('payments', 'void', real.payments.void), capture: real.payments.capture },
      shipping: { dispatch: at('shipping', 'dispatch', real.shipping.dispatch) },
    };
    /** The spans as a tree, children in the order in which they ended. */
    const tree = (parentId?: string, indent = ''): string[] => spans.filter((span) => span.parentId === parentId).flatMap((span) =>
      [`${indent}${span.service}: ${span.name}${span.error === undefined ? '' : ` (${span.error})`}`, ...tree(span.spanId, `${indent}  `)]);
    return { orders, payments, shop, spans, tree };
  }

  test('one trace from the click to the charge, with what was asked twice and what came twice', async () => {
    const { orders, payments, shop, spans, tree } = traced();
    let lost = 0;
    const dispatch: Send<Order> = async (...told) => {
      await shop.shipping.dispatch(...told);
      lost += 1;
      if (lost === 1) throw new TypeError('socket hang up');
    };
    const hear = followMessage(payments, (message) => once(database, 'payments', message, takeMoney));
    const { start, settle } = setUp({ shop: { ...shop, shipping: { dispatch } }, follow: (each) => followSaga(orders, orderSaga(each)), heard: async (message) => {
      await hear(message);
      await hear(message);
    } });
    const service = start();
    expect(await followRequest(orders, {}, kettle, (each) => service.place('o1', each))).toBe('waiting');
    await settle(service);
    expect(isDone(await shopAfter())).toBe(true);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(tree()).toEqual([
      'orders: POST /orders',
      '  orders: reserve', '    inventory: reserve',
      '  orders: authorise', '    payments: authorise',
      '  orders: dispatch (TypeError)', '    shipping: dispatch',
      '  orders: dispatch', '    shipping: dispatch',
      '  payments: OrderConfirmed', '  payments: OrderConfirmed',
    ]);
  });

  test('the way back is in it', async () => {
    const { orders, shop, tree } = traced();
    const { start } = setUp({ shop, follow: (each) => followSaga(orders, orderSaga(each)) });
    await followRequest(orders, {}, toPoBox, (each) => start().place('o1', each));
    expect(tree()).toEqual([
      'orders: POST /orders',
      '  orders: reserve', '    inventory: reserve',
      '  orders: authorise', '    payments: authorise',
      '  orders: dispatch (StepRefusedError)', '    shipping: dispatch (StepRefusedError)',
      '  orders: undo authorise', '    payments: void',
      '  orders: undo reserve', '    inventory: release',
    ]);
  });

  test('an order without headers goes through as well, untraced at orders', async () => {
    const { orders, shop, tree } = traced();
    const { seeThrough } = setUp({ shop, follow: (each) => followSaga(orders, orderSaga(each)) });
    await seeThrough(kettle);
    expect(tree()).toEqual(['inventory: reserve', 'payments: authorise', 'shipping: dispatch']);
  });
});
