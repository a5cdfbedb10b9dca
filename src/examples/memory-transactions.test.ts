import { describe, expect, test } from 'vitest';
import { MemoryServer, numberedUuids, UnknownStatementError } from './memory-transactions.ts';
import type { Slot } from './memory-transactions.ts';
import { VirtualClock } from './virtual-clock.ts';

/** One table with one row, as much SQL as the rules need. */
function account(balance: number, clock = new VirtualClock()) {
  const slot: Slot<{ balance: number }> = { committed: { balance } };
  const posted: number[] = [];
  return {
    clock,
    posted,
    server: new MemoryServer(clock, {
      read: (open) => open.seeAll([slot]),
      add: (open, [amount]: [number]) => open.change([slot], () => true, (row) => ({ balance: row.balance + amount })),
      'take if any': (open, [amount]: [number]) => open.change([slot], (row) => row.balance >= amount, (row) => ({ balance: row.balance - amount })),
      close: (open) => open.change([slot], () => true, () => undefined),
      'try lock': (open) => [open.tryLock(slot)],
      post: (open, [amount]: [number]) => {
        open.onCommit(() => posted.push(amount));
        return [];
      },
      fail: () => {
        throw new Error('division by zero');
      },
      now: (open) => [open.startMs],
    }),
  };
}
type Ask = (text: string, ...parameters: unknown[]) => Promise<readonly unknown[]>;

/** A transaction that a test leads by the hand. */
async function begin(server: MemoryServer, connection = {}) {
  const opened = Promise.withResolvers<Ask>();
  const ended = Promise.withResolvers<boolean>();
  const over = server.connect(connection).transaction(async ({ query }) => {
    opened.resolve((text, ...parameters) => query(text, parameters));
    if (!(await ended.promise)) throw new Error('rolled back');
    return 'committed';
  });
  over.catch(() => {});
  const end = (commits: boolean): Promise<string> => {
    ended.resolve(commits);
    return over;
  };
  return { ask: await opened.promise, over, commit: () => end(true), rollBack: () => end(false).catch(String) };
}

describe('transactions', () => {
  test('nobody sees what has not committed, and nobody ever what was rolled back', async () => {
    const { server } = account(100);
    const [one, other] = [await begin(server), await begin(server)];
    expect(await one.ask('add', 5)).toEqual([{ balance: 105 }]);
    expect([await one.ask('read'), await other.ask('read')]).toEqual([[{ balance: 105 }], [{ balance: 100 }]]);
    expect(await one.rollBack()).toBe('Error: rolled back');
    expect(await other.ask('read')).toEqual([{ balance: 100 }]);
  });

  test('each statement sees what has committed before it began', async () => {
    const { server } = account(100);
    const [one, other] = [await begin(server), await begin(server)];
    await one.ask('add', 5);
    await one.commit();
    expect(await other.ask('read')).toEqual([{ balance: 105 }]);
  });

  test('effects on other tables happen at the commit or not at all', async () => {
    const { server, posted } = account(100);
    const [one, other] = [await begin(server), await begin(server)];
    await one.ask('post', 1);
    await other.ask('post', 2);
    expect(posted).toEqual([]);
    await one.rollBack();
    await other.commit();
    expect(posted).toEqual([2]);
  });

  test('an error leaves the transaction unusable, and its commit a rollback', async () => {
    const { server } = account(100);
    const one = await begin(server);
    await one.ask('add', 5);
    await expect(one.ask('fail')).rejects.toThrow('division by zero');
    await expect(one.ask('read')).rejects.toThrow('current transaction is aborted');
    expect(await one.commit()).toBe('committed');
    expect(await (await begin(server)).ask('read')).toEqual([{ balance: 100 }]);
  });

  test('a statement that is not among its own is refused by name', async () => {
    const one = await begin(account(100).server);
    await expect(one.ask('  select 1')).rejects.toThrow(new UnknownStatementError('The simulated database knows only the statements of schema.ts; the PostgreSQL lab of this page runs any. It was asked: select 1'));
  });

  test('after its end a transaction takes no more statements', async () => {
    const one = await begin(account(100).server);
    await one.commit();
    await expect(one.ask('read')).rejects.toThrow('The transaction is over');
  });
});

describe('locks', () => {
  test('a writer waits for the writer before it and works on what that one left', async () => {
    const { server } = account(100);
    const [one, other] = [await begin(server), await begin(server)];
    await one.ask('add', 5);
    const waiting = other.ask('add', 1);
    await one.commit();
    expect(await waiting).toEqual([{ balance: 106 }]);
  });

  test('after the wait the condition is asked again', async () => {
    const { server } = account(100);
    const [one, other] = [await begin(server), await begin(server)];
    await one.ask('take if any', 60);
    const waiting = other.ask('take if any', 60);
    await one.commit();
    expect(await waiting).toEqual([]);
  });

  test('a row that was deleted during the wait is gone', async () => {
    const { server } = account(100);
    const [one, other, third] = [await begin(server), await begin(server), await begin(server)];
    expect(await one.ask('close')).toEqual([{ balance: 100 }]);
    const waiting = other.ask('add', 5);
    await one.commit();
    expect([await waiting, await third.ask('read')]).toEqual([[], []]);
  });

  test('a try does not wait, and the holder may try again', async () => {
    const { server } = account(100);
    const [one, other] = [await begin(server), await begin(server)];
    expect([await one.ask('try lock'), await one.ask('try lock'), await other.ask('try lock')]).toEqual([[true], [true], [false]]);
    await one.rollBack();
    expect(await other.ask('try lock')).toEqual([true]);
  });

  test('of two that wait, each gets its turn', async () => {
    const { server } = account(100);
    const [one, other, third] = [await begin(server), await begin(server), await begin(server)];
    await one.ask('add', 5);
    const waiting = [other.ask('add', 1), third.ask('add', 2)];
    await one.commit();
    expect(await waiting[0]).toEqual([{ balance: 106 }]);
    await other.rollBack();
    expect(await waiting[1]).toEqual([{ balance: 107 }]);
  });
});

describe('time and connections', () => {
  test('every statement and the commit take their time; now() is the beginning', async () => {
    const { server, clock } = account(100);
    await clock.advance(1_000);
    const done = server.connect({ statementMs: 10 }).transaction(async ({ query }) => {
      const before = await query('now', []);
      return [before, await query('now', [])];
    });
    await clock.advance(29);
    expect(clock.pending).toBe(1);
    await clock.advance(1);
    expect([await done, clock.now()]).toEqual([[[1_000], [1_000]], 1_030]);
  });

  test('a connection that is cut rolls back at once and frees its locks', async () => {
    const { server } = account(100);
    const crash = new AbortController();
    const [one, other] = [await begin(server, { signal: crash.signal }), await begin(server)];
    await one.ask('add', 5);
    const waiting = other.ask('add', 1);
    crash.abort(new Error('Connection terminated unexpectedly'));
    expect(await waiting).toEqual([{ balance: 101 }]);
    await expect(one.ask('read')).rejects.toThrow('terminated');
    await expect(one.commit()).rejects.toThrow('terminated');
    await expect(server.connect({ signal: crash.signal }).transaction(async () => {})).rejects.toThrow('terminated');
  });

  test('cut while it waits for a lock, a transaction gives up', async () => {
    const { server } = account(100);
    const crash = new AbortController();
    const [one, other] = [await begin(server), await begin(server, { signal: crash.signal })];
    await one.ask('add', 5);
    const waiting = other.ask('add', 1);
    crash.abort(new Error('Connection terminated unexpectedly'));
    await expect(waiting).rejects.toThrow('The transaction is over');
    await one.commit();
    expect(await (await begin(server)).ask('read')).toEqual([{ balance: 105 }]);
  });

  test('cut on its way to the server, a commit has not happened', async () => {
    const { server, clock } = account(100);
    const crash = new AbortController();
    const done = server.connect({ statementMs: 10, signal: crash.signal }).transaction(({ query }) => query('add', [5]));
    done.catch(() => {});
    await clock.advance(15);
    crash.abort(new Error('Connection terminated unexpectedly'));
    await expect(done).rejects.toThrow('terminated');
    expect([await (await begin(server)).ask('read'), clock.pending]).toEqual([[{ balance: 100 }], 0]);
  });
});

test('identifiers look like UUIDs and differ', () => {
  const uuid = numberedUuids();
  expect([uuid(), uuid()]).toEqual(['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002']);
});
