/** What PGlite with its one session cannot show: copies of one message at the same moment. */
import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { IdempotentConsumer } from '../../src/examples/idempotent-consumer/idempotent-consumer.ts';
import type { Message, Transaction } from '../../src/examples/idempotent-consumer/idempotent-consumer.ts';
import { inboxSchema, statements } from '../../src/examples/idempotent-consumer/schema.ts';
import { useDatabase } from './database.ts';

const database = useDatabase(`${inboxSchema} create table stock (item text primary key, count integer not null)`);
beforeEach(() => database.query("truncate inbox, stock; insert into stock values ('kettle', 1000)"));

const message = (id: string): Message<string> => ({ id, madeAt: new Date().toISOString(), body: 'kettle' });
const takeOne = ({ body }: Message<string>, transaction: Transaction) => transaction.query('update stock set count = count - 1 where item = $1', [body]);
const taken = async () => 1000 - ((await database.query<{ count: number }>('select count from stock'))[0]?.count ?? Number.NaN);
const instance = (effect = takeOne) => new IdempotentConsumer<string>({ name: 'inventory', database, effect, retainMs: 3_600_000 });
const admit = (id: string) => [statements.admit, ['inventory', id, new Date().toISOString(), 3_600_000, 60_000]] as const;

test('of ten copies at once one takes effect, and ten messages take effect ten times', async () => {
  for (let round = 0; round < 20; round += 1) {
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => instance().handle(message(`m${round}`))));
    expect(outcomes.filter((each) => each === 'handled'), `m${round}`).toHaveLength(1);
  }
  await Promise.all(Array.from({ length: 10 }, (_, at) => instance().handle(message(`other ${at}`))));
  expect(await taken()).toBe(30);
});

test('who looks first and remembers afterwards takes more than one', async () => {
  const look = (): Promise<void> => database.transaction(async (transaction) => {
    const known = await transaction.query("select 1 from inbox where consumer = 'inventory' and message = 'm1'", []);
    if (known.length > 0) return;
    await takeOne(message('m1'), transaction);
    await transaction.query("insert into inbox (consumer, message) values ('inventory', 'm1') on conflict do nothing", []);
  });
  await Promise.all(Array.from({ length: 10 }, look));
  expect(await taken()).toBeGreaterThan(1);
});

test('a copy waits for the first: after its commit it is a copy, after its rollback it takes effect', async () => {
  for (const [how, expected] of [['commit', ['copy', 0]], ['rollback', ['handled', 1]]] as const) {
    await database.query('truncate inbox');
    const first = await database.session();
    await first.query('begin');
    expect(await first.query(...admit('m1'))).toEqual([{ isNew: true, isInTime: true }]);
    let isOver = false;
    const copy = instance().handle(message('m1')).finally(() => { isOver = true; });
    await pause(200);
    const hasWaited = !isOver;
    await first.query(how); // before any of this can fail: nothing may hold up the next test
    expect([hasWaited, await copy, await taken()], how).toEqual([true, ...expected]);
  }
});

test('the process dies under its work: the copy that waited takes over', async () => {
  const first = await database.session();
  await first.query('begin');
  await first.query(...admit('m1'));
  await first.query("update stock set count = count - 1 where item = 'kettle'");
  const copy = instance().handle(message('m1'));
  await pause(50);
  first.drop();
  expect([await copy, await taken()]).toEqual(['handled', 1]);
});

test('the effect of the first fails: the copy that waited takes over', async () => {
  const [isAtWork, mayFail] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const first = instance(async (sold, transaction) => {
    await takeOne(sold, transaction);
    isAtWork.resolve();
    await mayFail.promise;
    throw new Error('warehouse closed');
  }).handle(message('m1'));
  const failed = expect(first).rejects.toEqual(new Error('warehouse closed'));
  await isAtWork.promise;
  const copy = instance().handle(message('m1'));
  await pause(100);
  mayFail.resolve();
  await failed;
  expect([await copy, await taken()]).toEqual(['handled', 1]);
});

test('at REPEATABLE READ a copy that waited fails and comes again, which does no harm', async () => {
  const [first, second] = [await database.session(), await database.session()];
  for (const session of [first, second]) await session.query('begin isolation level repeatable read');
  await second.query('select 1 from stock'); // its snapshot is taken
  await first.query(...admit('m1'));
  const copy = second.query(...admit('m1')).then(() => 'went through', (error: { code?: string }) => error.code);
  await first.query('commit');
  const outcome = await copy;
  await second.query('rollback');
  expect(outcome).toBe('40001');
  expect(await instance().handle(message('m1'))).toBe('copy');
});

test('a process that stands still after its begin does not take again what was forgotten meanwhile', async () => {
  const sold = message('m1');
  await new IdempotentConsumer<string>({ name: 'inventory', database, effect: takeOne, retainMs: 500, skewMs: 100 }).handle(sold);
  const still = await database.session();
  await still.query('begin');
  await pause(700);
  const gone = await database.query(statements.forget, ['inventory', 600, 10]);
  const entry = await still.query(statements.admit, ['inventory', 'm1', sold.madeAt, 500, 100]);
  await still.query('rollback');
  expect([gone.length, entry]).toEqual([1, [{ isNew: true, isInTime: false }]]);
});

test('cleaning does not hold up those who handle messages', async () => {
  for (let at = 0; at < 20; at += 1) await instance().handle(message(`m${at}`));
  await database.query("update inbox set handled_at = now() - interval '2 hours'");
  const cleaning = await database.session();
  await cleaning.query('begin');
  expect(await cleaning.query(statements.forget, ['inventory', 3_660_000, 10])).toHaveLength(10);
  expect(await instance().handle(message('new'))).toBe('handled');
  await cleaning.query('commit');
});
