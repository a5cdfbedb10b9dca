import { PGlite } from '@electric-sql/pglite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { announceOrder, announceOverdue, handle, orderReactions } from './choreography.ts';
import type { OrderEvent, Reaction } from './choreography.ts';
import { StepRefusedError } from './contract.ts';
import type { Database, Transaction } from './contract.ts';
import { orderSchema } from './place-order.ts';
import type { Order } from './place-order.ts';
import { participantSchema } from './schema.ts';
import { effects, reversals, shopSchema } from './shop.ts';

let postgres: PGlite;
let database: Database;
let nowMs: number;
beforeAll(async () => {
  postgres = await PGlite.create();
  await postgres.exec(participantSchema + orderSchema + shopSchema);
  database = {
    transaction: (work) => postgres.transaction((open) => work({
      query: async <Row>(text: string, parameters: readonly unknown[]) => (await open.query<Row>(text, [...parameters])).rows,
    })),
  };
}, 120_000);
afterAll(() => postgres.close());
beforeEach(async () => {
  nowMs = Date.parse('2030-01-01T00:00:00Z');
  vi.spyOn(Date, 'now').mockImplementation(() => nowMs);
  published.length = 0;
  await postgres.exec(`
    truncate step_taken, orders, stock, card, payment, parcel;
    insert into stock values ('kettle', 5); insert into card values ('visa', 10000)`);
});
afterEach(() => vi.restoreAllMocks());

const kettle: Order = { item: 'kettle', pieces: 2, card: 'visa', totalCents: 4_200, address: '1 Mill Lane' };
const reactions = orderReactions(effects, reversals);

/** What the outboxes have sent so far. */
const published: OrderEvent[] = [];
/** One transaction; its events go out if it commits. */
async function commit<Result>(work: (open: Transaction, record: (open: Transaction, event: OrderEvent) => Promise<void>) => Promise<Result>): Promise<Result> {
  const recorded: OrderEvent[] = [];
  const result = await database.transaction((open) => work(open, async (_open, event) => void recorded.push(event)));
  published.push(...recorded);
  return result;
}
const place = (order: Order = kettle) => commit((open, record) => announceOrder(open, 'o1', order, 60_000, record));
const deliver = (event: OrderEvent, reaction: Reaction) => commit((open, record) => handle(open, event, reaction, record));
const listeners = ({ type }: OrderEvent, all = reactions) => all.filter(({ on }) => on.includes(type));
/** The broker: brings each event to all who listen, `copies` times. */
async function run({ from = 0, copies = 1, isLost = () => false }: { from?: number; copies?: number; isLost?: (event: OrderEvent) => boolean } = {}): Promise<void> {
  for (let at = from; at < published.length; at += 1) {
    const event = published[at]!;
    if (isLost(event)) continue;
    for (const reaction of listeners(event)) for (let copy = 0; copy < copies; copy += 1) await deliver(event, reaction);
  }
}
const types = () => published.map(({ type }) => type);
async function shop(): Promise<string> {
  const { rows } = await postgres.query<{ said: string }>(`
    select concat_ws(', ', (select state from orders), (select free from stock) || ' kettles', (select free_cents from card) || ' cents',
           coalesce((select state from payment), 'no payment'), (select count(*) from parcel) || ' parcels') as said`);
  return rows[0]!.said;
}
const allDone = 'confirmed, 3 kettles, 5800 cents, captured, 1 parcels';

describe('the flow', () => {
  test('each service reacts to the one before, and the order is confirmed', async () => {
    await place();
    await run();
    expect([types(), await shop()]).toEqual([['OrderPlaced', 'StockReserved', 'PaymentAuthorised', 'OrderShipped', 'PaymentCaptured'], allDone]);
  });

  test('a refusal by inventory ends it at once', async () => {
    await place({ ...kettle, pieces: 6 });
    await run();
    expect([types(), await shop()]).toEqual([['OrderPlaced', 'StockRefused'], 'cancelled, 5 kettles, 10000 cents, no payment, 0 parcels']);
  });

  test('a refusal by payments releases the stock', async () => {
    await place({ ...kettle, totalCents: 20_000 });
    await run();
    expect([types(), await shop()]).toEqual([['OrderPlaced', 'StockReserved', 'PaymentRefused', 'StockReleased'], 'cancelled, 5 kettles, 10000 cents, no payment, 0 parcels']);
  });

  test('a refusal by shipping goes back the same way, the last first', async () => {
    await place({ ...kettle, address: 'PO box 7' });
    await run();
    expect(types().slice(2)).toEqual(['PaymentAuthorised', 'ShippingRefused', 'PaymentVoided', 'StockReleased']);
    expect(await shop()).toBe('cancelled, 5 kettles, 10000 cents, voided, 0 parcels');
  });

  test('every event names its saga and the event that caused it', async () => {
    await place({ ...kettle, address: 'PO box 7' });
    await run();
    expect(published.map(({ id, saga, causation }) => [id, saga, causation])).toEqual([
      ['o1/OrderPlaced', 'o1', null], ['o1/StockReserved', 'o1', 'o1/OrderPlaced'], ['o1/PaymentAuthorised', 'o1', 'o1/StockReserved'],
      ['o1/ShippingRefused', 'o1', 'o1/PaymentAuthorised'], ['o1/PaymentVoided', 'o1', 'o1/ShippingRefused'], ['o1/StockReleased', 'o1', 'o1/PaymentVoided'],
    ]);
  });

  test('each event twice has the effects and the announcements of one', async () => {
    await place({ ...kettle, address: 'PO box 7' });
    await run({ copies: 2 });
    expect([types().length, await shop()]).toEqual([6, 'cancelled, 5 kettles, 10000 cents, voided, 0 parcels']);
    published.length = 0;
    await postgres.exec('truncate step_taken, orders, payment');
    await place();
    await run({ copies: 2 });
    expect([types().length, await shop()]).toEqual([5, allDone]);
  });

  test('a reaction that fails announces nothing and remembers nothing, so its event can come again', async () => {
    await place();
    const broken = orderReactions({ ...effects, reserve: () => Promise.reject(new Error('deadlock detected')) }, reversals);
    await expect(deliver(published[0]!, listeners(published[0]!, broken)[0]!)).rejects.toThrow('deadlock');
    await run();
    expect(await shop()).toBe(allDone);
  });

  test('no event leads back to itself', async () => {
    const leadsTo = new Map<string, Set<string>>();
    const orders = [kettle, { ...kettle, pieces: 6 }, { ...kettle, totalCents: 20_000 }, { ...kettle, address: 'PO box 7' }];
    for (const [order, isOverdue] of orders.flatMap((each) => [[each, false], [each, true]] as const)) {
      await postgres.exec("truncate step_taken, orders, payment, parcel; update stock set free = 5; update card set free_cents = 10000");
      published.length = 0;
      await place(order);
      if (isOverdue) nowMs += 60_000;
      await commit((open, record) => announceOverdue(open, 60_000, record));
      await run();
      for (const { type, causation } of published) {
        const cause = causation?.split('/')[1] ?? '';
        leadsTo.set(cause, (leadsTo.get(cause) ?? new Set()).add(type));
      }
    }
    const reach = (from: string, seen: string[]): string[][] => [...leadsTo.get(from) ?? []].flatMap((to) => (seen.includes(to) ? [[...seen, to]] : reach(to, [...seen, to])));
    expect([leadsTo.size, reach('', [])]).toEqual([9, []]);
  });
});

describe('the stuck case', () => {
  test('is noticed by its owner, and goes back over services that have done nothing yet', async () => {
    await place();
    await run({ isLost: ({ type }) => type === 'StockReserved' });
    nowMs += 59_999;
    expect(await commit((open, record) => announceOverdue(open, 60_000, record))).toEqual([]);
    nowMs += 1;
    expect(await commit((open, record) => announceOverdue(open, 60_000, record))).toEqual(['o1']);
    await run({ from: 2 });
    expect([types().slice(2), await shop()]).toEqual([['OrderOverdue', 'ShippingRefused', 'PaymentVoided', 'StockReleased'], 'cancelled, 5 kettles, 10000 cents, no payment, 0 parcels']);
  });

  test('a refusal that nobody hears of goes back as well, also where there is nothing to take back', async () => {
    for (const [order, refusal] of [[{ ...kettle, totalCents: 20_000 }, 'PaymentRefused'], [{ ...kettle, pieces: 6 }, 'StockRefused']] as const) {
      await postgres.exec('truncate step_taken, orders');
      published.length = 0;
      await place(order);
      await run({ isLost: ({ type }) => type === refusal });
      expect(types().at(-1)).toBe(refusal);
      nowMs += 60_000;
      await commit((open, record) => announceOverdue(open, 60_000, record));
      await run({ from: published.length - 1 });
      expect([types().slice(-4), await shop()]).toEqual([['OrderOverdue', 'ShippingRefused', 'PaymentVoided', 'StockReleased'], 'cancelled, 5 kettles, 10000 cents, no payment, 0 parcels']);
    }
  });

  test('what was stuck and moves on afterwards meets a tombstone', async () => {
    await place();
    nowMs += 60_000;
    await commit((open, record) => announceOverdue(open, 60_000, record));
    await run({ from: 1 });
    await run();
    expect([types(), await shop()]).toEqual([['OrderPlaced', 'OrderOverdue', 'ShippingRefused', 'PaymentVoided', 'StockReleased'], 'cancelled, 5 kettles, 10000 cents, no payment, 0 parcels']);
  });

  test('behind the point of no return it only goes forwards, and the owner keeps reporting it', async () => {
    await place();
    await run({ isLost: ({ type }) => type === 'OrderShipped' });
    nowMs += 60_000;
    await commit((open, record) => announceOverdue(open, 30_000, record));
    await run({ from: 4 });
    expect(await shop()).toBe('pending, 3 kettles, 5800 cents, held, 1 parcels');
    expect(await commit((open, record) => announceOverdue(open, 30_000, record))).toEqual([]);
    nowMs += 30_000;
    expect(await commit((open, record) => announceOverdue(open, 30_000, record))).toEqual(['o1']);
    await run({ from: 3 });
    expect(await shop()).toBe(allDone);
  });

  test('a payment that would be refused behind it is no end: the broker has to bring the event again', async () => {
    await place();
    const refusing = orderReactions({ ...effects, capture: () => Promise.reject(new StepRefusedError('expired')) }, reversals);
    await run({ isLost: ({ type }) => type === 'OrderShipped' });
    const shipped = published[3]!;
    await expect(deliver(shipped, listeners(shipped, refusing)[0]!)).rejects.toThrow('The payment of order o1 must not be refused any more: expired');
    await run({ from: 3 });
    expect(await shop()).toBe(allDone);
  });
});
