/** What PGlite with its one session cannot show: a deed that arrives while somebody writes, and many writers while products change hands. */
import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { moveOwnershipBetween } from '../../src/examples/out-of-the-monolith/cut-over.ts';
import { change, handOver, NotOwnerError, ownershipSchema, receive } from '../../src/examples/out-of-the-monolith/ownership.ts';
import type { Message, Side } from '../../src/examples/out-of-the-monolith/ownership.ts';
import { articleSchema, articleStore, catalogueStore } from '../../src/examples/out-of-the-monolith/stores.ts';
import { copySchema } from '../../src/examples/self-contained-service/schema.ts';
import { useDatabase } from './database.ts';

const sent = 'create table sent (id bigint generated always as identity, message jsonb not null);';
const shop = useDatabase(articleSchema + ownershipSchema + sent);
const service = useDatabase(copySchema + ownershipSchema + sent);
const announce: Side['announce'] = (transaction, message) => transaction.query('insert into sent (message) values ($1::jsonb)', [JSON.stringify(message)]);
const monolith: Side = { database: shop, store: articleStore, announce };
const catalogue: Side = { database: service, store: catalogueStore, announce };
const skus = ['kettle', 'lamp', 'mug'];
beforeEach(async () => {
  await shop.query('truncate articles, ownership, sent');
  await service.query('truncate known, feed, ownership, sent');
  await shop.query('insert into articles (number, price) select unnest($1::text[]), 10', [skus]);
  await shop.query('insert into ownership select number, true, 0 from articles');
});

const raise = (cents: number) => (before?: { priceCents: number }) => ({ isSold: true, priceCents: (before?.priceCents ?? 0) + cents });
async function taken(from: typeof shop): Promise<Message[]> {
  return (await from.query<{ message: Message }>('delete from sent returning message')).map(({ message }) => message);
}

describe('ownership on a real server', () => {
  test('an old deed that comes again while its owner writes waits, and kills neither', async () => {
    await handOver(monolith, 'kettle');
    const [deed] = await taken(shop);
    await receive(catalogue, deed!);
    // The write stands between its lock and the row of the product.
    const gate = Promise.withResolvers<void>();
    const slow: Side = { ...catalogue, store: { ...catalogueStore, read: async (open, sku) => (await gate.promise, catalogueStore.read(open, sku)) } };
    const writing = change(slow, 'kettle', raise(1));
    await pause(100);
    const again = receive(catalogue, deed!);
    await pause(200);
    gate.resolve();
    expect(await Promise.all([writing, again])).toEqual([2, undefined]);
  });

  test('many writers while all products go there and back: each write counts once, on one side', async () => {
    let [isOver, isDelivered] = [false, false];
    const delivering = (async () => {
      while (!isDelivered) {
        for (const message of await taken(shop)) await receive(catalogue, message);
        for (const message of await taken(service)) await receive(monolith, message);
        await pause(1);
      }
    })();
    const done = new Map(skus.map((sku) => [sku, 0]));
    const versions = new Set<string>();
    const writers = Array.from({ length: 6 }, async (_, writer) => {
      for (let turn = 0; turn < 40; turn += 1) {
        const [sku, sides] = [skus[turn % skus.length]!, writer % 2 === 0 ? [monolith, catalogue] : [catalogue, monolith]];
        for (let at = 0; ; at += 1) {
          const version = await change(sides[at % 2]!, sku, raise(1)).catch((error: unknown) => {
            if (!(error instanceof NotOwnerError)) throw error;
          });
          if (version === undefined) {
            await pause(1);
            continue;
          }
          expect(versions.has(`${sku} ${version}`)).toBe(false);
          versions.add(`${sku} ${version}`);
          done.set(sku, done.get(sku)! + 1);
          break;
        }
      }
    });
    const move = moveOwnershipBetween(monolith, catalogue, { skus: async () => skus, lookEveryMs: 2 });
    let moves = 0;
    const moving = (async () => {
      while (!isOver) await move(++moves % 2);
    })();
    await Promise.all(writers);
    isOver = true;
    await moving;
    isDelivered = true;
    await delivering;
    for (const [from, to] of [[shop, catalogue], [service, monolith]] as const) for (const message of await taken(from)) await receive(to, message);
    expect(moves).toBeGreaterThan(4);
    for (const side of [monolith, catalogue]) for (const sku of skus) {
      const known = await side.database.transaction((open) => side.store.read(open, sku));
      expect(known, sku).toEqual({ version: 1 + done.get(sku)!, product: { isSold: true, priceCents: 1_000 + done.get(sku)! } });
    }
  });
});
