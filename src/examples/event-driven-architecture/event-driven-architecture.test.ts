import { describe, expect, test } from 'vitest';
import { on } from './contract.ts';
import type { Envelope, EventType, Occurrence, Reaction, Service, Work } from './contract.ts';
import { Participant } from './event-driven-architecture.ts';
import { Fields } from './fields.ts';
import { flowDiagram, flowProblems } from './flow.ts';
import { MemoryStore } from './memory-store.ts';
import { addressChanged, catalogue, orderCancelled, orderPlaced, parcelSent, paymentDeclined, paymentTaken, shopServices } from './shop.ts';

/** The five services of the shop, each with its own database. Over 5,000 cents a charge is declined. */
function openShop({ leaveOut = [] as string[] } = {}) {
  let ids = 0;
  const charged = new Map<string, number>();
  const letters = new Map<string, string>();
  const occurrences: Occurrence[] = [];
  const services = shopServices({
    charge: async (key, cents) => {
      if (cents > 5_000) return 'declined';
      charged.set(key, cents);
      return 'taken';
    },
    send: async (key, customerId, text) => { letters.set(key, `${customerId}: ${text}`); },
  }).filter(({ name }) => !leaveOut.includes(name));
  const stores = new Map(services.map(({ name }) => [name, new MemoryStore()]));
  const participants = new Map(services.map((service) => [service.name, new Participant(service, stores.get(service.name)!, {
    newId: () => `id-${ids += 1}`, time: () => '2026-11-27T10:00:00Z', onEvent: (occurrence) => occurrences.push(occurrence),
  })]));
  const order = (orderId: string, totalCents = 4_990, customerId = 'ada'): Promise<void> => participants.get('orders')!.act(`request-${orderId}`, (work) =>
    work.announce(orderPlaced, orderId, { orderId, customerId, channel: 'app', totalCents, lines: [{ sku: 'mug', quantity: 2 }] }));
  const move = (customerId: string, street: string): Promise<void> => participants.get('accounts')!.act(`form-${street}`, (work) =>
    work.announce(addressChanged, customerId, { customerId, street }));
  /** Takes what waits in the outboxes, without sending it. */
  const take = (): Envelope[] => [...stores.values()].flatMap((store) => store.outbox.slice().map((event) => {
    store.sent(event);
    return event;
  }));
  const deliver = async (event: Envelope, to = [...participants.keys()]): Promise<void> => {
    for (const name of to) await participants.get(name)!.receive(event);
  };
  /** Until nothing is under way. @returns all that was sent, in order */
  const settle = async (): Promise<Envelope[]> => {
    const sent: Envelope[] = [];
    for (let events = take(); events.length > 0; events = take()) {
      for (const event of events) await deliver(event);
      sent.push(...events);
    }
    return sent;
  };
  return { services, stores, participants, charged, letters, occurrences, order, move, take, deliver, settle };
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(() => expect.fail('resolved'), (error: unknown) => error);
}

/** Mulberry32, for orders of delivery that can be repeated. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const event = (over: Partial<Envelope> = {}): Envelope => ({
  specversion: '1.0', id: 'id-900', source: 'orders', type: 'orders.order-placed.v1', subject: '42', subjectversion: 1,
  time: '2026-11-27T10:00:00Z', datacontenttype: 'application/json', correlationid: 'request-42',
  data: { orderId: '42', customerId: 'ada', totalCents: 4_990, lines: [] }, ...over,
});

describe('the shop', () => {
  test('an order is paid, sent and told, and orders has called nobody', async () => {
    const { order, move, settle, letters, charged } = openShop();
    await move('ada', '1 Analytical Row');
    await order('42');
    expect((await settle()).map(({ type }) => type)).toEqual([
      'accounts.address-changed.v1', 'orders.order-placed.v1', 'payments.payment-taken.v1', 'shipping.parcel-sent.v1',
    ]);
    expect([...letters.values()]).toEqual(['ada: Thank you for order 42', 'ada: Order 42 is on its way to 1 Analytical Row']);
    expect(charged).toEqual(new Map([['42', 4_990]]));
  });

  test('a declined payment cancels the order, and no parcel leaves', async () => {
    const { order, move, settle, letters } = openShop();
    await move('ada', '1 Analytical Row');
    await order('43', 9_900);
    expect((await settle()).map(({ type }) => type)).toEqual([
      'accounts.address-changed.v1', 'orders.order-placed.v1', 'payments.payment-declined.v1', 'orders.order-cancelled.v1',
    ]);
    expect([...letters.values()]).toEqual(['ada: Thank you for order 43', 'ada: Order 43 is cancelled']);
  });

  test('a service that is taken out is missed by no other', async () => {
    const { order, move, settle, letters } = openShop({ leaveOut: ['notifications'] });
    await move('ada', '1 Analytical Row');
    await order('42');
    expect((await settle()).at(-1)).toMatchObject({ type: 'shipping.parcel-sent.v1' });
    expect(letters.size).toBe(0);
  });

  test('each event names its cause and what all of it began with', async () => {
    const { order, move, settle } = openShop();
    await move('ada', '1 Analytical Row');
    await order('42');
    const [, placed, taken, sent] = await settle();
    expect(placed).not.toHaveProperty('causationid');
    expect([placed, taken, sent].map((each) => each!.correlationid)).toEqual(['request-42', 'request-42', 'request-42']);
    expect([taken!.causationid, sent!.causationid]).toEqual([placed!.id, taken!.id]);
  });

  test('the facts of one source about one subject are numbered', async () => {
    const { order, move, take, settle } = openShop();
    await move('ada', '1 Analytical Row');
    await move('ada', '2 Difference Street');
    await move('bob', '3 Turing Close');
    expect(take().map(({ subject, subjectversion }) => [subject, subjectversion])).toEqual([['ada', 1], ['ada', 2], ['bob', 1]]);
    await order('43', 9_900);
    expect((await settle()).map(({ source, subjectversion }) => [source, subjectversion])).toEqual([['orders', 1], ['payments', 1], ['orders', 2]]);
  });
});

describe('delivery that is late, repeated and in any order', () => {
  test('ends in the same letters, charges and addresses, 300 times', async () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const random = randomFrom(seed);
      const { order, move, take, deliver, participants, charged, letters, stores } = openShop();
      await move('ada', '1 Analytical Row');
      await order('42');
      await order('43', 9_900);
      await move('ada', '2 Difference Street');
      const waiting: [event: Envelope, to: string][] = [];
      const collect = (): void => {
        for (const each of take()) {
          for (const name of participants.keys()) waiting.push([each, name], ...(random() < 0.3 ? [[each, name] as [Envelope, string]] : []));
        }
      };
      for (collect(); waiting.length > 0; collect()) {
        const [[each, name]] = waiting.splice(Math.floor(random() * waiting.length), 1) as [[Envelope, string]];
        await deliver(each, [name]);
      }
      expect(charged, `seed ${seed}`).toEqual(new Map([['42', 4_990]]));
      expect([...letters.values()].map((letter) => letter.replace(/to .*/, 'to …')).sort(), `seed ${seed}`).toEqual([
        'ada: Order 42 is on its way to …', 'ada: Order 43 is cancelled', 'ada: Thank you for order 42', 'ada: Thank you for order 43',
      ]);
      expect(stores.get('shipping')!.kept('customer ada'), `seed ${seed}`).toMatchObject({ version: 2, street: '2 Difference Street', waiting: [] });
    }
  });

  test('shipping waits for an order that is paid before it is known, and for an address', async () => {
    const { order, move, take, deliver, stores } = openShop();
    await order('42');
    const [placed] = take();
    await deliver(placed!, ['payments']);
    const [taken] = take();
    await deliver(taken!, ['shipping']);
    await deliver(placed!, ['shipping']);
    expect(stores.get('shipping')!.outbox).toEqual([]);
    await move('ada', '1 Analytical Row');
    const [moved] = take();
    await deliver(moved!, ['shipping']);
    expect(take()).toMatchObject([{ type: 'shipping.parcel-sent.v1', causationid: moved!.id, data: { street: '1 Analytical Row' } }]);
  });

  test('an older address that comes late changes nothing', async () => {
    const { move, take, deliver, stores } = openShop();
    await move('ada', '1 Analytical Row');
    await move('ada', '2 Difference Street');
    const [first, second] = take();
    await deliver(second!, ['shipping']);
    await deliver(first!, ['shipping']);
    expect(stores.get('shipping')!.kept('customer ada')).toMatchObject({ street: '2 Difference Street' });
  });

  test('a repeat is told and announces nothing', async () => {
    const { order, take, deliver, stores, occurrences } = openShop();
    await order('42');
    const [placed] = take();
    await deliver(placed!, ['payments']);
    await deliver(placed!, ['payments']);
    expect(stores.get('payments')!.outbox).toHaveLength(1);
    expect(occurrences.filter(({ service }) => service === 'payments').map(({ happened }) => happened)).toEqual(['announced', 'reacted', 'repeated']);
  });

  test('two deliveries of one event at the same time charge once', async () => {
    const { order, take, participants, stores } = openShop();
    await order('42');
    const [placed] = take();
    await Promise.all([participants.get('payments')!.receive(placed!), participants.get('payments')!.receive(placed!)]);
    expect(stores.get('payments')!.outbox).toHaveLength(1);
  });

  test('the same number from another source is another event', async () => {
    const { deliver, stores } = openShop();
    await deliver(event({ source: 'orders' }), ['payments']);
    await deliver(event({ source: 'orders-eu' }), ['payments']);
    expect(stores.get('payments')!.outbox).toHaveLength(2);
  });
});

describe('a reaction that fails', () => {
  function failing(react: Reaction['react']) {
    const store = new MemoryStore();
    const occurrences: Occurrence[] = [];
    const service: Service = { name: 'payments', announces: [], reactions: [on(orderPlaced, [paymentTaken], react)] };
    const payments = new Participant(service, store, { newId: () => 'id-1', time: () => '2026-11-27T10:00:00Z', onEvent: (occurrence) => occurrences.push(occurrence) });
    return { store, occurrences, payments };
  }

  test('leaves nothing behind: not the mark, not the change, not the announcement', async () => {
    let isDown = true;
    const { store, occurrences, payments } = failing(async (_, work) => {
      work.put('tries', 1);
      await work.announce(paymentTaken, '42', { orderId: '42', customerId: 'ada' });
      if (isDown) throw new Error('bank: connection refused');
    });
    expect(await rejection(payments.receive(event()))).toMatchObject({ message: 'bank: connection refused' });
    expect([store.kept('tries'), store.outbox.length, occurrences.length]).toEqual([undefined, 0, 0]);
    isDown = false;
    await payments.receive(event());
    expect([store.kept('tries'), store.outbox.length]).toEqual([1, 1]);
    expect(occurrences.map(({ happened }) => happened)).toEqual(['announced', 'reacted']);
  });

  test('sees what it has kept itself, and cannot change it behind the back of the store', async () => {
    const { store, payments } = failing(async (_, work) => {
      const list = ['a'];
      work.put('list', list);
      list.push('b');
      (await work.get<string[]>('list'))!.push('c');
      work.put('seen', await work.get('list'));
    });
    await payments.receive(event());
    expect(store.kept('seen')).toEqual(['a']);
  });

  test('a process that is ending takes no more, and a reaction is told', async () => {
    const process = new AbortController();
    const signals: AbortSignal[] = [];
    const { store, payments } = failing(async (_, { signal }) => { signals.push(signal); });
    await payments.receive(event(), process.signal);
    process.abort(new Error('shutting down'));
    expect(signals).toEqual([process.signal]);
    expect(await rejection(payments.receive(event({ id: 'id-901' }), process.signal))).toMatchObject({ message: 'shutting down' });
    expect(await rejection(payments.act('request-1', async () => {}, process.signal))).toMatchObject({ message: 'shutting down' });
    expect(store.outbox).toEqual([]);
  });
});

describe('a tolerant reader', () => {
  const seen: unknown[] = [];
  const store = new MemoryStore();
  const occurrences: Occurrence[] = [];
  const reader = new Participant({ name: 'search', announces: [], reactions: [on(orderPlaced, [], async ({ data }) => { seen.push(data); })] }, store, {
    newId: () => '', time: () => '', onEvent: (occurrence) => occurrences.push(occurrence),
  });

  test('ignores fields and values that came after it was written, and fills in those that came after the event', async () => {
    await reader.receive(event({ id: 'first revision' }));
    await reader.receive(event({ id: 'now', data: { orderId: '44', customerId: 'ada', totalCents: 1, lines: [{ sku: 'mug', quantity: 1, gift: true }], channel: 'web' } }));
    await reader.receive(event({ id: 'later', data: { orderId: '45', customerId: 'ada', totalCents: 1, lines: [], channel: 'kiosk', voucher: { code: 'X' } } }));
    expect(seen).toEqual([
      { orderId: '42', customerId: 'ada', totalCents: 4_990, lines: [], channel: 'other' },
      { orderId: '44', customerId: 'ada', totalCents: 1, lines: [{ sku: 'mug', quantity: 1 }], channel: 'web' },
      { orderId: '45', customerId: 'ada', totalCents: 1, lines: [], channel: 'other' },
    ]);
  });

  test('ignores kinds of events that it does not know, new versions among them', async () => {
    await reader.receive(event({ id: 'next', type: 'orders.order-placed.v2', data: 'whatever' }));
    expect(occurrences.at(-1)).toMatchObject({ happened: 'ignored', event: { id: 'next' } });
  });

  test('says what is missing, and does not take the event for handled', async () => {
    const broken = event({ id: 'broken', data: { orderId: '46', totalCents: 1, lines: [] } });
    expect(await rejection(reader.receive(broken))).toMatchObject({ name: 'UnreadableEventError', message: "'orders.order-placed.v1.customerId' must be a text: current value is undefined" });
    expect(occurrences.at(-1)).toMatchObject({ service: 'search', happened: 'unreadable', event: { id: 'broken' } });
  });

  test('takes no text for a number, no half piece and no list for an object', () => {
    const read = (data: unknown) => () => orderPlaced.read(new Fields('order', data));
    const order = { orderId: '42', customerId: 'ada', totalCents: 1, lines: [] };
    expect(read({ ...order, totalCents: '1' })).toThrow("'order.totalCents' must be a whole number from 0: current value is \"1\"");
    expect(read({ ...order, totalCents: 0.5 })).toThrow('current value is 0.5');
    expect(read({ ...order, totalCents: -1 })).toThrow('current value is -1');
    expect(read({ ...order, orderId: '' })).toThrow("'order.orderId' must be a text");
    expect(read({ ...order, lines: {} })).toThrow("'order.lines' must be a list: current value is {}");
    expect(read({ ...order, lines: [{ sku: 'mug', quantity: 1 }, null] })).toThrow("'order.lines[1]' must be an object: current value is null");
    expect(read([])).toThrow("'order' must be an object: current value is []");
    expect(read('order')).toThrow("'order' must be an object");
  });

  test('a mistake in the reader itself is not taken for a broken event', async () => {
    const faulty: EventType<string> = { ...orderPlaced, read: () => { throw new TypeError('undefined is not a function'); } };
    const told: Occurrence[] = [];
    const service = new Participant({ name: 'search', announces: [], reactions: [on(faulty, [], async () => {})] }, store, { newId: () => '', time: () => '', onEvent: (each) => told.push(each) });
    expect(await rejection(service.receive(event({ id: 'any' })))).toMatchObject({ name: 'TypeError' });
    expect(told).toEqual([]);
  });
});

describe('what may be announced', () => {
  async function announcing(act: (work: Work) => Promise<void>, service = openShop().services.find(({ name }) => name === 'orders')!): Promise<unknown> {
    return rejection(new Participant(service, new MemoryStore(), { newId: () => 'id-1', time: () => '' }).act('request-1', act));
  }

  test('nothing that is not declared for this occasion', async () => {
    expect(await announcing((work) => work.announce(orderCancelled, '42', { orderId: '42', customerId: 'ada' }))).toMatchObject({
      name: 'UndeclaredEventError', message: "'orders' has not declared that it announces 'orders.order-cancelled.v1' here: expected one of orders.order-placed.v1",
    });
    expect(await announcing((work) => work.announce(orderPlaced, '42', {} as never), { name: 'orders', announces: [], reactions: [] })).toMatchObject({ message: expect.stringContaining('expected one of none') as string });
  });

  test('nothing that belongs to another service, declared or not', async () => {
    const impostor = { name: 'fraud', announces: [paymentDeclined], reactions: [] };
    expect(await announcing((work) => work.announce(paymentDeclined, '42', { orderId: '42', customerId: 'ada' }), impostor)).toMatchObject({ name: 'UndeclaredEventError' });
  });

  test('nothing that its readers could not read', async () => {
    expect(await announcing((work) => work.announce(orderPlaced, '42', { orderId: '42' } as never))).toMatchObject({
      name: 'UndeclaredEventError', message: "'orders' has not declared data like this: 'orders.order-placed.v1.customerId' must be a text: current value is undefined",
    });
    const faulty: EventType<unknown> = { ...orderPlaced, read: () => { throw new TypeError('undefined is not a function'); } };
    expect(await announcing((work) => work.announce(faulty, '42', {}), { name: 'orders', announces: [faulty], reactions: [] })).toMatchObject({ name: 'TypeError' });
  });

  test('and an announcement that cannot be read does not make the event unreadable that led to it', async () => {
    const told: Occurrence[] = [];
    const service: Service = { name: 'payments', announces: [], reactions: [on(orderPlaced, [paymentTaken], (_, work) => work.announce(paymentTaken, '42', { orderId: '42' } as never))] };
    const payments = new Participant(service, new MemoryStore(), { newId: () => 'id-1', time: () => '', onEvent: (each) => told.push(each) });
    expect(await rejection(payments.receive(event()))).toMatchObject({ name: 'UndeclaredEventError' });
    expect(told).toEqual([]);
  });

  test('a second reaction to one kind of event is refused, since only one would run', () => {
    const twice: Service = { name: 'search', announces: [], reactions: [on(orderPlaced, [], async () => {}), on(orderPlaced, [], async () => {})] };
    expect(() => new Participant(twice, new MemoryStore(), { newId: () => '', time: () => '' })).toThrow("'search' must react once to each kind of event: found orders.order-placed.v1, orders.order-placed.v1");
  });

  test('with or without somebody who is told', async () => {
    const store = new MemoryStore();
    const accounts = new Participant({ name: 'accounts', announces: [addressChanged], reactions: [] }, store, { newId: () => 'id-1', time: () => '' });
    await accounts.act('form-1', (work) => work.announce(addressChanged, 'ada', { customerId: 'ada', street: '1 Analytical Row' }));
    expect(store.outbox).toMatchObject([{ id: 'id-1', source: 'accounts' }]);
  });

  test('no field that the type does not promise', async () => {
    const { participants, take } = openShop();
    await participants.get('accounts')!.act('form-1', (work) => work.announce(addressChanged, 'ada', { customerId: 'ada', street: '1 Analytical Row', password: 'lovelace' } as never));
    expect(take()[0]!.data).toEqual({ customerId: 'ada', street: '1 Analytical Row' });
  });
});

describe('the flow as declared', () => {
  const { services } = openShop();
  const replaced = (name: string, by: Partial<Service>): Service[] => services.map((service) => service.name === name ? { ...service, ...by } : service);

  test('is whole: each event has one owner who announces it and somebody who reacts, and none goes in a circle', () => {
    expect(flowProblems(catalogue, services)).toEqual([]);
  });

  test('can be drawn', () => {
    expect(flowDiagram(services)).toEqual([
      'accounts -->|address changed| shipping',
      'orders -->|order cancelled| notifications',
      'orders -->|order placed| notifications',
      'orders -->|order placed| payments',
      'orders -->|order placed| shipping',
      'payments -->|payment declined| orders',
      'payments -->|payment taken| shipping',
      'shipping -->|parcel sent| notifications',
    ]);
  });

  test('a circle is found, however long, and told once', () => {
    const loyalty: Service = { name: 'loyalty', announces: [], reactions: [on(parcelSent, [giftOrdered], async () => {})] };
    const orders = services.find(({ name }) => name === 'orders')!;
    const circling = [...replaced('orders', { reactions: [...orders.reactions, on(giftOrdered, [orderPlaced], async () => {})] }), loyalty];
    expect(flowProblems([...catalogue, giftOrdered], circling)).toEqual([
      'events go in a circle: loyalty.gift-ordered.v1 → orders.order-placed.v1 → payments.payment-taken.v1 → shipping.parcel-sent.v1 → loyalty.gift-ordered.v1',
      'events go in a circle: loyalty.gift-ordered.v1 → orders.order-placed.v1 → shipping.parcel-sent.v1 → loyalty.gift-ordered.v1',
    ]);
  });

  test('an event that causes itself is a circle', () => {
    const accounts = { reactions: [on(addressChanged, [addressChanged], async () => {})] };
    expect(flowProblems(catalogue, replaced('accounts', accounts))).toEqual(['events go in a circle: accounts.address-changed.v1 → accounts.address-changed.v1']);
  });

  test('an event without a reader is found, unless its reader stands outside', () => {
    expect(flowProblems(catalogue, replaced('notifications', { reactions: [] }))).toEqual(["nobody reacts to 'orders.order-cancelled.v1'", "nobody reacts to 'shipping.parcel-sent.v1'"]);
  });

  test('an event that nobody announces is found, and one that another announces', () => {
    expect(flowProblems(catalogue, replaced('accounts', { announces: [] }))).toEqual(["nobody announces 'accounts.address-changed.v1'"]);
    expect(flowProblems(catalogue, [...services, { name: 'import', announces: [addressChanged], reactions: [] }])).toEqual(["import announces 'accounts.address-changed.v1', which belongs to accounts"]);
  });

  test('an event outside the catalogue is found where it is announced and where it is read', () => {
    expect(flowProblems(catalogue.filter((type) => type !== addressChanged), services)).toEqual([
      "accounts uses 'accounts.address-changed.v1', which is not in the catalogue", "shipping uses 'accounts.address-changed.v1', which is not in the catalogue",
    ]);
  });

  test('names are held: owner first, version last, each once', () => {
    const misnamed: EventType<unknown>[] = [{ ...giftOrdered, type: 'loyalty.SendGift' }, { ...giftOrdered, type: 'orders.gift-ordered.v1' }];
    const loyalty: Service = { name: 'loyalty', announces: misnamed, reactions: [] };
    expect(flowProblems([...catalogue, ...misnamed], [...services, loyalty])).toEqual([
      "'loyalty.SendGift' must be named 'loyalty.what-happened.v1'", "'orders.gift-ordered.v1' must be named 'loyalty.what-happened.v1'",
    ]);
    expect(flowProblems([...catalogue, orderPlaced], services)).toEqual(["'orders.order-placed.v1' stands in the catalogue twice"]);
    expect(flowProblems(catalogue, [...services, { name: 'orders', announces: [], reactions: [] }])).toEqual(["two services are called 'orders'"]);
    const twice = { reactions: [...services[1]!.reactions, ...services[1]!.reactions] };
    expect(flowProblems(catalogue, replaced('orders', twice))).toEqual(["orders reacts twice to 'payments.payment-declined.v1'"]);
  });
});

describe('the store in memory', () => {
  test('forgets the oldest events beyond its bound', async () => {
    const store = new MemoryStore(2);
    const remember = (name: string): Promise<boolean> => store.transaction((transaction) => transaction.remember(name));
    expect([await remember('a'), await remember('b'), await remember('c')]).toEqual([true, true, true]);
    expect([await remember('b'), await remember('c'), await remember('a')]).toEqual([false, false, true]);
  });
});

const giftOrdered: EventType<unknown> = { type: 'loyalty.gift-ordered.v1', owner: 'loyalty', outside: 'marketing', read: (data) => ({ orderId: data.text('orderId') }) };
