/** Two sessions at once: the simulated databases let wait, and answer after the wait, as a real PostgreSQL does. */
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { memoryDatabase as viewDatabase } from '../../src/examples/cqrs/memory-database.ts';
import { readSchema, statements as viewStatements, writeSchema } from '../../src/examples/cqrs/schema.ts';
import { memoryDatabase as eventDatabase } from '../../src/examples/event-sourcing/memory-database.ts';
import { eventSchema, statements as eventStatements } from '../../src/examples/event-sourcing/schema.ts';
import { memoryDatabase as keyDatabase } from '../../src/examples/idempotency-key/memory-database.ts';
import { memoryUpkeep as keyUpkeep } from '../../src/examples/idempotency-key/memory-upkeep.ts';
import { idempotencySchema, statements as keyStatements } from '../../src/examples/idempotency-key/schema.ts';
import { memoryDatabase as outboxDatabase } from '../../src/examples/transactional-outbox/memory-database.ts';
import type { MemoryServer } from '../../src/examples/memory-transactions.ts';
import { outboxSchema, statements as outboxStatements } from '../../src/examples/transactional-outbox/schema.ts';
import { RandomStream } from '../../src/simulator/random-stream.ts';
import { useDatabase } from './database.ts';
import type { Session } from './database.ts';

const database = useDatabase(`${idempotencySchema} ${outboxSchema} ${eventSchema} ${writeSchema} ${readSchema}`);
/** The stand-in's clock: a millisecond a step, as time passes for PostgreSQL, too. */
let nowMs = 0;
const clock = { now: () => nowMs, setTimeout: () => 0, clearTimeout: () => {}, sleep: async () => {} };

type Rows = readonly Record<string, unknown>[];
type Query = (text: string, parameters: readonly unknown[]) => Promise<Rows>;
/** A lease that is over at once, or never: real time must not matter. */
const [past, future] = [-1_000_000_000, 1_000_000_000];
const tenant = 'shop';
const fields = ['status', 'body', 'same', 'mine', 'key', 'type', 'attempts', 'id', 'version', 'schema', 'position', 'customer', 'orders', 'open', 'cents'];

/** One session with each of the two, led statement by statement. */
class Both {
  readonly #memory: MemoryServer;
  readonly #postgres: Session;
  readonly #twins: Map<string, string>;
  #pid = 0;
  #ask: Query | undefined;
  #end: (commits: boolean) => Promise<void> = async () => {};
  /** Of the last statement that has ended. */
  answer: Rows = [];
  /** The statement that waits. */
  waiting: { memory: Promise<Rows>; postgres: Promise<Rows>; text: string } | undefined;

  constructor(memory: MemoryServer, postgres: Session, twins: Map<string, string>) {
    this.#memory = memory;
    this.#postgres = postgres;
    this.#twins = twins;
  }

  get isOpen(): boolean {
    return this.#ask !== undefined;
  }

  async begin(): Promise<void> {
    const opened = Promise.withResolvers<Query>();
    const ended = Promise.withResolvers<boolean>();
    const over = this.#memory.connect().transaction(async ({ query }) => {
      opened.resolve(query);
      if (!(await ended.promise)) throw new Error('rollback');
    }).catch(() => {});
    this.#end = (commits) => {
      ended.resolve(commits);
      return over;
    };
    this.#ask = await opened.promise;
    await this.#postgres.query('begin');
    this.#pid = (await this.#postgres.query<{ pid: number }>('select pg_backend_pid() as pid'))[0]!.pid;
  }

  async end(how: 'commit' | 'rollback'): Promise<void> {
    this.#ask = undefined;
    await this.#end(how === 'commit');
    await this.#postgres.query(how);
  }

  /** @returns whether it waits for the other session */
  async query(text: string, parameters: readonly unknown[]): Promise<boolean> {
    const theirs = parameters.map((each) => this.#twins.get(String(each)) ?? each);
    this.waiting = { memory: this.#ask!(text, parameters), postgres: this.#postgres.query(text, theirs), text };
    const isDone = [false, false];
    void this.waiting.memory.then(() => (isDone[0] = true));
    void this.waiting.postgres.then(() => (isDone[1] = true));
    while (!isDone[1] && !(await isWaiting(this.#pid))) await pause(1);
    await pause(0);
    expect(isDone[0], `${text.trim().slice(0, 60)} waits`).toBe(isDone[1]);
    if (isDone[1]) await this.settle();
    return this.waiting !== undefined;
  }

  /** Both answers, once nobody holds up the statement any more. */
  async settle(): Promise<void> {
    const { memory, postgres, text } = this.waiting!;
    const [ours, rows] = await Promise.all([memory, postgres]);
    this.waiting = undefined;
    const known = ({ id, ...row }: Rows[number]) => Object.fromEntries(Object.entries({ ...row, id: String(id) }).filter(([name]) => fields.includes(name)));
    expect(ours.map(known), text).toEqual(rows.map(known));
    for (const [at, row] of ours.entries()) {
      for (const name of ['owner', 'downstream', 'message']) if (row[name] !== undefined) this.#twins.set(String(row[name]), String(rows[at]![name]));
    }
    this.answer = ours;
  }
}

async function isWaiting(pid: number): Promise<boolean> {
  return (await database.query("select 1 from pg_stat_activity where wait_event_type = 'Lock' and pid = $1", [pid])).length > 0;
}

/** @param next a statement for a session that has a transaction; `touched` is what it has locked so far */
async function interleave(memory: MemoryServer, steps: number, next: (random: RandomStream, touched: number[], seen: Rows) => readonly [string, readonly unknown[]]): Promise<{ waits: number }> {
  const random = new RandomStream(1, 'sessions');
  const twins = new Map<string, string>();
  const sessions = [new Both(memory, await database.session(), twins), new Both(memory, await database.session(), twins)];
  const touched: number[][] = [[], []];
  let waits = 0;
  for (let step = 0; step < steps; step += 1) {
    nowMs += 1;
    const who = random.below(2);
    const [one, other] = [sessions[who]!, sessions[1 - who]!];
    if (one.waiting !== undefined) continue;
    if (!one.isOpen) {
      await one.begin();
      touched[who] = [];
    } else if (random.chance(0.3)) {
      await one.end(random.chance(0.3) ? 'rollback' : 'commit');
      if (other.waiting !== undefined) await other.settle();
    } else if (await one.query(...next(random, touched[who]!, [...one.answer, ...other.answer]))) waits += 1;
  }
  for (const session of sessions) if (session.isOpen && session.waiting === undefined) await session.end('commit');
  for (const session of sessions) {
    if (session.waiting !== undefined) await session.settle();
    if (session.isOpen) await session.end('commit');
  }
  return { waits };
}

describe('two sessions', () => {
  beforeAll(() => void (nowMs = 0));

  test('with one idempotency key', async () => {
    const owners: string[] = [];
    const { waits } = await interleave(keyDatabase(clock, {}, keyUpkeep), 2_000, (random, _touched, seen) => {
      for (const { owner } of seen) if (typeof owner === 'string' && !owners.includes(owner)) owners.unshift(owner);
      const owner = owners[random.below(2)] ?? '00000000-0000-4000-8000-00000000ffff';
      const payload = random.chance(0.8) ? '["pay",1]' : '["pay",2]';
      const kind = random.below(11);
      if (kind === 0) return [keyStatements.expire, [tenant, 'k']];
      if (kind <= 5) return [keyStatements.claim, [tenant, 'k', payload, random.chance(0.6) ? past : future, random.chance(0.6) ? past : future]];
      if (kind === 6) return [keyStatements.lookUp, [tenant, 'k', payload]];
      if (kind <= 8) return [keyStatements.answer, [tenant, 'k', owner, 201, '{"a":1}']];
      if (kind === 9) return [keyStatements.release, [tenant, 'k', owner]];
      return [keyStatements.forget, [1_000]];
    });
    expect(waits).toBeGreaterThan(30);
  });

  test('with one outbox', async () => {
    let recorded = 1;
    const { waits } = await interleave(outboxDatabase(clock), 2_000, (random, touched) => {
      const kind = random.below(9);
      if (kind === 0) {
        recorded += 1;
        return [outboxStatements.record, [`order ${random.below(5)}`, 'OrderPlaced', '{}', '{}']];
      }
      if (kind === 1) return [outboxStatements.takeTurn, []];
      if (kind === 2) return [outboxStatements.pending, [100, []]];
      // Rows only upwards, so that the two can never wait for each other.
      const least = Math.max(1, recorded - 3, ...touched);
      const id = least + random.below(2);
      touched.push(id);
      if (kind <= 4) return [outboxStatements.release, [id]];
      if (kind <= 6) return [outboxStatements.markFailed, [id, random.chance(0.7) ? 'too large' : null]];
      return [outboxStatements.markPublished, [id]];
    });
    expect(waits).toBeGreaterThan(30);
  });

  test('with one stream of events', async () => {
    let end = 0;
    const { waits } = await interleave(eventDatabase(clock), 3_000, (random, _touched, seen) => {
      end = seen.length > 0 ? Math.max(...seen.map(({ version }) => Number(version))) : Math.max(0, end - 1);
      if (random.chance(0.3)) return [eventStatements.read, ['stream', Math.max(0, end - 5), end + 5, 1_000]];
      const events = Array.from({ length: 1 + random.below(2) }, () => ({ type: 'StockReceived', schema: 3, data: { pieces: random.below(9) } }));
      // What the other session has not committed yet is not the end for this one.
      return [eventStatements.append, ['stream', Math.max(0, end - random.below(3)), JSON.stringify(events), '{}']];
    });
    expect(waits).toBeGreaterThan(30);
    expect(end).toBeGreaterThan(30);
  });

  test('with one feed of changes and one checkpoint', async () => {
    await database.query("insert into projections values ('copy', 0)");
    await database.query("insert into serving values ('v', 'copy')");
    const memory = viewDatabase(clock, [{ view: 'v', projection: 'copy' }]);
    await memory.connect().transaction(({ query }) => query(viewStatements.begin, ['copy']));
    let end = 0;
    const { waits } = await interleave(memory, 3_000, (random, touched, seen) => {
      end = Math.max(end, ...seen.map(({ position }) => Number(position ?? 0)));
      // Locks only in one order, so that the two can never wait for each other: orders upwards, the checkpoint, the feed.
      const least = Math.max(0, ...touched);
      const kind = random.below(10);
      const order = least + random.below(3);
      if (kind <= 3 && order < 100) {
        touched.push(order);
        if (kind <= 1) return [viewStatements.placeOrder, [`o${order}`, 'ada', 100]];
        return [viewStatements.closeOrder, [`o${order}`, random.chance(0.5) ? 'shipped' : 'cancelled']];
      }
      if (kind === 4 && least < 1_000) {
        touched.push(100);
        return [viewStatements.moveTo, ['copy', 1 + random.below(1_000)]];
      }
      if (kind === 5) {
        touched.push(1_000);
        return [viewStatements.record, ['OrderPlaced', '{"cents":1}']];
      }
      if (kind === 6) return [viewStatements.head, []];
      if (kind === 7) return [viewStatements.changes, [Math.max(0, end - 5), 10]];
      if (kind === 8) return [viewStatements.overview, ['v', 'ada']];
      return [viewStatements.overviewOfOrders, ['ada']];
    });
    expect(waits).toBeGreaterThan(30);
    expect(end).toBeGreaterThan(30);
  });
});
