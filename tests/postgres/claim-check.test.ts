/** What PGlite with its one session cannot show: two readers of one payload who are done at the same moment. */
import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { PostgresBook, schema } from '../../src/examples/claim-check/postgres-book.ts';
import { useDatabase } from './database.ts';

const database = useDatabase(schema);
const book = new PostgresBook(database);
const hourMs = 3_600_000;
beforeEach(() => database.query('truncate claim'));

describe('readers who are done at the same moment', () => {
  test('of two, and of ten, exactly one hears that all are done, so that the payload is deleted once and never forgotten', async () => {
    for (let round = 0; round < 20; round += 1) {
      const readers = Array.from({ length: round % 2 === 0 ? 2 : 10 }, (_, at) => `reader ${at}`);
      await book.open(`k${round}`, readers, hourMs);
      const told = await Promise.all(readers.map((reader) => book.done(`k${round}`, reader)));
      expect(told.filter((all) => all), `k${round}`).toEqual([true]);
    }
  });

  test.each([{ how: 'commit', all: true }, { how: 'rollback', all: false }])('the second waits for the first to end: after its $how it hears that all are done: $all', async ({ how, all }) => {
    await book.open('k', ['invoices', 'archive'], hourMs);
    const first = await database.session();
    await first.query('begin');
    expect(await new PostgresBook(first).done('k', 'invoices')).toBe(false);
    let isOver = false;
    const second = book.done('k', 'archive').finally(() => { isOver = true; });
    await pause(200);
    expect(isOver).toBe(false);
    await first.query(how);
    expect(await second).toBe(all);
    expect(await book.isDone('k', 'invoices')).toBe(all);
  });

  test('copies of one reader count once, however many come', async () => {
    await book.open('k', ['invoices', 'archive'], hourMs);
    expect(await Promise.all(Array.from({ length: 10 }, () => book.done('k', 'invoices')))).toEqual(Array.from({ length: 10 }, () => false));
    expect(await database.query('select done from claim')).toEqual([{ done: ['invoices'] }]);
  });
});

test('of two senders with one key at the same moment both find it in the book, and the later end holds', async () => {
  await Promise.all([book.open('k', ['invoices'], hourMs), book.open('k', ['invoices'], 2 * hourMs), book.open('k', ['invoices'], hourMs)]);
  expect(await database.query("select readers, keep_until > now() + interval '90 minutes' as late from claim")).toEqual([{ readers: ['invoices'], late: true }]);
});
