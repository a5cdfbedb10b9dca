import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { closeDatabase, crossings, judge, provision, sentence } from '../database-per-service/database-per-service.ts';
import { CopyTooOldError } from '../self-contained-service/contract.ts';
import type { Database } from '../self-contained-service/contract.ts';
import { agesOf, heartbeat, openFeed, requireFresh } from '../self-contained-service/replica.ts';
import { copySchema } from '../self-contained-service/schema.ts';
import { change, handOver, NotOwnerError, ownershipSchema, receive } from './ownership.ts';
import type { Message, Side } from './ownership.ts';
import { articleSchema, articleStore, catalogueStore } from './stores.ts';
import { articleOf, productOf, UntranslatableError } from './translation.ts';
import type { Product } from './translation.ts';

// One PostgreSQL, a schema and a login for each side.
const limits = { connections: 20, statementTimeoutMs: 5_000, lockTimeoutMs: 1_000 };
const services = ['shop', 'catalogue'];
let postgres: PGlite;
const connection = { query: async <Row>(text: string, parameters: readonly unknown[]) => (await postgres.query<Row>(text, [...parameters])).rows };
beforeAll(async () => {
  postgres = await PGlite.create();
  for (const service of services) await postgres.exec(provision({ service, ...limits }));
  await postgres.exec(closeDatabase('postgres', services));
  await postgres.exec(`set role shop_owner; set search_path = shop; ${articleSchema} ${ownershipSchema} create table sent (message jsonb);
    set role catalogue_owner; set search_path = catalogue; ${copySchema} ${ownershipSchema} create table sent (message jsonb); reset role`);
}, 120_000);
afterAll(() => postgres.close());

/** Each transaction runs as the login of its service, and so reaches nothing else. */
const databaseOf = (service: string): Database => ({
  transaction: (work) => postgres.transaction(async (open) => {
    await open.exec(`set local role ${service}; set local search_path = ${service}`);
    return work({ query: async <Row>(text: string, parameters: readonly unknown[]) => (await open.query<Row>(text, [...parameters])).rows });
  }),
});
const announce: Side['announce'] = (transaction, message) => transaction.query('insert into sent values ($1::jsonb)', [JSON.stringify(message)]);
const monolith: Side = { database: databaseOf('shop'), store: articleStore, announce };
const catalogue: Side = { database: databaseOf('catalogue'), store: catalogueStore, announce };
const sent = async (from: 'shop' | 'catalogue'): Promise<Message[]> => (await postgres.query<{ message: Message }>(`delete from ${from}.sent returning message`)).rows.map(({ message }) => message);
/** What both sides have said reaches the other. */
const deliver = async (): Promise<void> => {
  for (const message of await sent('shop')) await receive(catalogue, message);
  for (const message of await sent('catalogue')) await receive(monolith, message);
};
const at = (side: Side, sku = 'kettle') => side.database.transaction((open) => side.store.read(open, sku));
const costs = (priceCents: number) => ({ priceCents, isSold: true });

beforeEach(async () => {
  await postgres.exec(`truncate shop.articles, shop.ownership, shop.sent, catalogue.known, catalogue.feed, catalogue.ownership, catalogue.sent;
    insert into shop.articles (number, price) values ('kettle', 42.00), ('lamp', 9.95);
    insert into shop.ownership select number, true, 0 from shop.articles`);
});

describe('a process of its own on the tables of the monolith', () => {
  test('is refused by the database; a grant made by hand is named, and tolerated no longer than its day', async () => {
    const read = () => catalogue.database.transaction((open) => open.query('select * from shop.articles', []));
    await expect(read()).rejects.toThrow('permission denied for schema shop');
    await postgres.exec('grant usage on schema shop to catalogue; grant select on shop.articles to catalogue');
    expect(await read()).toHaveLength(2);
    const found = await crossings(connection, services);
    expect(found.map(sentence)).toEqual(['catalogue -> shop: schema shop: catalogue may USAGE', 'catalogue -> shop: table shop.articles: catalogue may SELECT']);
    const tolerated = found.map(({ from, object, what }) => ({ from, object, what, why: 'first load', until: '2026-12-01' }));
    expect([judge(found, tolerated, '2026-12-01').refused.length, judge(found, tolerated, '2026-12-02').refused.length]).toEqual([0, 2]);
    await postgres.exec('revoke all on shop.articles from catalogue; revoke usage on schema shop from catalogue');
    expect(await crossings(connection, services)).toEqual([]);
  });
});

describe('the copy', () => {
  test('follows the monolith, and says how old it is', async () => {
    await change(monolith, 'kettle', () => costs(4_500));
    await deliver();
    expect(await at(catalogue)).toEqual({ version: 2, product: costs(4_500) });
    await catalogue.database.transaction(async (open) => {
      await openFeed(open, 'catalogue', 1);
      const isFresh = async () => requireFresh({ ...await agesOf(open), accounts: 0 }, { catalogue: 60_000, accounts: 60_000 });
      await expect(isFresh()).rejects.toThrow(CopyTooOldError);
      const [{ now } = { now: new Date(0) }] = await open.query<{ now: Date }>('select clock_timestamp() as now', []);
      await heartbeat(open, 'catalogue', 0, now);
      await isFresh();
    });
  });

  test('a message that comes late or twice changes nothing', async () => {
    await change(monolith, 'kettle', () => costs(4_500));
    const [older] = await sent('shop');
    await change(monolith, 'kettle', () => costs(4_600));
    await deliver();
    await receive(catalogue, older!);
    await receive(catalogue, older!);
    expect(await at(catalogue)).toEqual({ version: 3, product: costs(4_600) });
  });

  test('an unknown product is nowhere', async () => {
    expect([await at(catalogue, 'sofa'), await at(monolith, 'sofa')]).toEqual([undefined, undefined]);
  });
});

describe('ownership', () => {
  test('two writers without it: both count to the same version, and each side keeps its own price', async () => {
    await receive(catalogue, { sku: 'kettle', version: 1, product: costs(4_200), turn: 1, handsOver: true });
    await change(monolith, 'kettle', () => costs(4_500));
    await change(catalogue, 'kettle', () => costs(3_900));
    await deliver();
    expect([await at(monolith), await at(catalogue)]).toEqual([{ version: 2, product: costs(4_500) }, { version: 2, product: costs(3_900) }]);
  });

  test('the copy may not be written', async () => {
    await expect(change(catalogue, 'kettle', () => costs(1))).rejects.toThrow(NotOwnerError);
  });

  test('handed over: the monolith refuses, the new service goes on counting, and its changes flow back', async () => {
    await handOver(monolith, 'kettle');
    await expect(change(monolith, 'kettle', () => costs(1))).rejects.toThrow("'kettle' is owned by the other side");
    await deliver();
    expect(await change(catalogue, 'kettle', () => costs(3_900))).toBe(2);
    await deliver();
    expect(await at(monolith)).toEqual({ version: 2, product: costs(3_900) });
    expect((await postgres.query('select price::text, flags from shop.articles order by 1')).rows).toEqual([{ price: '39.00', flags: '' }, { price: '9.95', flags: '' }]);
  });

  test('between the two commits nobody may write it', async () => {
    await handOver(monolith, 'kettle');
    for (const side of [monolith, catalogue]) await expect(change(side, 'kettle', () => costs(1))).rejects.toThrow(NotOwnerError);
  });

  test('back again, and an old deed that comes once more makes nobody the owner', async () => {
    await handOver(monolith, 'kettle');
    const deeds = await sent('shop');
    for (const deed of deeds) await receive(catalogue, deed);
    await change(catalogue, 'kettle', () => costs(3_900));
    await handOver(catalogue, 'kettle');
    await deliver();
    for (const deed of deeds) await receive(catalogue, deed);
    await expect(change(catalogue, 'kettle', () => costs(1))).rejects.toThrow(NotOwnerError);
    expect(await change(monolith, 'kettle', () => costs(4_000))).toBe(3);
  });

  test('there and back three times, in any order of messages: one owner, and both know the last price', async () => {
    for (let round = 0; round < 3; round++) {
      for (const [from, to] of [[monolith, catalogue], [catalogue, monolith]] as const) {
        await change(from, 'lamp', () => costs(1_000 + round));
        await handOver(from, 'lamp');
        const messages = await sent(from === monolith ? 'shop' : 'catalogue');
        for (const message of [...messages.toReversed(), ...messages]) await receive(to, message);
        expect(await at(to, 'lamp')).toEqual(await at(from, 'lamp'));
      }
    }
    expect(await change(monolith, 'lamp', () => costs(1))).toBe(8);
    await expect(change(catalogue, 'lamp', () => costs(1))).rejects.toThrow(NotOwnerError);
  });

  test('a change that cannot be announced is none', async () => {
    const mute: Side = { ...monolith, announce: () => Promise.reject(new Error('no outbox')) };
    await expect(change(mute, 'kettle', () => costs(1))).rejects.toThrow('no outbox');
    await expect(handOver(mute, 'kettle')).rejects.toThrow('no outbox');
    expect(await change(monolith, 'kettle', () => costs(2))).toBe(2);
  });

  test('what the old table cannot hold is not accepted by the new service either', async () => {
    await handOver(monolith, 'kettle');
    await deliver();
    for (const priceCents of [Number.NaN, -1, 0.5, 1e9, Infinity]) await expect(change(catalogue, 'kettle', () => costs(priceCents)), String(priceCents)).rejects.toThrow(UntranslatableError);
    expect([await at(catalogue), await sent('catalogue')]).toEqual([{ version: 1, product: costs(4_200) }, []]);
  });

  test('who changes one thing does not undo what somebody else has changed', async () => {
    const [stop, raise] = [(before?: Product) => ({ ...before!, isSold: false }), (before?: Product) => ({ ...before!, priceCents: 4_500 })];
    await Promise.all([change(monolith, 'kettle', stop), change(monolith, 'kettle', raise)]);
    expect(await at(monolith)).toEqual({ version: 3, product: { priceCents: 4_500, isSold: false } });
  });

  test('a product that only ownership knows is begun by its owner, and cannot be handed over before', async () => {
    await postgres.exec("insert into catalogue.ownership values ('sofa', true, 0)");
    await expect(handOver(catalogue, 'sofa')).rejects.toThrow("there is no product 'sofa' to hand over");
    expect(await change(catalogue, 'sofa', () => costs(1))).toBe(1);
  });
});

describe('translation', () => {
  test('leads there and back', () => {
    for (const product of [costs(0), costs(5), costs(4_200), { priceCents: 123_456, isSold: false }]) expect(productOf(articleOf('kettle', product))).toEqual(product);
    expect(articleOf('kettle', { priceCents: 4_205, isSold: false })).toEqual({ number: 'kettle', price: '42.05', flags: 'X' });
  });

  test('refuses what it does not understand', () => {
    for (const price of ['42', '-1.00', '4,20', '']) expect(() => productOf({ number: 'kettle', price, flags: '' }), price).toThrow(UntranslatableError);
    expect(() => productOf({ number: 'kettle', price: '1.00', flags: 'Q' })).toThrow("article kettle has flags 'Q'");
  });
});
