/** What PGlite with its one session cannot show: two copies of one message at the same moment. */
import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { bookPayment } from '../../src/examples/a-payment-that-never-doubles/a-payment-that-never-doubles.ts';
import { accountsSchema, inboxSchema, statements } from '../../src/examples/a-payment-that-never-doubles/schema.ts';
import { useDatabase } from './database.ts';

const database = useDatabase(inboxSchema + accountsSchema);
beforeEach(() => database.query('truncate inbox, account'));

const event = (message: string) => ({ message, payload: { order: message, customer: 'ada', cents: 4_200 } });
const spent = async () => (await database.query<{ spent_cents: number }>("select spent_cents from account where customer = 'ada'"))[0]?.spent_cents ?? 0;

describe('copies at the same moment', () => {
  test('of ten, one is booked, and ten messages are booked ten times', async () => {
    for (let round = 0; round < 20; round += 1) {
      const copies = await Promise.all(Array.from({ length: 10 }, () => bookPayment(database, event(`m${round}`))));
      expect(copies.filter((isFirst) => isFirst), `m${round}`).toEqual([true]);
    }
    await Promise.all(Array.from({ length: 10 }, (_, at) => bookPayment(database, event(`other ${at}`))));
    expect(await spent()).toBe(30 * 4_200);
  });

  test.each([{ how: 'commit', isBooked: false }, { how: 'rollback', isBooked: true }])('a copy waits for the first to end: after its $how it is booked: $isBooked', async ({ how, isBooked }) => {
    const first = await database.session();
    await first.query('begin');
    expect(await first.query(statements.remember, ['accounts', 'm1'])).toHaveLength(1);
    let isOver = false;
    const copy = bookPayment(database, event('m1')).finally(() => { isOver = true; });
    await pause(200);
    expect(isOver).toBe(false);
    await first.query(how);
    expect([await copy, await spent()]).toEqual([isBooked, isBooked ? 4_200 : 0]);
  });

  test('the process dies under its work: the copy that waited takes over', async () => {
    const first = await database.session();
    await first.query('begin');
    await first.query(statements.remember, ['accounts', 'm1']);
    const copy = bookPayment(database, event('m1'));
    first.drop();
    expect([await copy, await spent()]).toEqual([true, 4_200]);
  });
});
