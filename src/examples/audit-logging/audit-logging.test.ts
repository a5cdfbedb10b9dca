import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { AuditLog, canonical, genesis, hashOf, read, sign, verify } from './audit-logging.ts';
import type { Attempt, AuditEvent, AuditLogOptions, Checkpoint, Database, Entry, Finding, Transaction } from './audit-logging.ts';
import { auditSchema } from './schema.ts';

// A real PostgreSQL with one session; two sessions at once are in tests/postgres/audit-logging.test.ts.
let postgres: PGlite;
let database: Database;
let keys: CryptoKeyPair;
beforeAll(async () => {
  postgres = await PGlite.create();
  await postgres.exec(`${auditSchema}
    create table refund (id text primary key, cents integer not null);
    grant select, insert, update on refund to audit_writer`);
  database = { transaction: (work) => postgres.transaction((open) => work({ query: async <Row>(text: string, parameters: readonly unknown[]) => (await open.query<Row>(text, [...parameters])).rows })) as never };
  keys = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']) as CryptoKeyPair;
}, 120_000);
afterAll(() => postgres.close());
beforeEach(() => postgres.exec('reset role; truncate audit_log; truncate refund; set role audit_writer'));

class NotAllowedError extends Error {}
const attempt = (id: string): Attempt => ({ id, by: 'person-7', via: 'back-office', action: 'refund', on: 'order-41', details: { cents: 900 } });
const payOut = (id: string, cents = 900) => (transaction: Transaction): Promise<unknown> => transaction.query('insert into refund values ($1, $2)', [id, cents]);
const instance = (options: Partial<AuditLogOptions> = {}): AuditLog => new AuditLog({ chain: 'payments', database, isRefusal: (error) => error instanceof NotAllowedError, clock: new VirtualClock(), ...options });
const all = (chain = 'payments'): Promise<Entry[]> => gathered(read(database, chain));
async function gathered(stream: AsyncIterable<Entry>): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of stream) entries.push(entry);
  return entries;
}
const records = async (): Promise<Record<string, unknown>[]> => (await all()).map(({ record }) => JSON.parse(record));
const refunds = async (): Promise<unknown[]> => (await postgres.query('select id from refund order by id')).rows;
/** As somebody with every right, behind the back of the program. */
const tamper = async (statements: string): Promise<void> => { await postgres.exec(`reset role; ${statements}; set role audit_writer`); };
const found = (checkpoints: Checkpoint[] = [], since?: Checkpoint): Promise<Finding> => verify('payments', read(database, 'payments', { afterSeq: since?.seq ?? 0, pageSize: 2 }), checkpoints, keys.publicKey, since);

/** Five refunds, and the checkpoint after each. */
async function five(): Promise<Checkpoint[]> {
  for (const id of ['a1', 'a2', 'a3', 'a4', 'a5']) await instance().perform(attempt(id), payOut(id));
  return Promise.all((await all()).map((entry) => sign(entry, keys.privateKey)));
}
/** What somebody with every right and knowledge of the method does: a chain that fits in itself. */
async function rewriteFrom(seq: number, change: (record: Record<string, unknown>) => Record<string, unknown>): Promise<void> {
  const entries = await all();
  let previous = entries[seq - 2]?.hash ?? genesis;
  for (const entry of entries.slice(seq - 1)) {
    const record = canonical(entry.seq === seq ? change(JSON.parse(entry.record)) : JSON.parse(entry.record));
    const hash = await hashOf({ ...entry, previous, record });
    await tamper(`update audit_log set record = '${record}', previous = '${previous}', hash = '${hash}' where seq = ${entry.seq}`);
    previous = hash;
  }
}

describe('an attempt', () => {
  test('leaves who, through whom, what, on what, when and the outcome, in the transaction of its effect', async () => {
    expect(await instance().perform(attempt('a1'), async (transaction) => { await payOut('a1')(transaction); return 'paid'; })).toBe('paid');
    expect(await records()).toEqual([{ ...attempt('a1'), outcome: 'done', at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) }]);
    expect(await refunds()).toEqual([{ id: 'a1' }]);
  });

  test('whose record cannot be written does not happen', async () => {
    const events: AuditEvent[] = [];
    const log = instance({ onEvent: (event) => events.push(event) });
    await expect(log.perform({ ...attempt('a1'), on: 'half a \ud800 character' }, payOut('a1'))).rejects.toThrow(new TypeError('a record cannot hold half a \ud800 character'));
    expect([await refunds(), await records()]).toEqual([[], []]);
    expect(events).toEqual([{ chain: 'payments', attempt: 'a1', atMs: 0, type: 'unrecorded', outcome: 'failed', error: expect.any(TypeError) }]);
  });

  test('that no record can hold does not get as far as the rules, which could be tried out unseen', async () => {
    const long = 'x'.repeat(201);
    for (const [what, error] of [[{ on: long }, RangeError], [{ id: long }, RangeError], [{ by: long }, RangeError], [{ via: long }, RangeError], [{ action: long }, RangeError], [{ details: { note: 'a\0b' } }, TypeError]] as const) {
      const events: AuditEvent[] = [];
      const effect = vi.fn(async () => { throw new NotAllowedError('over your limit'); });
      await expect(instance({ onEvent: (event) => events.push(event) }).perform({ ...attempt('a1'), ...what }, effect)).rejects.toThrow(error);
      expect(effect).not.toHaveBeenCalled();
    }
    // The longest that is allowed fits into the index, whatever its characters take; a person may act without a service between.
    const { via: _, ...direct } = attempt('a2');
    const longest = Array.from({ length: 200 }, (_each, at) => String.fromCharCode(0x4e00 + at * 37)).join('');
    await instance().perform({ ...direct, by: longest, on: longest }, payOut('a2'));
    expect((await records()).at(-1)).toMatchObject({ id: 'a2', by: longest, outcome: 'done' });
  });

  test('of which the answer to the commit is lost leaves `done`, and after it `failed` under the same id', async () => {
    let commits = 0;
    const lost: Database = { transaction: async (work) => { const result = await database.transaction(work); if (++commits === 1) throw new Error('connection lost'); return result; } };
    await expect(instance({ database: lost }).perform(attempt('a1'), payOut('a1'))).rejects.toThrow('connection lost');
    expect(await refunds()).toEqual([{ id: 'a1' }]);
    expect((await records()).map(({ id, outcome }) => [id, outcome])).toEqual([['a1', 'done'], ['a1', 'failed']]);
  });

  test('that is refused is recorded, although its transaction is rolled back', async () => {
    const refusal = new NotAllowedError('over your limit');
    await expect(instance().perform(attempt('a1'), async (transaction) => { await payOut('a1')(transaction); throw refusal; })).rejects.toBe(refusal);
    expect(await refunds()).toEqual([]);
    expect(await records()).toEqual([expect.objectContaining({ id: 'a1', by: 'person-7', outcome: 'refused' })]);
  });

  test('that fails is recorded as failed', async () => {
    await instance().perform(attempt('a1'), payOut('a1'));
    await expect(instance().perform(attempt('a2'), payOut('a1'))).rejects.toThrow('duplicate key');
    expect((await records()).map(({ id, outcome }) => [id, outcome])).toEqual([['a1', 'done'], ['a2', 'failed']]);
  });

  test('to read hands out nothing before its record is committed', async () => {
    let isCommitted = false;
    const slow: Database = { transaction: async (work) => { const result = await database.transaction(work); isCommitted = true; return result; } };
    const seen = await instance({ database: slow }).perform({ ...attempt('a1'), action: 'read' }, (transaction) => transaction.query('select * from refund', []));
    expect([seen, isCommitted]).toEqual([[], true]);
    const failing: Database = { transaction: async (work) => { await database.transaction(async (open) => { await work(open); throw new Error('commit refused'); }); throw new Error('never'); } };
    await expect(instance({ database: failing }).perform({ ...attempt('a2'), action: 'read' }, (transaction) => transaction.query('select * from refund', []))).rejects.toThrow('commit refused');
  });

  test('is announced after its commit, with the time for which others had to wait', async () => {
    const clock = new VirtualClock();
    const events: AuditEvent[] = [];
    const slow: Database = { transaction: async (work) => { const result = await database.transaction(work); await clock.advance(30); return result; } };
    await instance({ clock, database: slow, onEvent: (event) => events.push(event) }).perform(attempt('a1'), async () => { await clock.advance(500); });
    expect(events).toEqual([{ chain: 'payments', attempt: 'a1', atMs: 530, type: 'recorded', seq: 1, outcome: 'done', heldMs: 30 }]);
  });

  test('that was rolled back leaves no hole in the numbers', async () => {
    await instance().perform(attempt('a1'), payOut('a1'));
    await database.transaction(async (transaction) => { await instance().append(transaction, attempt('a2'), 'done'); throw new Error('power cut'); }).catch(() => {});
    await instance().perform(attempt('a3'), payOut('a3'));
    expect((await all()).map(({ seq }) => seq)).toEqual([1, 2]);
    expect(await found()).toMatchObject({ intact: true, head: { seq: 2 } });
  });

  test('of another chain goes beside this one', async () => {
    await instance().perform(attempt('a1'), payOut('a1'));
    await instance({ chain: 'accounts' }).perform(attempt('a2'), payOut('a2'));
    expect((await all('accounts')).map(({ seq, previous }) => [seq, previous])).toEqual([[1, genesis]]);
  });

  test('needs a chain with a name', () => {
    expect(() => instance({ chain: '' })).toThrow(new RangeError('chain must not be empty'));
  });
});

describe('the database', () => {
  test('lets the role of the services insert, and refuses it to change, delete or empty', async () => {
    await five();
    await postgres.exec('grant all on audit_log to audit_writer'); // only a warning: it has nothing to give
    for (const statement of ["update audit_log set record = '{}'", 'delete from audit_log', 'truncate audit_log', 'drop table audit_log', 'alter table audit_log disable trigger all']) {
      await expect(postgres.exec(statement), statement).rejects.toThrow(/permission denied|must be owner/);
    }
    expect(await found()).toMatchObject({ intact: true, head: { seq: 5 } });
  });

  test('refuses a second entry behind the same one, and one with the same number', async () => {
    const [, second] = await five().then(() => all());
    const insert = (seq: number, previous: string): Promise<unknown> => postgres.query("insert into audit_log values ('payments', $1, '{}', $2, 'x')", [seq, previous]);
    await expect(insert(6, second!.previous)).rejects.toThrow('audit_log_chain_previous_key');
    await expect(insert(5, 'y')).rejects.toThrow('audit_log_pkey');
  });

  test('refuses a record that is no object, or that names one key twice', async () => {
    for (const record of ['[]', '{', '{"by":"person-7","by":"person-8"}', '{"details":{"cents":1,"cents":2}}']) {
      await expect(postgres.query("insert into audit_log values ('payments', 1, $1, 'x', 'y')", [record]), record).rejects.toThrow('audit_log_record_check');
    }
  });
});

describe('the check finds', () => {
  test('nothing in a chain that nobody touched, and says how far it goes', async () => {
    const checkpoints = await five();
    const last = (await all())[4]!;
    expect(await found(checkpoints)).toEqual({ intact: true, head: { chain: 'payments', seq: 5, hash: last.hash } });
  });

  test('the first entry of which a letter was changed', async () => {
    await five();
    await tamper("update audit_log set record = replace(record, 'person-7', 'person-8') where seq in (3, 4)");
    expect(await found()).toEqual({ intact: false, seq: 3, fault: 'changed' });
  });

  test('a changed entry whose hash was made to fit, at the entry behind it', async () => {
    await five();
    const third = (await all())[2]!;
    const record = third.record.replace('person-7', 'person-8');
    await tamper(`update audit_log set record = '${record}', hash = '${await hashOf({ ...third, record })}' where seq = 3`);
    expect(await found()).toEqual({ intact: false, seq: 4, fault: 'unlinked' });
  });

  test('an entry that was taken out, at the beginning or between', async () => {
    for (const seq of [1, 3]) {
      await tamper('truncate refund; truncate audit_log');
      await five();
      await tamper(`delete from audit_log where seq = ${seq}`);
      expect(await found()).toEqual({ intact: false, seq, fault: 'missing' });
    }
  });

  test('entries that were exchanged or renumbered', async () => {
    await five();
    await tamper('update audit_log set seq = seq + 10 where seq in (3, 4); update audit_log set seq = 17 - seq where seq > 10');
    expect(await found()).toEqual({ intact: false, seq: 3, fault: 'changed' });
  });

  test('an entry of another chain', async () => {
    await instance({ chain: 'accounts' }).perform(attempt('a1'), payOut('a1'));
    await tamper("update audit_log set chain = 'payments'");
    expect(await found()).toEqual({ intact: false, seq: 1, fault: 'changed' });
    expect(await verify('payments', read(database, 'payments'), [], keys.publicKey)).toMatchObject({ fault: 'changed' });
  });

  test('a number that comes twice, and entries of the wrong chain in the stream', async () => {
    await five();
    const entries = await all();
    const stream = async function* (of: Entry[]): AsyncGenerator<Entry> { yield* of; };
    expect(await verify('payments', stream([entries[0]!, entries[0]!]), [], keys.publicKey)).toEqual({ intact: false, seq: 2, fault: 'changed' });
    expect(await verify('accounts', stream(entries), [], keys.publicKey)).toEqual({ intact: false, seq: 1, fault: 'changed' });
  });

  test('a cut end only against a checkpoint', async () => {
    const checkpoints = await five();
    await tamper('delete from audit_log where seq > 3');
    expect(await found()).toMatchObject({ intact: true, head: { seq: 3 } });
    expect(await found([checkpoints[4]!])).toEqual({ intact: false, seq: 4, fault: 'missing' });
  });

  test('a chain that was written anew only against a checkpoint, at the first one that does not fit', async () => {
    const checkpoints = await five();
    await rewriteFrom(2, (record) => ({ ...record, by: 'person-8' }));
    expect(await found()).toMatchObject({ intact: true, head: { seq: 5 } });
    expect(await found([checkpoints[0]!])).toMatchObject({ intact: true });
    expect(await found([checkpoints[4]!, checkpoints[2]!])).toEqual({ intact: false, seq: 3, fault: 'rewritten' });
  });

  test('that the chain behind an archive is another than was signed there', async () => {
    const checkpoints = await five();
    await rewriteFrom(2, (record) => ({ ...record, by: 'person-8' }));
    const signedTooLate = await sign((await all())[2]!, keys.privateKey);
    expect(await found([], signedTooLate)).toMatchObject({ intact: true });
    expect(await found([checkpoints[2]!], signedTooLate)).toEqual({ intact: false, seq: 3, fault: 'rewritten' });
  });

  test('a checkpoint that was made up, or speaks of another chain', async () => {
    const checkpoints = await five();
    const strangers = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']) as CryptoKeyPair;
    await rewriteFrom(2, (record) => ({ ...record, by: 'person-8' }));
    const rewritten = (await all())[4]!;
    expect(await found([await sign(rewritten, strangers.privateKey)])).toEqual({ intact: false, seq: 5, fault: 'forged' });
    expect(await found([{ ...checkpoints[4]!, hash: rewritten.hash }])).toEqual({ intact: false, seq: 5, fault: 'forged' });
    expect(await found([{ ...checkpoints[4]!, seq: 4 }])).toEqual({ intact: false, seq: 4, fault: 'forged' });
    expect(await found([{ ...checkpoints[4]!, signature: '' }])).toEqual({ intact: false, seq: 5, fault: 'forged' });
    const others = await sign({ chain: 'accounts', seq: 5, hash: rewritten.hash }, keys.privateKey);
    expect(await found([others])).toEqual({ intact: false, seq: 5, fault: 'forged' });
    expect(await found([{ ...others, chain: 'payments' }])).toEqual({ intact: false, seq: 5, fault: 'forged' });
  });

  test('nothing amiss where old entries went to an archive up to a checkpoint, and all else behind it', async () => {
    const checkpoints = await five();
    await tamper('delete from audit_log where seq <= 2');
    expect(await found()).toEqual({ intact: false, seq: 1, fault: 'missing' });
    expect(await found([checkpoints[4]!], checkpoints[1])).toMatchObject({ intact: true, head: { seq: 5 } });
    expect(await found([], { ...checkpoints[1]!, signature: checkpoints[0]!.signature })).toEqual({ intact: false, seq: 2, fault: 'forged' });
    await tamper('delete from audit_log where seq = 3');
    expect(await found([], checkpoints[1])).toEqual({ intact: false, seq: 3, fault: 'missing' });
  });

  test('nothing of what was never written', async () => {
    await five();
    await database.transaction(payOut('beside the log'));
    expect(await found()).toMatchObject({ intact: true, head: { seq: 5 } });
  });
});

describe('the canonical form', () => {
  test('is the same for the same content in another order', () => {
    expect(canonical({ b: [1, true, null], a: { d: 'x', c: 'y' } })).toBe('{"a":{"c":"y","d":"x"},"b":[1,true,null]}');
    expect(canonical({ a: { c: 'y', d: 'x' }, b: [1, true, null] })).toBe('{"a":{"c":"y","d":"x"},"b":[1,true,null]}');
  });

  test('sorts keys and writes numbers as RFC 8785 shows', () => {
    // Keys in which the order of code units differs from that of characters.
    const sample = { '\u20ac': 'Euro Sign', '\r': 'Carriage Return', '\ufb33': 'Hebrew Letter Dalet With Dagesh', '1': 'One', '\ud83d\ude00': 'Emoji: Grinning Face', '\u0080': 'Control', '\u00f6': 'Latin Small Letter O With Diaeresis' };
    expect(Object.values(JSON.parse(`[${canonical(sample).slice(1, -1).replaceAll(/"[^"]*":/g, '')}]`))).toEqual(['Carriage Return', 'One', 'Control', 'Latin Small Letter O With Diaeresis', 'Euro Sign', 'Emoji: Grinning Face', 'Hebrew Letter Dalet With Dagesh']);
    expect(canonical([333333333.33333329, 1e30, 4.5, 2e-3, 1e-27, -0])).toBe('[333333333.3333333,1e+30,4.5,0.002,1e-27,0]');
  });

  test('refuses what would be lost or changed on the way', () => {
    for (const [value, name] of [[Number.NaN, 'NaN'], [Infinity, 'Infinity'], [undefined, 'undefined'], [1n, '1']] as const) {
      expect(() => canonical({ value })).toThrow(new TypeError(`a record cannot hold ${name}`));
    }
    expect(() => canonical(new Array(1))).toThrow('a record cannot hold undefined');
    expect(() => canonical('\0')).toThrow(TypeError);
    expect(canonical('\\u0000')).toBe('"\\\\u0000"');
    expect(() => canonical(new Map())).toThrow('a record cannot hold [object Map]');
    expect(() => canonical(new Date(0))).toThrow(TypeError);
  });

  test('is hashed together with chain, number and the hash before', async () => {
    const entry = { chain: 'payments', seq: 1, previous: genesis, record: '{}' };
    const hashes = await Promise.all([entry, { ...entry, chain: 'accounts' }, { ...entry, seq: 2 }, { ...entry, previous: 'f'.repeat(64) }, { ...entry, record: '{ }' }].map(hashOf));
    expect(new Set(hashes).size).toBe(5);
    // Of these bytes, in any language: ["payments",1,"000…","{}"] as UTF-8. Another hash here would break every chain there is.
    expect(hashes[0]).toBe('fea2e19acd8cffb7e36e971df14eb56c2e82570506beca172a0514a1e401a4d7');
  });
});

test('a chain is read in pages, the last of which may be full', async () => {
  await five();
  for (const pageSize of [1, 2, 5, 6]) expect((await gathered(read(database, 'payments', { pageSize }))).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  expect((await gathered(read(database, 'payments', { afterSeq: 3 }))).map(({ seq }) => seq)).toEqual([4, 5]);
  await tamper('delete from audit_log where seq = 2');
  expect((await gathered(read(database, 'payments', { pageSize: 2 }))).map(({ seq }) => seq)).toEqual([1, 3, 4, 5]);
  await expect(read(database, 'payments', { pageSize: 0 }).next()).rejects.toThrow(new RangeError('pageSize must be a positive integer: current value is 0'));
});
