/** What needs a real log-in: the settings of a role, the limit of its sessions, the door of the database. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closeDatabase, crossings, loginOf, ownerOf, provision } from '../../src/examples/database-per-service/database-per-service.ts';
import { useDatabase } from './database.ts';
import type { Session } from './database.ts';

// Roles belong to the server, so two test runs must not meet in one name.
const own = crypto.randomUUID().slice(0, 8).replaceAll('-', '');
const [orders, inventory, stranger] = [`orders_${own}`, `inventory_${own}`, `stranger_${own}`];
const password = 'only for a server that lives as long as this test';
const database = useDatabase('');
const roles = [...[orders, inventory].flatMap((service) => [loginOf(service), ownerOf(service)]), stranger];

let migrations: Session;
beforeAll(async () => {
  const [row] = await database.query<{ name: string }>('select current_database() as name');
  for (const service of [orders, inventory]) await database.query(provision({ service, connections: 2, statementTimeoutMs: 300, lockTimeoutMs: 100 }));
  await database.query(closeDatabase(row!.name, [orders, inventory]) + `create role ${stranger} login;` + roles.map((role) => `alter role ${role} password '${password}'`).join(';'));
  migrations = await database.session({ user: ownerOf(orders), password });
  await migrations.query('create table parcels (id text primary key, state text not null)');
  const others = await database.session({ user: ownerOf(inventory), password });
  await others.query('create table stock (sku text primary key)');
});
afterAll(async () => {
  await database.query(`drop owned by ${roles.join(', ')} cascade; drop role ${roles.join(', ')}`);
});

const as = (user: string): Promise<Session> => database.session({ user, password });
const refusal = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'allowed', (error: Error & { code: string }) => `${error.code} ${error.message}`);

describe('a log-in', () => {
  test('finds its own tables by their bare names, and those of nobody else', async () => {
    const service = await as(orders);
    await service.query("insert into parcels values ('p1', 'packed')");
    expect(await service.query('select state from parcels')).toEqual([{ state: 'packed' }]);
    expect(await refusal(service.query('select * from stock'))).toBe('42P01 relation "stock" does not exist');
    expect(await refusal(service.query(`select * from ${inventory}.stock`))).toBe(`42501 permission denied for schema ${inventory}`);
    expect(await refusal(service.query(`set role ${ownerOf(inventory)}`))).toBe(`42501 permission denied to set role "${ownerOf(inventory)}"`);
    service.drop();
  });

  test('may widen its search path, and gains nothing by it', async () => {
    const service = await as(orders);
    await service.query(`set search_path = ${inventory}, ${orders}`);
    expect(await refusal(service.query('select * from stock'))).toBe('42P01 relation "stock" does not exist');
    service.drop();
  });

  test('is stopped by its own limits of time', async () => {
    const service = await as(orders);
    expect(await refusal(service.query('select pg_sleep(5)'))).toBe('57014 canceling statement due to statement timeout');
    const holder = await database.session();
    await holder.query('begin');
    await holder.query(`lock table ${orders}.parcels`);
    expect(await refusal(service.query("update parcels set state = 'lost'"))).toBe('55P03 canceling statement due to lock timeout');
    await holder.query('rollback');
    service.drop();
  });

  test('takes no more sessions than it was given, while others still get theirs', async () => {
    await expect.poll(async () => (await database.query('select 1 from pg_stat_activity where usename = $1', [orders])).length, { timeout: 10_000 }).toBe(0);
    const held = [await as(orders), await as(orders)];
    expect(await refusal(as(orders))).toBe(`53300 too many connections for role "${orders}"`);
    expect(await (await as(inventory)).query('select sku from stock')).toEqual([]);
    for (const session of held) session.drop();
  });

  test('of somebody who is no service ends at the door of the database', async () => {
    expect(await refusal(as(stranger))).toMatch(/^42501 permission denied for database/);
  });
});

test('the checker, run as one of the services, sees what a superuser sees', async () => {
  await database.query(`grant usage on schema ${inventory} to ${orders}`);
  const service = await as(inventory);
  const expected = [{ kind: 'privilege', from: orders, to: inventory, object: `schema ${inventory}`, what: `${orders} may USAGE` }];
  expect(await crossings(service, [orders, inventory])).toEqual(expected);
  expect(await crossings({ query: (text, parameters) => database.query(text, parameters) }, [orders, inventory])).toEqual(expected);
});
