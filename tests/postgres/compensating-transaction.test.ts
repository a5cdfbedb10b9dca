/** What needs several sessions: a command that meets its own reversal, a step that meets the decision to turn back, workers side by side. */
import { beforeEach, expect, test } from 'vitest';
import { UndoLog } from '../../src/examples/compensating-transaction/compensating-transaction.ts';
import type { Undo } from '../../src/examples/compensating-transaction/compensating-transaction.ts';
import { participantSchema, release, reserve } from '../../src/examples/compensating-transaction/participants.ts';
import { statements, undoSchema } from '../../src/examples/compensating-transaction/schema.ts';
import { useDatabase } from './database.ts';

const database = useDatabase(undoSchema + participantSchema);
beforeEach(() => database.query("truncate work, undo_step, stock, reservation, payment, ledger; insert into stock values ('kettle', 1000)"));

test('a command and its reversal at the same moment leave the stock as it was, whoever comes first', async () => {
  const meetings = Array.from({ length: 100 }, (_, number) => [
    database.transaction((open) => reserve(open, `o${number}/stock`, 'kettle', 2)),
    database.transaction((open) => release(open, `o${number}/stock`)),
  ]);
  const done = await Promise.allSettled(meetings.flat());
  expect(done.filter(({ status }, at) => status === 'rejected' && at % 2 === 1)).toEqual([]);
  expect(await database.query('select free from stock')).toEqual([{ free: 1_000 }]);
  expect(await database.query('select count(*)::integer as open from reservation where released_at is null')).toEqual([{ open: 0 }]);
});

test('a line that is being written when the work turns back is worked off too', async () => {
  const undone: string[] = [];
  const log = new UndoLog(database, { stock: async ({ key }) => void undone.push(key) });
  await database.transaction((open) => log.begin(open, 'o1', 60_000));
  const writer = await database.session();
  await writer.query('begin');
  await writer.query(statements.arm, ['o1', 'stock', '{}']);
  let isTurned = false;
  const turning = log.takeBack('o1', 'no carrier').then(() => { isTurned = true; });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(isTurned).toBe(false);
  expect(await log.workOff()).toBe(false);
  await writer.query('commit');
  await turning;
  await log.workOff();
  expect(undone).toEqual(['o1/stock']);
});

test('four workers take back twenty pieces of work, each step once', async () => {
  const undone: string[] = [];
  const stock: Undo = async ({ key }) => {
    undone.push(key);
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const workers = Array.from({ length: 4 }, () => new UndoLog(database, { stock }));
  for (let number = 0; number < 20; number++) {
    await database.transaction((open) => workers[0]!.begin(open, `o${number}`, 60_000));
    await workers[0]!.step(`o${number}`, 'stock', {}, () => Promise.resolve());
    await workers[0]!.takeBack(`o${number}`, 'no carrier');
  }
  await Promise.all(workers.map(async (worker) => { while (await worker.workOff()); }));
  expect(undone).toHaveLength(20);
  expect(new Set(undone)).toHaveProperty('size', 20);
});
