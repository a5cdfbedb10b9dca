/** Two sessions append to one stream at the same moment. */
import { describe, expect, test } from 'vitest';
import { EventStore, VersionConflictError } from '../../src/examples/event-sourcing/event-sourcing.ts';
import { feedStart, readFeed } from '../../src/examples/event-sourcing/feed.ts';
import type { FeedCursor } from '../../src/examples/event-sourcing/feed.ts';
import { eventSchema, statements } from '../../src/examples/event-sourcing/schema.ts';
import { OutOfStockError, stock } from '../../src/examples/event-sourcing/stock.ts';
import { useDatabase } from './database.ts';

const database = useDatabase(eventSchema);
const received = (pieces: number) => ({ type: 'StockReceived', schema: 3, data: { pieces } });
const append = (stream: string, version: number, ...events: object[]) => [statements.append, [stream, version, JSON.stringify(events), '{}']] as const;
const versionsOf = async (stream: string) => (await database.query<{ version: number }>('select version from events where stream = $1 order by version', [stream])).map(({ version }) => version);
const untilSomebodyWaits = () => expect.poll(async () => (await database.query("select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()")).length, { timeout: 10_000 }).toBe(1);

describe('two sessions append after the same version', () => {
  test('the second waits; once the first has committed, it has written nothing', async () => {
    const [one, other] = [await database.session(), await database.session()];
    await one.query('begin');
    expect(await one.query(...append('race-1', 0, received(1)))).toHaveLength(1);
    const late = other.query(...append('race-1', 0, received(2)));
    await untilSomebodyWaits();
    await one.query('commit');
    expect([await late, await versionsOf('race-1')]).toEqual([[], [1]]);
  });

  test('if the first rolls back, or dies, the second has written', async () => {
    for (const [stream, leave] of [['race-2', 'rollback'], ['race-3', 'drop']] as const) {
      const [one, other] = [await database.session(), await database.session()];
      await one.query('begin');
      await one.query(...append(stream, 0, received(1)));
      const late = other.query(...append(stream, 0, received(2)));
      await untilSomebodyWaits();
      if (leave === 'drop') one.drop();
      else await one.query('rollback');
      expect(await late).toEqual([{ version: 1 }]);
    }
  });

  test('a longer append that loses its first version leaves none of the others behind', async () => {
    const one = await database.session();
    await one.query('begin');
    await one.query(...append('race-4', 0, received(1)));
    const pairs = { name: 'pair/1', initial: 0, evolve: (sum: number) => sum + 1, decide: () => [received(1), received(1)] };
    const late = new EventStore(database, pairs, { maxAttempts: 1 }).execute('race-4', 'both').catch((error: unknown) => error);
    await untilSomebodyWaits();
    await one.query('commit');
    expect(await late).toBeInstanceOf(VersionConflictError);
    expect(await versionsOf('race-4')).toEqual([1]);
  });
});

test('twelve buyers and five pieces: five are sold, in one unbroken stream', async () => {
  const store = new EventStore(database, stock, { maxAttempts: 50, backoffMs: 2, snapshotEvery: 3 });
  await store.execute('kettles', { type: 'receive', pieces: 5 });
  const buyers = Array.from({ length: 12 }, (_, buyer) => store.execute('kettles', { type: 'reserve', order: `o${buyer}`, pieces: 1 }));
  const answers = await Promise.allSettled(buyers);
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  for (const each of answers) if (each.status === 'rejected') expect(each.reason).toBeInstanceOf(OutOfStockError);
  expect(await versionsOf('kettles')).toEqual([1, 2, 3, 4, 5, 6]);
  const { state } = await store.load('kettles');
  expect([state.free, Object.keys(state.reserved).length]).toEqual([0, 5]);
});

test('a view that follows the feed while twenty streams are written sees each event once and each stream in order', async () => {
  const start = (await readFeed(database, feedStart)).at(-1) ?? feedStart;
  const store = new EventStore(database, stock, { maxAttempts: 50, backoffMs: 2 });
  let isWriting = true;
  const seen: string[] = [];
  const following = (async () => {
    let cursor: FeedCursor = start;
    for (;;) {
      const wasWriting = isWriting;
      const batch = await readFeed(database, cursor, 7);
      seen.push(...batch.map(({ stream, version }) => `${stream} ${version}`));
      cursor = batch.at(-1) ?? cursor;
      if (!wasWriting && batch.length === 0) return;
    }
  })();
  const streams = Array.from({ length: 20 }, (_, at) => `followed-${at}`);
  // Two writers a stream, so that there are conflicts and holes in the numbers as well.
  await Promise.all([...streams, ...streams].map(async (stream) => {
    for (let round = 0; round < 6; round += 1) await store.execute(stream, { type: 'receive', pieces: 1 });
  }));
  isWriting = false;
  await following;
  for (const stream of streams) expect(seen.filter((each) => each.startsWith(`${stream} `)), stream).toEqual(Array.from({ length: 12 }, (_, at) => `${stream} ${at + 1}`));
});
