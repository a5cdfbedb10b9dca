/** What PGlite with its one session cannot show: several instances that append to one chain at the same moment. */
import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { AuditLog, genesis, hashOf, read, verify } from '../../src/examples/audit-logging/audit-logging.ts';
import type { Attempt, Entry, Transaction } from '../../src/examples/audit-logging/audit-logging.ts';
import { auditSchema, statements } from '../../src/examples/audit-logging/schema.ts';
import { useDatabase } from './database.ts';

// Roles belong to the server, not to the database of a test.
const role = `audit_writer_${crypto.randomUUID().replaceAll('-', '')}`;
const database = useDatabase(`${auditSchema.replaceAll('audit_writer', role)} alter role ${role} login password 'writes'; create table refund (id text primary key)`);
beforeEach(() => database.query('truncate audit_log, refund'));

const attempt = (id: string): Attempt => ({ id, by: 'person-7', action: 'refund', on: 'order-41' });
const payOut = (id: string) => (transaction: Transaction) => transaction.query('insert into refund values ($1)', [id]);
const instance = (chain = 'payments') => new AuditLog({ chain, database, isRefusal: () => false });
const key = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']) as CryptoKeyPair;
const found = (chain = 'payments') => verify(chain, read(database, chain), [], key.publicKey);

test('fifty appends at once, in two chains: both are whole, and each effect has its record', async () => {
  await Promise.all(Array.from({ length: 50 }, (_, at) => instance(at % 2 ? 'accounts' : 'payments').perform(attempt(`a${at}`), payOut(`a${at}`))));
  expect([await found(), await found('accounts')]).toEqual([expect.objectContaining({ intact: true, head: expect.objectContaining({ seq: 25 }) }), expect.objectContaining({ intact: true, head: expect.objectContaining({ seq: 25 }) })]);
  expect(await database.query("select id from refund except select record::json ->> 'id' from audit_log")).toEqual([]);
});

test('times follow the numbers, though transactions began in another order', async () => {
  const late = await database.session();
  await late.query('begin');
  await late.query('select now()');
  await instance().perform(attempt('a1'), payOut('a1'));
  await pause(20);
  await instance().append({ query: (text, parameters) => late.query(text, parameters) as never }, attempt('a2'), 'done');
  await late.query('commit');
  const times = await database.query<{ at: string }>("select record::json ->> 'at' as at from audit_log order by seq");
  expect(times.map(({ at }) => at)).toEqual(times.map(({ at }) => at).toSorted());
});

/** As audit logs often do it. */
async function appendWith(lock: string, id: string): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.query('select 1', []);
    const [last] = await transaction.query<Entry>(`select seq::integer as seq, hash from audit_log where chain = 'payments' order by seq desc limit 1 ${lock}`, []);
    await pause(20);
    const entry = { chain: 'payments', seq: (last?.seq ?? 0) + 1, previous: last?.hash ?? genesis, record: JSON.stringify({ id }) };
    await transaction.query(statements.insert, [entry.chain, entry.seq, entry.record, entry.previous, await hashOf(entry)]);
  });
}

test('without a lock, and with one on the last row, two follow on the same entry; the database lets one of them in', async () => {
  for (const lock of ['', 'for update']) {
    await database.query('truncate audit_log');
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, (_, at) => appendWith(lock, `a${at}`)));
    expect(outcomes.filter(({ status }) => status === 'rejected').length, lock).toBeGreaterThan(0);
    expect(await found(), lock).toMatchObject({ intact: true });
  }
});

test('an older snapshot cannot see the last entry: its append is refused, and nothing of it stays', async () => {
  const old = await database.session();
  await old.query('begin isolation level repeatable read');
  await old.query('select count(*) from audit_log');
  await instance().perform(attempt('a1'), payOut('a1'));
  const open = { query: (text: string, parameters: readonly unknown[]) => old.query(text, parameters) as never };
  await payOut('a2')(open);
  await expect(instance().append(open, attempt('a2'), 'done')).rejects.toThrow('duplicate key');
  await old.query('rollback');
  expect([await found(), await database.query('select id from refund')]).toEqual([expect.objectContaining({ intact: true }), [{ id: 'a1' }]]);
});

test('a process dies after its append: the next one takes its number', async () => {
  const dying = await database.session();
  await dying.query('begin');
  await instance().append({ query: (text, parameters) => dying.query(text, parameters) as never }, attempt('a1'), 'done');
  const next = instance().perform(attempt('a2'), payOut('a2'));
  await pause(100);
  dying.drop();
  await next;
  expect(await database.query("select seq::integer as seq, record::json ->> 'id' as id from audit_log")).toEqual([{ seq: 1, id: 'a2' }]);
  expect(await found()).toMatchObject({ intact: true });
});

test('one session logged in as the services do may append, and not change', async () => {
  const services = await database.session({ user: role, password: 'writes' });
  await instance().append({ query: (text, parameters) => services.query(text, parameters) as never }, attempt('a1'), 'done');
  for (const statement of ["update audit_log set record = '{}'", 'delete from audit_log', 'truncate audit_log']) await expect(services.query(statement), statement).rejects.toThrow('permission denied');
  expect(await found()).toMatchObject({ intact: true, head: { seq: 1 } });
});
