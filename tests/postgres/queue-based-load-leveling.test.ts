/** What needs several sessions: workers and callers at the same moment. */
import { beforeEach, expect, test } from 'vitest';
import { PostgresQueue, backlogSchema } from '../../src/examples/queue-based-load-leveling/postgres-queue.ts';
import { useDatabase } from './database.ts';

const database = useDatabase(backlogSchema);

beforeEach(() => database.query('truncate backlog'));

test('workers that take at the same moment never get the same message', async () => {
  const queue = new PostgresQueue<number>(database);
  for (let message = 1; message <= 40; message += 1) await queue.put(`order ${message}`, message, 1_000);
  const taken = await Promise.all(Array.from({ length: 60 }, () => queue.take(60_000)));
  const ids = taken.flatMap((each) => (each === undefined ? [] : [each.id]));
  expect(ids).toHaveLength(40);
  expect(new Set(ids).size).toBe(40);
});

test('a caller who asks twice at the same moment has one message', async () => {
  const queue = new PostgresQueue<number>(database);
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => queue.put('order 1', 1, 1_000)));
  expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(1);
  expect(new Set(outcomes)).toEqual(new Set(['stored', 'known']));
  expect((await queue.backlog()).waiting).toBe(1);
});

test('the bound is soft: exceeded at most by the callers of one moment', async () => {
  const queue = new PostgresQueue<number>(database);
  const callers = 8;
  for (let round = 0; round < 20; round += 1) await Promise.all(Array.from({ length: callers }, (_, caller) => queue.put(`order ${round} ${caller}`, 1, 50)));
  const { waiting } = await queue.backlog();
  expect(waiting).toBeGreaterThanOrEqual(50);
  expect(waiting).toBeLessThan(50 + callers);
});

test('a worker does not wait for a row that another is about to take', async () => {
  const queue = new PostgresQueue<number>(database);
  await queue.put('order 1', 1, 1_000);
  await queue.put('order 2', 2, 1_000);
  const another = await database.session();
  await another.query('begin');
  await another.query("select from backlog where id = 'order 1' for update");
  expect((await queue.take(60_000))?.id).toBe('order 2');
  await another.query('rollback');
  expect((await queue.take(60_000))?.id).toBe('order 1');
}, 5_000);
