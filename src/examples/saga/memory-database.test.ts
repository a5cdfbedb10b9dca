import { PGlite } from '@electric-sql/pglite';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { choreographyStatements } from './choreography.ts';
import { MemoryDatabase, UnknownStatementError } from './memory-database.ts';
import { orderSchema, orderStatements } from './place-order.ts';
import { participantSchema, participantStatements, sagaSchema, statements } from './schema.ts';

const startMs = Date.parse('2030-01-01T00:00:00Z');
let postgres: PGlite;
beforeAll(async () => {
  postgres = await PGlite.create();
  await postgres.exec(sagaSchema + participantSchema + orderSchema);
}, 120_000);
afterAll(() => postgres.close());
afterEach(() => vi.restoreAllMocks());

test('says what PostgreSQL says, statement by statement, in 300 transactions of which some are rolled back', async () => {
  let nowMs = startMs;
  vi.spyOn(Date, 'now').mockImplementation(() => nowMs);
  const clock = Object.assign(new VirtualClock(), { now: () => nowMs - startMs });
  const memory = new MemoryDatabase(clock).connect();
  const random = drawing(7);
  const oneOf = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!;
  const id = () => oneOf(['o1', 'o2', 'o3', 'o4']);
  const fences = [1];
  const counts: Record<string, number> = {};
  const draw = (): [name: string, text: string, parameters: unknown[]] => oneOf<() => [string, string, unknown[]]>([
    () => ['start', statements.start, [id(), oneOf(['a', 'b']), '{"item":"kettle","lines":[1,null]}']],
    () => ['claim', statements.claim, [oneOf(['a', 'b']), oneOf([null, id()]), oneOf([500, 3_000])]],
    () => ['steps', statements.steps, [id()]],
    () => ['hold', statements.hold, [id(), oneOf(fences), oneOf(['running', 'compensating', 'completed']), oneOf([0, 1]), oneOf([null, 'no answer']), oneOf([null, 0, 700])]],
    () => ['log', statements.log, ['o1', oneOf(['reserve', 'dispatch']), oneOf(['sent', 'done']), oneOf([null, '{"a":1}', '"x"'])]],
    () => ['release', orderStatements.release, [id(), 'confirmed']],
    () => ['savepoint', 'savepoint effect', []],
    () => ['take', participantStatements.take, [id(), oneOf(['done', 'undone'])]],
    () => ['lookUp', participantStatements.lookUp, [id()]],
    () => ['answer', participantStatements.answer, [id(), oneOf(['done', 'refused']), oneOf([null, '{"b":[2]}'])]],
    () => ['undo', participantStatements.undo, [id()]],
  ])();
  let opened = 0;

  for (let round = 0; round < 300; round += 1) {
    const fails = random() < 0.25;
    const asked: [text: string, parameters: unknown[]][] = [];
    for (let step = Math.floor(random() * 4); step >= 0; step -= 1) {
      const [name, text, parameters] = draw();
      counts[name] = (counts[name] ?? 0) + 1;
      asked.push([text, parameters]);
      if (text === 'savepoint effect') {
        const [, ...after] = draw();
        asked.push(after, ['rollback to savepoint effect', []]);
      }
    }
    if (round % 40 === 0) asked.push(oneOf([[orderStatements.open, [`o${(opened += 1)}`, 'x']], [choreographyStatements.open, [`o${(opened += 1)}`, 'x', 900]]] as [string, unknown[]][]));
    if (asked.some(([, parameters]) => parameters[0] === 'o1' && parameters.length === 4) && (await postgres.query("select 1 from saga where id = 'o1'")).rows.length === 0) continue;
    const answers: (readonly unknown[])[] = [];
    await memory.transaction(async ({ query }) => {
      for (const [text, parameters] of asked) answers.push(await query(text, parameters));
      if (fails) throw new Error('rolled back');
    }).catch(() => {});
    await postgres.transaction(async (open) => {
      for (const [at, [text, parameters]] of asked.entries()) {
        const { rows } = await open.query<Record<string, unknown>>(text, parameters);
        expect(inOrder(answers[at]!), `${text.trim().slice(0, 50)} ${JSON.stringify(parameters)}`).toEqual(inOrder(rows));
        if (typeof rows[0]?.['fence'] === 'number') fences.push(rows[0]['fence']);
      }
      if (fails) await open.rollback();
    });
    // Not two sagas that are due at the same moment: either may be first.
    nowMs += 1 + Math.floor(random() * 400);
  }
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(20);
});

test('takes its time, runs one transaction after the other, and is cut off with its process', async () => {
  const clock = new VirtualClock();
  const memory = new MemoryDatabase(clock);
  const life = new AbortController();
  const { transaction } = memory.connect({ roundTripMs: 5, signal: life.signal });
  const order: string[] = [];
  const visit = (name: string) => transaction(async ({ query }) => {
    order.push(`${name} in`);
    await query(orderStatements.open, [name, 'x']);
    order.push(`${name} out`);
  });
  const both = Promise.all([visit('one'), visit('two')]);
  await clock.advance(4);
  expect(order).toEqual([]);
  await clock.advance(1);
  await both;
  expect(order).toEqual(['one in', 'one out', 'two in', 'two out']);
  const cut = visit('three');
  life.abort(new Error('crash'));
  await expect(cut).rejects.toThrow('crash');
  expect([order.length, clock.pending]).toEqual([4, 0]);
});

test('refuses a statement that it does not know, and rolls back what came before it', async () => {
  const { transaction } = new MemoryDatabase(new VirtualClock()).connect();
  await expect(transaction(async ({ query }) => {
    await query(statements.start, ['o1', 'a', '{}']);
    await query('select version()', []);
  })).rejects.toThrow(new UnknownStatementError('The simulated database does not know: select version()'));
  expect(await transaction(({ query }) => query(statements.claim, ['a', null, 100]))).toEqual([]);
});

/** Without `order by` the order says nothing. */
function inOrder(rows: readonly unknown[]): unknown[] {
  return [...rows].sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}

/** Numbers in [0, 1), the same in each run (mulberry32). */
function drawing(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
