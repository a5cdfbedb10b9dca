/** The log of a real server: slots, positions, and what it says and does not say. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { LogTailer, MissingSlotError, SchemaMismatchError, slotLag, statements } from '../../src/examples/transaction-log-tailing/transaction-log-tailing.ts';
import type { Change } from '../../src/examples/transaction-log-tailing/transaction-log-tailing.ts';
import { outboxSchema } from '../../src/examples/transactional-outbox/schema.ts';
import { recordEvent } from '../../src/examples/transactional-outbox/transactional-outbox.ts';
import type { OutboxEvent } from '../../src/examples/transactional-outbox/transactional-outbox.ts';
import { useDatabase } from './database.ts';
import { openLogStream, replicationClient } from './log-stream.ts';
import type { TestLogStream } from './log-stream.ts';

const database = useDatabase(`${outboxSchema} ${statements.publish}; create table product (id integer primary key, name text, about text); create publication products for table product`);
const slot = `slot_${crypto.randomUUID().replaceAll('-', '')}`;
const open: TestLogStream[] = [];
const dropSlots = async () => {
  await Promise.all(open.splice(0).map((stream) => stream.close()));
  const mine = 'select slot_name from pg_replication_slots where database = current_database()';
  for (let wait = 0; wait < 200 && (await database.query(`${mine} and active`)).length > 0; wait += 1) await pause(50);
  await database.query(`select pg_drop_replication_slot(slot_name) from (${mine}) as mine`);
};
// A database with a slot cannot be dropped.
afterAll(dropSlots);
beforeEach(async () => {
  await dropSlots();
  await database.query('truncate outbox, product restart identity');
  await database.query(statements.makeSlot, [slot]);
});

const record = (key: string, type = 'Placed') => database.transaction((transaction) => recordEvent(transaction, { key, type, payload: { key } }));
const recordBare = "insert into outbox (key, type, payload, headers) values ($1, 'Placed', '{}', '{}')";
const databaseName = async () => (await database.query<{ name: string }>('select current_database() as name'))[0]!.name;
const connect = async (publication = 'outbox_events', serverWaitsMs?: number) => {
  const stream = await openLogStream(await databaseName(), slot, publication, serverWaitsMs);
  open.push(stream);
  return stream;
};
/** Tails in the background. */
const tail = async (publish: (event: OutboxEvent) => Promise<void> = async () => {}, options: Partial<ConstructorParameters<typeof LogTailer>[1]> = {}, publication?: string) => {
  const stream = await connect(publication);
  const received: OutboxEvent[] = [];
  const stop = new AbortController();
  const ended = new LogTailer(async (event) => {
    received.push(event);
    await publish(event);
  }, { park: async () => {}, ...options }).tail(stream, stop.signal);
  ended.catch(() => {}); // the test that cares awaits it
  return { received, ended, keys: () => received.map(({ key }) => key), end: async () => {
    stop.abort();
    open.splice(open.indexOf(stream), 1);
    await stream.close();
    await ended.catch(() => {});
    await expect.poll(async () => (await slotLag(database, slot)).active, { timeout: 10_000 }).toBe(false);
  } };
};
const until = (condition: () => unknown) => expect.poll(condition, { timeout: 10_000 });
const unread = async () => (await slotLag(database, slot)).unreadBytes;

describe('what the log says', () => {
  test('commits, in the order of commits: a smaller id that commits later comes later, and is not lost', async () => {
    const tailer = await tail();
    const slow = await database.session();
    await slow.query('begin');
    await slow.query(recordBare, ['slow']);
    await record('quick');
    await until(tailer.keys).toEqual(['quick']);
    await slow.query('commit');
    await until(tailer.keys).toEqual(['quick', 'slow']);
    expect(tailer.received.map(({ id }) => id)).toEqual(['2', '1']);
  });

  test('nothing of what was rolled back, and what was deleted in its own transaction', async () => {
    const tailer = await tail();
    const session = await database.session();
    await session.query('begin');
    await session.query(recordBare, ['rolled back']);
    await session.query('rollback');
    const message = await database.transaction(async (transaction) => {
      const id = await recordEvent(transaction, { key: 'gone', type: 'Placed', payload: { lines: [1, 2] } }, { traceparent: '00-1' });
      await transaction.query('delete from outbox', []);
      return id;
    });
    await until(tailer.keys).toEqual(['gone']);
    expect(tailer.received[0]).toEqual({ id: '2', message, key: 'gone', type: 'Placed', payload: { lines: [1, 2] }, headers: { traceparent: '00-1' }, attempts: 0 });
    expect(await database.query('select from outbox')).toEqual([]);
  });

  test('rows as they are after a change, without the large value that it did not touch; of a deleted row the key', async () => {
    const changes: Change[] = [];
    const large = "(select string_agg(md5(n::text), '') from generate_series(1, 1000) n)";
    await tail(undefined, { toEvent: (change) => void changes.push(change) }, 'products');
    await database.query(`insert into product values (1, 'kettle', ${large})`);
    await database.query("update product set name = 'pot' where id = 1");
    await database.query('delete from product');
    await database.query('truncate product');
    await until(() => changes.length).toBe(4);
    expect(changes[0]!.row!['about']).toHaveLength(32_000);
    expect(changes.slice(1)).toEqual([
      { type: 'update', table: 'public.product', row: { id: '1', name: 'pot' } },
      { type: 'delete', table: 'public.product', old: { id: '1' } },
      { type: 'truncate', table: 'public.product' },
    ]);
  });
});

describe('the replica identity', () => {
  test('full brings the large value, in the row before the change', async () => {
    await database.query('alter table product replica identity full');
    try {
      const changes: Change[] = [];
      await tail(undefined, { toEvent: (change) => void changes.push(change) }, 'products');
      await database.query("insert into product values (1, 'kettle', (select string_agg(md5(n::text), '') from generate_series(1, 1000) n))");
      await database.query("update product set name = 'pot' where id = 1");
      await until(() => changes.length).toBe(2);
      expect(changes[1]!.row).toEqual({ id: '1', name: 'pot' });
      expect(changes[1]!.old!['about']).toHaveLength(32_000);
    } finally {
      await database.query('alter table product replica identity default');
    }
  });

  test('missing, a publication of updates makes the writer fail', async () => {
    await database.query('create table keyless (name text); create publication keyless_changes for table keyless');
    await database.query("insert into keyless values ('kettle')");
    await expect(database.query("update keyless set name = 'pot'")).rejects.toThrow(/does not have a replica identity and publishes updates/);
    await database.query('drop table keyless; drop publication keyless_changes');
  });
});

describe('positions', () => {
  test('what was published and not confirmed comes again after a crash, under the same message id; what was confirmed does not', async () => {
    await record('first');
    const before = await tail();
    await until(before.keys).toEqual(['first']);
    await until(unread).toBeLessThan(1_000);
    // The process dies while the broker has the second and nobody has confirmed it.
    const hang = Promise.withResolvers<void>();
    await before.end();
    await record('second');
    const dying = await tail(() => hang.promise);
    await until(dying.keys).toEqual(['second']);
    const closing = dying.end();
    hang.reject(new Error('the process died'));
    await closing;
    const after = await tail();
    await until(after.keys).toEqual(['second']);
    expect(after.received[0]!.message).toBe(dying.received[0]!.message);
  });

  test('a second reader of the slot is refused', async () => {
    await tail();
    await expect(connect()).rejects.toThrow(/is active for PID/);
  });

  test('an event from before the slot does not come', async () => {
    await dropSlots();
    await expect(slotLag(database, slot)).rejects.toThrow(MissingSlotError);
    await record('before');
    await database.query(statements.makeSlot, [slot]);
    const tailer = await tail();
    await record('after');
    await until(tailer.keys).toEqual(['after']);
  });

  test('a copy of what is there and then the log: each row once, though rows are written meanwhile', async () => {
    await dropSlots();
    await database.query("insert into product values (1, 'before')");
    const maker = await replicationClient(await databaseName());
    const { rows: [made] } = await maker.query<{ snapshot_name: string }>(`CREATE_REPLICATION_SLOT ${slot} LOGICAL pgoutput (SNAPSHOT 'export')`);
    await database.query("insert into product values (2, 'meanwhile')");
    const reader = await database.session();
    await reader.query('begin isolation level repeatable read');
    await reader.query(`set transaction snapshot '${made!.snapshot_name}'`);
    const copied = await reader.query('select id from product');
    await reader.query('commit');
    await maker.end();
    const changes: Change[] = [];
    await tail(undefined, { toEvent: (change) => void changes.push(change) }, 'products');
    await until(() => changes.map(({ row }) => row!['id'])).toEqual(['2']);
    expect(copied).toEqual([{ id: 1 }]);
  });
});

describe('the slot and the disk', () => {
  const write = () => database.query("insert into product select n, md5(n::text), repeat('x', 1000) from generate_series(1, 2000) n on conflict (id) do update set name = 'again'");

  test('a slot that nobody reads keeps the log of every table', async () => {
    const before = await slotLag(database, slot);
    for (let round = 0; round < 3; round += 1) await write();
    const { active, status, unreadBytes, heldBytes } = await slotLag(database, slot);
    expect([active, status]).toEqual([false, 'reserved']);
    expect(unreadBytes - before.unreadBytes).toBeGreaterThan(2_000_000);
    expect(heldBytes).toBeGreaterThanOrEqual(unreadBytes);
  });

  test('beyond the limit that is set the server keeps its disk and gives up the slot: what was not read is gone', async () => {
    await record('unread');
    await database.query("alter system set max_slot_wal_keep_size = '1MB'");
    await database.query('select pg_reload_conf()');
    try {
      for (let segment = 0; segment < 4; segment += 1) {
        await write();
        await database.query('select pg_switch_wal()');
      }
      await database.query('checkpoint');
      await until(async () => (await slotLag(database, slot)).status).toBe('lost');
      expect((await slotLag(database, slot)).heldBytes).toBe(0);
      await expect(connect()).rejects.toThrow(/replication slot/);
    } finally {
      await database.query('alter system reset max_slot_wal_keep_size');
      await database.query('select pg_reload_conf()');
    }
  });

  test('a broker that takes longer than the server waits for a sign of life does not end the connection, nor fill the memory', async () => {
    const taken = Promise.withResolvers<void>();
    const stream = await connect('outbox_events', 1_000);
    const received: string[] = [];
    const tailing = new LogTailer(async ({ key }) => {
      received.push(key);
      await taken.promise;
    }, { park: async () => {} }).tail(stream, new AbortController().signal);
    await database.query("insert into outbox (key, type, payload, headers) select n::text, 'Placed', jsonb_build_object('x', repeat('x', 1000)), '{}' from generate_series(1, 20000) n");
    await pause(3_000);
    expect(received).toEqual(['1']);
    expect(stream.waiting()).toBeLessThan(2_000);
    taken.resolve();
    await until(() => received.length).toBe(20_000);
    expect(received).toEqual(Array.from({ length: 20_000 }, (_, at) => String(at + 1)));
    await stream.close();
    await tailing;
  });

  test('a reader whose own tables are quiet moves on with the keepalives', async () => {
    const tailer = await tail();
    await write();
    await until(unread).toBeLessThan(100_000);
    expect(tailer.received).toEqual([]);
  });

  test('while one event cannot be published, the log is kept', async () => {
    await record('stuck');
    const tailer = await tail(() => Promise.reject(new Error('down')), { retryMs: 5, maxRetryMs: 5 });
    await until(() => tailer.received.length).toBeGreaterThan(3);
    await write();
    expect(await unread()).toBeGreaterThan(1_000_000);
    await tailer.end();
  });
});

describe('the schema changes', () => {
  test('a new column does no harm', async () => {
    const tailer = await tail();
    await record('first');
    await database.query('alter table outbox add column note text');
    await record('second');
    await until(tailer.keys).toEqual(['first', 'second']);
    await database.query('alter table outbox drop column note');
  });

  test('a renamed column stops the reader before anything wrong goes out, and it goes on when the names are right again', async () => {
    await record('first');
    await database.query('alter table outbox rename column key to subject');
    await database.query("insert into outbox (subject, type, payload, headers) values ('second', 'Placed', '{}', '{}')");
    await database.query('alter table outbox rename column subject to key');
    const tailer = await tail();
    await expect(tailer.ended).rejects.toThrow(SchemaMismatchError);
    expect(tailer.keys()).toEqual(['first']);
    await tailer.end();
    // The log keeps the names of its time: the reader has to know both.
    const wiser = await tail(undefined, { toEvent: ({ row }) => ({ id: row!['id']!, message: row!['message']!, key: (row!['key'] ?? row!['subject'])!, type: row!['type']!, payload: {}, headers: {}, attempts: 0 }) });
    await until(wiser.keys).toEqual(['second']);
  });
});
