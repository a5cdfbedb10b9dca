import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { EventRefusedError } from '../transactional-outbox/contract.ts';
import type { Database, OutboxEvent, Publish } from '../transactional-outbox/contract.ts';
import { LogTailer, MissingSlotError, outboxEvent, PgoutputDecoder, SchemaMismatchError, slotLag, UnknownTableError } from './transaction-log-tailing.ts';
import type { LogMessage, TailerEvent, TailerOptions } from './transaction-log-tailing.ts';

// What a server sends; tests/postgres holds the program against a real one.
const bytes = (...parts: (number[] | string)[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : part)));
const int = (size: number, value: number): number[] => Array.from({ length: size }, (_, at) => Math.floor(value / 256 ** (size - 1 - at)) % 256);
const tuple = (values: (string | null | undefined)[]): number[] => [...int(2, values.length), ...values.flatMap((value) => (value === undefined ? [...bytes('u')] : value === null ? [...bytes('n')] : [...bytes('t'), ...int(4, bytes(value).length), ...bytes(value)]))];
const begin = (xid = 7) => bytes('B', int(16, 0), int(4, xid));
const commit = (end: number) => bytes('C', int(9, 0), int(8, end), int(8, 0));
const relation = (columns: string[], name = 'outbox', id = 5) => bytes('R', int(4, id), 'public\0', `${name}\0`, 'd', int(2, columns.length), ...columns.flatMap((column) => [[1], `${column}\0`, int(8, 0)]));
const columns = ['id', 'message', 'key', 'type', 'payload', 'headers'];
const insert = (id: string, key = 'o1', table = 5) => bytes('I', int(4, table), 'N', tuple([id, `m${id}`, key, 'Placed', '{"a":1}', '{}']));
const event = (id: string, key = 'o1'): OutboxEvent => ({ id, message: `m${id}`, key, type: 'Placed', payload: { a: 1 }, headers: {}, attempts: 0 });

const data = (...all: Uint8Array[]): LogMessage[] => all.map((each) => ({ type: 'data', data: each }));
const keepalive = (end: bigint): LogMessage => ({ type: 'keepalive', end });

function streamOf(messages: LogMessage[]) {
  const confirmed: bigint[] = [];
  return { confirmed, confirm: (position: bigint) => void confirmed.push(position), async *[Symbol.asyncIterator]() { yield* messages; } };
}
const never = new AbortController().signal;
const noPark: TailerOptions['park'] = () => Promise.reject(new Error('nothing is to be parked'));
const collecting = () => {
  const received: string[] = [];
  const publish: Publish = async ({ id }) => void received.push(id);
  return { received, publish };
};

describe('decoding', () => {
  test('a transaction with its table, an insert, an update and a delete', () => {
    const decoder = new PgoutputDecoder();
    const all = [begin(9), relation(['id', 'name']), bytes('I', int(4, 5), 'N', tuple(['1', 'kettle'])), bytes('U', int(4, 5), 'K', tuple(['1', null]), 'N', tuple(['2', undefined])), bytes('D', int(4, 5), 'O', tuple(['2', 'Wörter'])), bytes('D', int(4, 5), 'O', tuple(['3', null])), commit(2 ** 33 + 5), bytes('T', int(4, 1), [0], int(4, 5)), bytes('Y', int(4, 1))];
    expect(all.map((each) => decoder.decode(each))).toEqual([
      { type: 'begin', xid: 9 },
      { type: 'relation', relation: { id: 5, name: 'public.outbox', columns: ['id', 'name'] } },
      { type: 'insert', table: 'public.outbox', row: { id: '1', name: 'kettle' } },
      { type: 'update', table: 'public.outbox', old: { id: '1' }, row: { id: '2' } },
      { type: 'delete', table: 'public.outbox', old: { id: '2', name: 'Wörter' } },
      { type: 'delete', table: 'public.outbox', old: { id: '3', name: null } },
      { type: 'commit', end: 8_589_934_597n },
      { type: 'truncate', tables: ['public.outbox'] },
      { type: 'other', tag: 'Y' },
    ]);
  });

  test('after a change of the schema the log describes the table anew, and later rows follow it', () => {
    const decoder = new PgoutputDecoder();
    decoder.decode(relation(['id']));
    decoder.decode(relation(['id', 'note']));
    expect(decoder.decode(bytes('I', int(4, 5), 'N', tuple(['1', 'new'])))).toMatchObject({ row: { id: '1', note: 'new' } });
  });

  test('a row of a table that was not described, and bytes that end too early, are refused', () => {
    expect(() => new PgoutputDecoder().decode(insert('1'))).toThrow(UnknownTableError);
    const decoder = new PgoutputDecoder();
    decoder.decode(relation(columns));
    expect(() => decoder.decode(insert('1').slice(0, -1))).toThrow(RangeError);
    expect(() => decoder.decode(begin().slice(0, 5))).toThrow(RangeError);
    expect(() => decoder.decode(bytes('R', int(4, 5), 'public'))).toThrow(RangeError);
  });
});

describe('what becomes an event', () => {
  test('an insert into the outbox; nothing else', () => {
    const row = { id: '1', message: 'm1', key: 'o1', type: 'Placed', payload: '{"a":1}', headers: '{}', added: null };
    expect(outboxEvent({ type: 'insert', table: 'public.outbox', row })).toEqual(event('1'));
    expect(outboxEvent({ type: 'update', table: 'public.outbox', row })).toBeUndefined();
    expect(outboxEvent({ type: 'insert', table: 'public.orders', row })).toBeUndefined();
  });

  test('a column that is missing or empty stops the reader with its name', () => {
    expect(() => outboxEvent({ type: 'insert', table: 'public.outbox', row: { id: '1', message: 'm1', key: null, type: 'Placed', payload: '{}' } })).toThrow(new SchemaMismatchError('An event in public.outbox has no key, headers: has the table changed?'));
    expect(() => outboxEvent({ type: 'insert', table: 'public.outbox' })).toThrow(SchemaMismatchError);
  });
});

describe('tailing', () => {
  test('publishes in the order of the log, and confirms a transaction when all of it is published', async () => {
    const { received, publish } = collecting();
    const stream = streamOf(data(begin(), relation(columns), insert('2'), insert('3'), commit(100), begin(), insert('1'), commit(200)));
    const events: TailerEvent[] = [];
    await new LogTailer(publish, { park: noPark, onEvent: (each) => void events.push(each) }).tail(stream, never);
    expect([received, stream.confirmed]).toEqual([['2', '3', '1'], [100n, 200n]]);
    expect(events.map(({ type }) => type)).toEqual(['published', 'published', 'confirmed', 'published', 'confirmed']);
  });

  test('a keepalive between transactions moves the position; one within a transaction does not', async () => {
    const { publish } = collecting();
    const stream = streamOf([keepalive(50n), ...data(begin(), relation(columns), insert('1')), keepalive(90n), ...data(commit(100)), keepalive(500n)]);
    await new LogTailer(publish, { park: noPark }).tail(stream, never);
    expect(stream.confirmed).toEqual([50n, 100n, 500n]);
  });

  test('changes that say nothing are passed over and confirmed; what is said is up to you', async () => {
    const { received, publish } = collecting();
    const messages = data(relation(['id', 'name'], 'product', 6), begin(), bytes('U', int(4, 6), 'N', tuple(['1', 'tea'])), bytes('D', int(4, 6), 'K', tuple(['1', null])), commit(100));
    const stream = streamOf(messages);
    await new LogTailer(publish, { park: noPark }).tail(stream, never);
    expect([received, stream.confirmed]).toEqual([[], [100n]]);
    await new LogTailer(publish, { park: noPark, toEvent: ({ type, old }) => (type === 'delete' ? event(`gone ${old!['id']}`) : undefined) }).tail(streamOf(messages), never);
    expect(received).toEqual(['gone 1']);
  });

  test('a statement that empties several tables is told for each', async () => {
    const { received, publish } = collecting();
    const messages = data(relation(['id'], 'product', 6), relation(['id'], 'price', 7), begin(), bytes('T', int(4, 2), [0], int(4, 6), int(4, 7)), commit(100));
    await new LogTailer(publish, { park: noPark, toEvent: ({ type, table }) => event(`${type} ${table}`) }).tail(streamOf(messages), never);
    expect(received).toEqual(['truncate public.product', 'truncate public.price']);
  });

  test('while the broker fails nothing overtakes and nothing is confirmed; the pauses grow up to their limit', async () => {
    const clock = new VirtualClock();
    const attempts: string[] = [];
    const publish: Publish = async ({ id }) => {
      attempts.push(`${id} at ${clock.now()}`);
      if (attempts.length <= 4) throw new Error('connect ECONNREFUSED');
    };
    const stream = streamOf(data(relation(columns), begin(), insert('1'), insert('2'), commit(100)));
    const tailing = new LogTailer(publish, { park: noPark, clock, retryMs: 100, maxRetryMs: 300 }).tail(stream, never);
    for (let ms = 0; ms < 1_000; ms += 50) {
      if (ms < 700) expect(stream.confirmed).toEqual([]);
      await clock.advance(50);
    }
    await tailing;
    expect([attempts, stream.confirmed]).toEqual([['1 at 0', '1 at 100', '1 at 300', '1 at 600', '1 at 900', '2 at 900'], [100n]]);
  });

  test('an event that the broker refuses is parked, and only then passed', async () => {
    const kept = Promise.withResolvers<void>();
    const parked: string[] = [];
    const publish: Publish = async ({ id }) => {
      if (id === '1') throw new EventRefusedError('too large');
    };
    const stream = streamOf(data(relation(columns), begin(), insert('1'), insert('2'), commit(100)));
    const tailing = new LogTailer(publish, { park: ({ id }) => {
      parked.push(id);
      return kept.promise;
    } }).tail(stream, never);
    await new VirtualClock().advance(0);
    expect([parked, stream.confirmed]).toEqual([['1'], []]);
    kept.resolve();
    await tailing;
    expect(stream.confirmed).toEqual([100n]);
  });

  test('what cannot be parked ends the tailing, unconfirmed', async () => {
    const stream = streamOf(data(relation(columns), begin(), insert('1'), commit(100)));
    const tailer = new LogTailer(() => Promise.reject(new EventRefusedError('too large')), { park: noPark });
    await expect(tailer.tail(stream, never)).rejects.toThrow('nothing is to be parked');
    expect(stream.confirmed).toEqual([]);
  });

  test('an observer that throws is not taken for a broker that fails: nothing is published twice, and nothing confirmed', async () => {
    const { received, publish } = collecting();
    const stream = streamOf(data(relation(columns), begin(), insert('1'), commit(100)));
    const tailer = new LogTailer(publish, { park: noPark, clock: new VirtualClock(), onEvent: () => {
      throw new Error('no metrics');
    } });
    await expect(tailer.tail(stream, never)).rejects.toThrow('no metrics');
    expect([received, stream.confirmed]).toEqual([['1'], []]);
  });

  test('stopped between attempts or between messages it confirms nothing more, and leaves no timer', async () => {
    const clock = new VirtualClock();
    const stop = new AbortController();
    const messages = data(relation(columns), begin(), insert('1'), commit(100));
    const stream = streamOf(messages);
    const tailing = new LogTailer(() => Promise.reject(new Error('down')), { park: noPark, clock }).tail(stream, stop.signal);
    await clock.advance(0);
    stop.abort();
    await tailing;
    const idle = streamOf([keepalive(50n)]);
    await new LogTailer(collecting().publish, { park: noPark }).tail(idle, stop.signal);
    expect([stream.confirmed, idle.confirmed, clock.pending]).toEqual([[], [], 0]);
  });

  test('pauses outside their range are refused with their rule and values', () => {
    for (const options of [{ retryMs: 0 }, { retryMs: 40_000 }, { maxRetryMs: 2 ** 31 }, { retryMs: Number.NaN }]) expect(() => new LogTailer(async () => {}, { park: noPark, ...options })).toThrow("Cannot tail the log as 'retryMs' must be above 0");
  });
});

test('the lag of a slot is told, and a slot that is not there is an error of its own', async () => {
  const lag = { active: true, status: 'reserved', unreadBytes: 100, heldBytes: 5_000 };
  const withSlots = (...rows: unknown[]): Database => ({ transaction: (work) => work({ query: async <Found>() => rows as Found[] }) });
  expect(await slotLag(withSlots(lag), 'outbox')).toEqual(lag);
  await expect(slotLag(withSlots(), 'gone')).rejects.toThrow(new MissingSlotError("There is no replication slot 'gone'"));
});
