import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { closeDatabase, provision } from '../database-per-service/database-per-service.ts';
import type { Database } from '../self-contained-service/contract.ts';
import { copySchema } from '../self-contained-service/schema.ts';
import { outboxSchema } from '../transactional-outbox/schema.ts';
import { OutboxRelay, recordEvent } from '../transactional-outbox/transactional-outbox.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { catalogueOf, moveOwnershipBetween } from './cut-over.ts';
import type { Rule } from './cut-over.ts';
import { handOver, NotOwnerError, owns, ownershipSchema, receive, tell } from './ownership.ts';
import type { Message, Side } from './ownership.ts';
import { Move, steps } from './out-of-the-monolith.ts';
import type { Decision } from './out-of-the-monolith.ts';
import { articleSchema, articleStore, catalogueStore } from './stores.ts';

// One PostgreSQL, a schema and a login for each side, and an outbox in each schema.
const services = ['shop', 'catalogue'];
const skus = Array.from({ length: 16 }, (_, each) => `sku-${each}`);
let postgres: PGlite;
beforeAll(async () => {
  postgres = await PGlite.create();
  for (const service of services) await postgres.exec(provision({ service, connections: 20, statementTimeoutMs: 60_000, lockTimeoutMs: 1_000 }));
  await postgres.exec(closeDatabase('postgres', services));
  await postgres.exec(`set role shop_owner; set search_path = shop; ${articleSchema} ${ownershipSchema} ${outboxSchema}
      create table orders (number integer primary key, sku text not null, pieces integer not null, total_cents integer not null);
    set role catalogue_owner; set search_path = catalogue; ${copySchema} ${ownershipSchema} ${outboxSchema} reset role`);
}, 120_000);
afterAll(() => postgres.close());
beforeEach(async () => {
  await postgres.exec(`truncate shop.articles, shop.ownership, shop.outbox, shop.orders, catalogue.known, catalogue.ownership, catalogue.outbox;
    insert into shop.articles (number, price) select 'sku-' || each, 10 + each from generate_series(0, ${skus.length - 1}) as each;
    insert into shop.ownership select number, true, 0 from shop.articles`);
});

const databaseOf = (service: string): Database => ({
  transaction: (work) => postgres.transaction(async (open) => {
    await open.exec(`set local role ${service}; set local search_path = ${service}`);
    return work({ query: async <Row>(text: string, parameters: readonly unknown[]) => (await open.query<Row>(text, [...parameters])).rows });
  }),
});
const announce: Side['announce'] = (transaction, message) => recordEvent(transaction, { key: message.sku, type: 'ProductChanged', payload: message });
const monolith: Side = { database: databaseOf('shop'), store: articleStore, announce };
const catalogue: Side = { database: databaseOf('catalogue'), store: catalogueStore, announce };
const rows = async <Row>(text: string): Promise<Row[]> => (await postgres.query<Row>(text)).rows;
const ownedBy = async (side: Side) => (await Promise.all(skus.map((sku) => owns(side, sku)))).filter(Boolean).length;

const rule: Rule = ({ priceCents }, pieces) => Math.round(priceCents * pieces * (pieces >= 10 ? 0.95 : 1));
const withoutDiscount: Rule = ({ priceCents }, pieces) => priceCents * pieces;

/** A relay for each outbox, and a broker that delivers in any order, and many messages more than once. */
function between(clock: VirtualClock, random: () => number) {
  const waiting: { to: Side; message: Message }[] = [];
  const ever: typeof waiting = [];
  const relays = ([[monolith, catalogue], [catalogue, monolith]] as const).map(([from, to]) => new OutboxRelay(from.database, async ({ payload }) => {
    waiting.push({ to, message: payload as Message });
    if (random() < 0.1) throw new Error('taken, and the answer got lost');
  }, { clock, maxAttempts: 1_000 }));
  /** @returns how much there was to do */
  const pass = async (): Promise<number> => {
    let done = 0;
    for (const relay of relays) done += await relay.pass();
    for (const each of waiting.splice(0).map((one) => ({ one, place: random() })).sort((a, b) => a.place - b.place)) {
      ever.push(each.one);
      await receive(each.one.to, each.one.message);
      if (random() < 0.1) waiting.push(ever[Math.floor(random() * ever.length)]!);
      done += 1;
    }
    return done;
  };
  return { pass, ever };
}

/** The shop while the catalogue moves: orders and price changes all the time. */
function shop() {
  const clock = new VirtualClock();
  let state = 1;
  const random = (): number => (state = state * 48_271 % 2_147_483_647) / 2_147_483_647;
  const { pass, ever } = between(clock, random);
  const code = { rule: withoutDiscount };
  const move = new Move(catalogueOf(monolith, rule), catalogueOf(catalogue, (product, pieces) => code.rule(product, pieces)), {
    rules: { enough: 8, mayDiffer: 0.5, mayFail: 0.2 }, maxRehearsals: 100, rehearsalTimeoutMs: 600_000, clock,
    moveOwnership: moveOwnershipBetween(monolith, catalogue, { skus: async () => skus, lookEveryMs: 10, clock }),
  });
  /** What the owner has said each version costs. */
  const prices = new Map(skus.map((sku, each) => [sku, [1_000 + 100 * each]]));
  const pick = (): string => skus[Math.floor(random() * skus.length)]!;
  let orders = 0;
  const order = async () => {
    const [sku, pieces] = [pick(), orders % 2 === 0 ? 1 + Math.floor(4 * random()) : 10 + Math.floor(20 * random())];
    const number = orders++;
    const total = await move.price({ sku, pieces });
    await monolith.database.transaction((open) => open.query('insert into orders values ($1, $2, $3, $4)', [number, sku, pieces, total]));
    return { sku, pieces, total };
  };
  let refusals = 0;
  const changePrice = async (): Promise<void> => {
    const [sku, priceCents] = [pick(), 100 + Math.floor(50_000 * random())];
    for (;;) {
      try {
        const version = await move.setPrice({ sku, priceCents });
        expect(prices.get(sku)![version - 1], `${sku}, version ${version}`).toBeUndefined();
        prices.get(sku)![version - 1] = priceCents;
        return;
      } catch (error) {
        if (!(error instanceof NotOwnerError)) throw error;
        refusals += 1;
        await clock.sleep(10);
      }
    }
  };
  const until = async <Result>(work: Promise<Result>): Promise<Result> => {
    let isOver = false;
    work.catch(() => {}).finally(() => { isOver = true; });
    while (!isOver) {
      await pass();
      await clock.advance(10);
    }
    while (await pass() > 0 || clock.pending > 0) await clock.advance(10);
    return work;
  };
  /** Orders and changes are under way while the step changes, and each order gets a price of this time. */
  const goOn = async (): Promise<Decision> => {
    const before = new Map([...prices].map(([sku, known]) => [sku, known.length]));
    const under = Array.from({ length: 12 }, order);
    const changes = [changePrice()];
    const decision = move.decide();
    under.push(...[0, 0, 10, 20, 30, 40].flatMap((ms) => [clock.sleep(ms).then(order), clock.sleep(ms).then(order)]));
    changes.push(...[10, 20, 30].map((ms) => clock.sleep(ms).then(changePrice)));
    const answered = await until(Promise.all([Promise.all(under), Promise.all(changes), decision]));
    for (const { sku, pieces, total } of answered[0]) expect(prices.get(sku)!.slice(before.get(sku)! - 1).map((priceCents) => rule({ priceCents, isSold: true }, pieces)), `${pieces} of ${sku}`).toContain(total);
    return answered[2];
  };
  return { move, code, prices, goOn, until, ever, counts: () => ({ orders, refusals }) };
}

describe('the whole way on one program, with data, messages and orders under way', () => {
  test('from the monolith to the end, with a fault on the way and once all the way back: nothing is lost, and nothing done twice', async () => {
    const { move, code, prices, goOn, until, ever, counts } = shop();
    // Step 2: the copy. A first load beside the changes, in any order.
    await until(Promise.all(skus.map((sku) => tell(monolith, sku))));
    const way: string[] = [move.step.name];
    let faults = 0;
    const walkTo = async (name: string) => {
      for (let turn = 0; move.step.name !== name; turn += 1) {
        expect(turn, `on the way to '${name}'`).toBeLessThan(100);
        const decision = await goOn();
        if (way.at(-1) !== move.step.name) way.push(move.step.name);
        if (decision !== 'back' || code.rule === rule) continue;
        faults += 1;
        if (faults === 1) code.rule = rule;
      }
    };
    // Step 3: the forgotten discount is found by comparison, and mended.
    await walkTo('rehearse all');
    expect([faults, way]).toEqual([1, ['façade only', 'rehearse some', 'rehearse all']]);
    // Steps 4 to 6, in both directions.
    await walkTo('all write');
    expect([await ownedBy(monolith), await ownedBy(catalogue)]).toEqual([0, skus.length]);
    code.rule = () => { throw new Error('out of memory'); };
    await walkTo('rehearse some');
    expect([await ownedBy(monolith), await ownedBy(catalogue)]).toEqual([skus.length, 0]);
    code.rule = rule;
    await walkTo('all write');
    expect(way).toEqual([...steps, ...steps.slice(1)].map(({ name }) => name));
    await goOn();

    // Every order once, every change once, and both sides know the last of them.
    const { orders, refusals } = counts();
    expect(await rows('select count(*)::integer as orders, count(distinct number)::integer as numbers from shop.orders')).toEqual([{ orders, numbers: orders }]);
    expect(refusals).toBeGreaterThan(0);
    const last = () => Promise.all([monolith, catalogue].map((side) => side.database.transaction(async (open) => {
      const known: unknown[] = [];
      for (const sku of skus) known.push(await side.store.read(open, sku));
      return known;
    })));
    const expected = skus.map((sku) => ({ version: prices.get(sku)!.length, product: { priceCents: prices.get(sku)!.at(-1), isSold: true } }));
    expect(await last()).toEqual([expected, expected]);
    // A broker that delivers all of it again, the oldest deeds too, changes nothing.
    for (const { to, message } of ever) await receive(to, message);
    expect([await last(), await ownedBy(monolith), await ownedBy(catalogue)]).toEqual([[expected, expected], 0, skus.length]);

    // Step 7: the old table goes, the flow back stands still, and the service answers by itself.
    await postgres.exec('alter table shop.articles rename to articles_of_old');
    const alone = catalogueOf(catalogue, rule);
    const { signal } = new AbortController();
    for (const [sku, known] of prices) expect(await alone.price({ sku, pieces: 10 }, signal)).toBe(rule({ priceCents: known.at(-1)!, isSold: true }, 10));
    expect(await alone.setPrice({ sku: 'sku-0', priceCents: 1 }, signal)).toBe(prices.get('sku-0')!.length + 1);
    await postgres.exec('alter table shop.articles_of_old rename to articles');
  }, 180_000);
});

describe('handing over a share', () => {
  const moving = (options: { skus?: () => Promise<readonly string[]> } = {}) => moveOwnershipBetween(monolith, catalogue, { skus: async () => skus, lookEveryMs: 1, ...options });
  const deliver = async (): Promise<void> => {
    for (const [from, to] of [['shop', catalogue], ['catalogue', monolith]] as const) {
      for (const { payload } of await rows<{ payload: Message }>(`delete from ${from}.outbox returning payload`)) await receive(to, payload);
    }
  };

  test('is over when the deeds have arrived, not when they are written', async () => {
    let isOver = false;
    const all = moving()(1).then(() => { isOver = true; });
    while (await ownedBy(monolith) > 0);
    expect([isOver, await ownedBy(catalogue)]).toEqual([false, 0]);
    await deliver();
    await all;
    expect(await ownedBy(catalogue)).toBe(skus.length);
  });

  test('takes back what is still on its way there', async () => {
    await handOver(monolith, 'sku-3');
    const home = moving()(0);
    await deliver();
    while (await ownedBy(monolith) < skus.length) await deliver();
    await home;
    expect([await ownedBy(monolith), await ownedBy(catalogue)]).toEqual([skus.length, 0]);
  });

  test('stops at what cannot be handed over, and by name', async () => {
    await postgres.exec("update shop.articles set flags = 'Q' where number = 'sku-7'");
    await expect(moving()(1)).rejects.toThrow("article sku-7 has flags 'Q'");
  });

  test('ends with its signal', async () => {
    const leaving = new AbortController();
    const all = moving()(1, leaving.signal).catch((error: unknown) => error);
    leaving.abort(new Error('shutting down'));
    expect(await all).toMatchObject({ message: 'shutting down' });
  });
});

test('a product that is not sold has no price, nor has one that nobody knows; a first load says nothing of it', async () => {
  await postgres.exec("update shop.articles set flags = 'X' where number = 'sku-1'; insert into shop.ownership values ('sofa', true, 0)");
  const { price, setPrice } = catalogueOf(monolith, rule);
  const { signal } = new AbortController();
  expect([await price({ sku: 'sku-1', pieces: 1 }, signal), await price({ sku: 'sofa', pieces: 1 }, signal)]).toEqual([undefined, undefined]);
  await tell(monolith, 'sofa');
  expect(await rows('select * from shop.outbox')).toEqual([]);
  await setPrice({ sku: 'sku-1', priceCents: 7 }, signal);
  expect([await price({ sku: 'sku-1', pieces: 1 }, signal), await setPrice({ sku: 'sofa', priceCents: 9 }, signal), await price({ sku: 'sofa', pieces: 2 }, signal)]).toEqual([undefined, 1, 18]);
});
