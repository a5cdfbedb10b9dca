import { PGlite } from '@electric-sql/pglite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { NotProvisionedError, closeDatabase, crossings, judge, provision, sentence } from './database-per-service.ts';
import type { Connection, Crossing, OwnedSchema } from './database-per-service.ts';

// A real PostgreSQL with one session. Roles and grants are transactional: each test is rolled back.
let postgres: PGlite;
let connection: Connection;
beforeAll(async () => {
  postgres = await PGlite.create();
  connection = { query: async <Row>(text: string, parameters: readonly unknown[]) => (await postgres.query<Row>(text, [...parameters])).rows };
}, 120_000);
afterAll(() => postgres.close());

const services = ['orders', 'inventory', 'accounts'];
const limits = { connections: 20, statementTimeoutMs: 5_000, lockTimeoutMs: 1_000 };
const tables = {
  orders: 'create table orders.orders (id bigint generated always as identity primary key, sku text not null)',
  inventory: 'create table inventory.stock (sku text primary key, pieces integer not null); create function inventory.free() returns bigint language sql as $$ select sum(pieces) from inventory.stock $$',
  accounts: 'create table accounts.customers (id text primary key, email text)',
};
beforeEach(async () => {
  await postgres.exec('begin');
  for (const service of services) await postgres.exec(provision({ service, ...limits }));
  await postgres.exec(closeDatabase('postgres', services));
  for (const [service, statement] of Object.entries(tables)) await postgres.exec(`set role ${service}_owner; ${statement}; reset role`);
});
afterEach(() => postgres.exec('rollback; set session authorization postgres'));

/** Runs a statement as a role, and undoes it. @returns the number of rows, or the error's SQLSTATE and words */
async function as(role: string, statement: string): Promise<string> {
  await postgres.exec(`savepoint before; set session authorization ${role}`);
  try {
    const results = await postgres.exec(statement);
    return `${results.at(-1)!.rows.length} rows`;
  } catch (error) {
    return `${(error as { code: string }).code} ${(error as Error).message}`;
  } finally {
    await postgres.exec('rollback to before; set session authorization postgres');
  }
}
const found = async (): Promise<string[]> => (await crossings(connection, services)).map(sentence);
const after = async (statement: string): Promise<string[]> => {
  await postgres.exec(statement);
  return found();
};

describe('a service and its own data', () => {
  test('the login of the service reads and writes the rows of tables that its owner made later', async () => {
    expect(await as('orders', "insert into orders.orders (sku) values ('kettle') returning id")).toBe('1 rows');
    expect(await as('orders', "update orders.orders set sku = 'lamp'; delete from orders.orders; select * from orders.orders")).toBe('0 rows');
    expect(await as('inventory', 'select inventory.free()')).toBe('1 rows');
  });

  test('it changes no table: migrations are somebody else', async () => {
    expect(await as('orders', 'alter table orders.orders drop column sku')).toBe('42501 must be owner of table orders');
    expect(await as('orders', 'truncate orders.orders')).toBe('42501 permission denied for table orders');
    expect(await as('orders', 'create table orders.draft (id text)')).toBe('42501 permission denied for schema orders');
    expect(await as('orders_owner', 'alter table orders.orders add column note text')).toBe('0 rows');
  });

  test('provision may run again, and gives the login what is there already', async () => {
    await postgres.exec('revoke all on all tables in schema orders from orders; set role orders_owner; create function orders.pieces() returns integer language sql as $$ select 1 $$; reset role; revoke execute on function orders.pieces() from orders; grant execute on function orders.pieces() to public');
    await postgres.exec(provision({ service: 'orders', ...limits, connections: 7 }));
    expect(await as('orders', 'select * from orders.orders')).toBe('0 rows');
    expect(await as('orders', 'select orders.pieces()')).toBe('1 rows');
    expect((await postgres.query("select rolconnlimit, rolconfig from pg_roles where rolname = 'orders'")).rows).toEqual([{
      rolconnlimit: 7, rolconfig: ['search_path=orders', 'statement_timeout=5000', 'lock_timeout=1000', 'idle_in_transaction_session_timeout=5000'],
    }]);
    expect(await found()).toEqual([]);
  });

  test('it is run by whoever owns the database and may create roles: no superuser', async () => {
    await postgres.exec('create role administrator createrole; alter database postgres owner to administrator; set session authorization administrator');
    await postgres.exec(provision({ service: 'shipping', ...limits }) + closeDatabase('postgres', ['shipping']));
    await postgres.exec('set session authorization postgres; set role shipping_owner; create table shipping.parcels (id text); reset role');
    expect(await as('shipping', 'select * from shipping.parcels')).toBe('0 rows');
    expect(await crossings(connection, [...services, 'shipping'])).toEqual([]);
  });
});

describe('another service', () => {
  test('is refused: to read, to write, to refer, to call, to look, to become the owner', async () => {
    for (const role of ['orders', 'orders_owner']) {
      for (const statement of ['select * from inventory.stock', "insert into inventory.stock values ('kettle', 1)", 'update inventory.stock set pieces = 0', 'delete from inventory.stock', 'select inventory.free()', 'create table inventory.mine (id text)']) {
        expect(await as(role, statement), `${role}: ${statement}`).toBe('42501 permission denied for schema inventory');
      }
      expect(await as(role, 'set role inventory_owner')).toBe('42501 permission denied to set role "inventory_owner"');
      expect(await as(role, 'create table public.common (id text)')).toBe('42501 permission denied for schema public');
      expect(await as(role, 'create schema mine')).toBe('42501 permission denied for database postgres');
      expect(await as(role, 'create temporary table mine (id text)')).toBe('42501 permission denied to create temporary tables in database "postgres"');
    }
    expect(await as('orders_owner', 'create view orders.copy as select * from inventory.stock')).toBe('42501 permission denied for schema inventory');
    expect(await as('orders_owner', 'alter table orders.orders add foreign key (sku) references inventory.stock')).toBe('42501 permission denied for schema inventory');
  });

  test('with nothing but what provision gives, there is no crossing to name', async () => {
    expect(await found()).toEqual([]);
  });
});

describe('every crossing is named', () => {
  test('a grant to the role, on a table, a column, a sequence, a routine, a schema', async () => {
    expect(await after(`
      grant usage on schema inventory to orders;
      grant select, update on inventory.stock to orders;
      grant select (email) on accounts.customers to inventory;
      grant usage on sequence orders.orders_id_seq to accounts;
      grant execute on function inventory.free() to orders`)).toEqual([
      'accounts -> orders: sequence orders.orders_id_seq: accounts may USAGE',
      'inventory -> accounts: table column accounts.customers.email: inventory may SELECT',
      'orders -> inventory: function inventory.free(): orders may EXECUTE',
      'orders -> inventory: schema inventory: orders may USAGE',
      'orders -> inventory: table inventory.stock: orders may SELECT, UPDATE',
    ]);
  });

  test('a grant to everybody is one to each service', async () => {
    expect(await after('grant select on accounts.customers to public')).toEqual([
      'inventory -> accounts: table accounts.customers: inventory may SELECT, as everybody may',
      'inventory -> accounts: table accounts.customers: inventory_owner may SELECT, as everybody may',
      'orders -> accounts: table accounts.customers: orders may SELECT, as everybody may',
      'orders -> accounts: table accounts.customers: orders_owner may SELECT, as everybody may',
    ]);
  });

  test('through a group, even where nothing is inherited: set role is enough', async () => {
    await postgres.exec('create role reports; create role analysts; grant usage on schema inventory to reports; grant select on inventory.stock to reports; grant reports to analysts; grant analysts to orders with inherit false');
    expect(await as('orders', 'select * from inventory.stock')).toMatch(/^42501/);
    expect(await as('orders', 'set role reports; select * from inventory.stock')).toBe('0 rows');
    expect(await found()).toEqual([
      'orders -> inventory: schema inventory: orders may USAGE, as reports',
      'orders -> inventory: table inventory.stock: orders may SELECT, as reports',
    ]);
  });

  test('to be the role of another service is named once', async () => {
    expect(await after('grant inventory_owner to orders')).toEqual(['orders -> inventory: role orders: member of inventory_owner']);
    expect(await after('revoke inventory_owner from orders; grant inventory to orders_owner')).toEqual(['orders -> inventory: role orders_owner: member of inventory']);
  });

  test('what tables to come will be open to', async () => {
    expect(await after('alter default privileges for role inventory_owner in schema inventory grant select on tables to orders')).toEqual([
      'orders -> inventory: default acl for role inventory_owner in schema inventory on tables: orders may SELECT',
    ]);
  });

  test('a function that everybody may execute, as it is by default where a schema was made by hand', async () => {
    await postgres.exec('alter default privileges for role inventory_owner grant execute on routines to public; set role inventory_owner; create function inventory.leak() returns bigint language sql security definer as $$ select sum(pieces) from inventory.stock $$; reset role');
    expect((await found()).filter((line) => line.includes('leak'))).toHaveLength(4);
  });

  test('a foreign key, a view, a trigger, a default and a column type that use what another owns', async () => {
    expect(await after(`
      alter table orders.orders add constraint sku_known foreign key (sku) references inventory.stock;
      create view orders.contacts as select email from accounts.customers;
      alter view orders.contacts owner to orders_owner;
      alter table orders.orders add column free bigint default inventory.free();
      create type accounts.tier as enum ('new', 'old'); alter table orders.orders add column tier accounts.tier;
      create function accounts.note() returns trigger language plpgsql as 'begin return new; end';
      revoke execute on function accounts.note() from public;
      alter function accounts.note() owner to accounts_owner;
      create trigger noted before insert on orders.orders for each row execute function accounts.note()`)).toEqual([
      'orders -> accounts: function accounts.note(): used by trigger noted on orders.orders',
      'orders -> accounts: table accounts.customers: used by rule "_RETURN" on orders.contacts',
      'orders -> accounts: type accounts.tier: used by table orders.orders',
      'orders -> inventory: function inventory.free(): used by default value for orders.orders.free',
      'orders -> inventory: table inventory.stock: used by table constraint sku_known on orders.orders',
    ]);
  });

  test('an index on what a foreign function makes of a column', async () => {
    expect(await after(`
      create function inventory.norm(text) returns text immutable language sql as 'select lower($1)';
      revoke execute on function inventory.norm(text) from public;
      alter function inventory.norm(text) owner to inventory_owner;
      create index by_norm on orders.orders (inventory.norm(sku))`)).toEqual([
      'orders -> inventory: function inventory.norm(pg_catalog.text): used by index orders.by_norm',
    ]);
  });

  test('an object that a superuser made by hand, which the login cannot use and which works with his rights', async () => {
    expect(await after('create table orders.fix (id text); create view orders.everything as select * from accounts.customers')).toEqual([
      'orders -> accounts: table accounts.customers: used by rule "_RETURN" on orders.everything',
      'orders -> nobody: table orders.fix: belongs to postgres instead of orders_owner',
      'orders -> nobody: view orders.everything: belongs to postgres instead of orders_owner',
    ]);
    expect(await as('orders', 'select * from orders.fix')).toMatch(/^42501/);
    expect(await after('alter table orders.fix owner to inventory_owner')).toContain('orders -> inventory: table orders.fix: belongs to inventory_owner instead of orders_owner');
  });

  test('ground that belongs to nobody', async () => {
    expect(await after('grant usage on schema public to public; create table public.countries (code text); grant select on public.countries to orders')).toEqual([
      'accounts -> nobody: schema public: accounts may USAGE, as everybody may',
      'accounts -> nobody: schema public: accounts_owner may USAGE, as everybody may',
      'inventory -> nobody: schema public: inventory may USAGE, as everybody may',
      'inventory -> nobody: schema public: inventory_owner may USAGE, as everybody may',
      'orders -> nobody: schema public: orders may USAGE, as everybody may',
      'orders -> nobody: schema public: orders_owner may USAGE, as everybody may',
      'orders -> nobody: table public.countries: orders may SELECT',
    ]);
  });

  test('too much power: attributes, predefined roles, schemas of its own; a superuser is named once', async () => {
    expect(await after('alter role orders createrole bypassrls; grant pg_read_all_data to inventory; grant create on database postgres to accounts_owner')).toEqual([
      'accounts -> nobody: role accounts_owner: create in the database',
      'inventory -> nobody: role inventory: member of pg_read_all_data',
      'orders -> nobody: role orders: bypassrls',
      'orders -> nobody: role orders: createrole',
    ]);
    expect(await after('alter role orders superuser')).toContain('orders -> nobody: role orders: superuser');
    expect((await found()).filter((line) => line.startsWith('orders '))).toHaveLength(1);
  });

  test('nothing that a role can really do is missing, whatever is granted', async () => {
    const random = seeded(20_261_127);
    const pick = <Each>(list: readonly Each[]): Each => list[Math.floor(random() * list.length)]!;
    const targets = [
      { grant: (to: string) => `grant select on inventory.stock to ${to}`, open: 'inventory', attempt: 'select sku from inventory.stock', object: 'inventory.stock' },
      { grant: (to: string) => `grant select (sku) on inventory.stock to ${to}`, open: 'inventory', attempt: 'select sku from inventory.stock', object: 'inventory.stock' },
      { grant: (to: string) => `grant update on accounts.customers to ${to}`, open: 'accounts', attempt: "update accounts.customers set email = ''", object: 'accounts.customers' },
      { grant: (to: string) => `grant execute on function inventory.free() to ${to}`, open: 'inventory', attempt: 'select inventory.free() where false', object: 'inventory.free' },
    ];
    await postgres.exec('create role reports; create role auditors; savepoint clean');
    let [reached, refused] = [0, 0];
    for (let round = 0; round < 25; round += 1) {
      await postgres.exec('rollback to clean');
      for (let grants = 0; grants < 3; grants += 1) {
        const target = pick(targets);
        const to = pick(['orders', 'public', 'reports', 'auditors', 'inventory_owner', 'accounts']);
        await postgres.exec(`${target.grant(to)}; ${pick([`grant usage on schema ${target.open} to ${to}`, `grant usage on schema ${target.open} to public`, 'select 1'])}`);
        await postgres.exec(pick(['grant reports to orders', 'grant reports to auditors; grant auditors to orders with inherit false', 'grant accounts to orders', 'select 1']));
      }
      const named = await crossings(connection, services);
      for (const { attempt, object, open } of targets) {
        const isNamed = named.some((each) => each.from === 'orders' && ((each.object.includes(object) && each.what.startsWith('orders may')) || each.what.includes('member of')));
        for (const role of ['orders', 'reports', 'auditors', 'accounts']) {
          if (open === role) continue;
          const become = role === 'orders' ? '' : `set role ${role};`;
          const isReached = (await as('orders', `${become} ${attempt}`)).endsWith('rows');
          if (isReached) expect(isNamed, `round ${round}, as ${role}: ${attempt}: ${named.map(sentence).join('; ')}`).toBe(true);
          if (isReached) reached += 1;
          else refused += 1;
        }
      }
    }
    expect([reached > 20, refused > 20]).toEqual([true, true]);
  });

  test('a service that is not there is an error, not a clean report', async () => {
    await expect(crossings(connection, ['orders', 'stock'])).rejects.toThrow(new NotProvisionedError('The database has no role stock, role stock_owner, schema stock'));
  });
});

describe('the verdict', () => {
  const read: Crossing = { kind: 'privilege', from: 'orders', to: 'accounts', object: 'table accounts.customers', what: 'orders may SELECT' };
  const { from, object, what } = read;
  const tolerated = { from, object, what, why: 'until orders has its copy', until: '2027-01-31' };

  test('refuses what nobody has allowed, and what was allowed until yesterday', () => {
    expect(judge([read], [], '2026-11-27')).toEqual({ refused: [read], idle: [] });
    expect(judge([read], [tolerated], '2027-01-31')).toEqual({ refused: [], idle: [] });
    expect(judge([read], [tolerated], '2027-02-01')).toEqual({ refused: [read], idle: [] });
  });

  test('covers this crossing and no wider one', () => {
    const wider: Crossing = { ...read, what: 'orders may SELECT, UPDATE' };
    expect(judge([wider], [tolerated], '2026-11-27')).toEqual({ refused: [wider], idle: [tolerated] });
    expect(judge([{ ...read, from: 'inventory' }, { ...read, object: 'table accounts.cards' }], [tolerated], '2026-11-27').refused).toHaveLength(2);
  });

  test('tells what is tolerated for nothing', () => {
    expect(judge([], [tolerated], '2026-11-27')).toEqual({ refused: [], idle: [tolerated] });
  });

  test('holds in the database: the report and the list speak the same words', async () => {
    await postgres.exec('grant select on accounts.customers to orders');
    expect(judge(await crossings(connection, services), [tolerated], '2026-11-27')).toEqual({ refused: [], idle: [] });
  });

  test('a day that is no day is refused', () => {
    expect(() => judge([], [], 'tomorrow')).toThrow("Cannot judge crossings as a day must be such as 2026-11-27: current value is 'tomorrow'");
    expect(() => judge([], [{ ...tolerated, until: '2027-02-31' }], '2026-11-27')).toThrow("current value is '2027-02-31'");
    expect(() => judge([], [{ ...tolerated, until: '2027-13-01' }], '2026-11-27')).toThrow("current value is '2027-13-01'");
  });
});

describe('names and limits', () => {
  test('a name that would need quotes is refused before any statement', () => {
    for (const service of ['Orders', 'order-items', 'orders; drop schema accounts', '', '1st', 'pg_orders', 'a'.repeat(57)]) {
      expect(() => provision({ service, ...limits }), service).toThrow(`current value is '${service}'`);
      expect(() => closeDatabase('shop', [service]), service).toThrow(RangeError);
    }
    expect(() => closeDatabase('Shop', [])).toThrow("current value is 'Shop'");
  });

  test('a limit outside its range is refused with its name, rule and value', () => {
    const withLimit = (limit: Partial<OwnedSchema>) => () => provision({ service: 'orders', ...limits, ...limit });
    expect(withLimit({ connections: 0 })).toThrow("Cannot provision 'orders' as 'connections' must be a positive integer below 2147483648: current value is 0");
    expect(withLimit({ statementTimeoutMs: 0.5 })).toThrow("'statementTimeoutMs' must be a positive integer below 2147483648: current value is 0.5");
    expect(withLimit({ lockTimeoutMs: 2 ** 31 })).toThrow("'lockTimeoutMs' must be a positive integer below 2147483648: current value is 2147483648");
  });
});

/** A small generator (mulberry32), so that a round that fails fails again. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
