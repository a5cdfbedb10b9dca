import type { Clock } from '../clock.ts';
import { MemoryServer, numberedUuids } from '../memory-transactions.ts';
import type { Slot, Statement } from '../memory-transactions.ts';
import type { OutboxEvent } from './contract.ts';
import { statements } from './schema.ts';

export interface Row extends Omit<OutboxEvent, 'id'> { id: number; recordedMs: number; publishedMs: number | undefined; parked: string | null }

type Statements = Readonly<Record<string, Statement>>;
type Upkeep = (table: readonly Slot<Row>[], clock: Clock) => Statements;

/**
 * The outbox table in memory, for simulations. A test holds every statement against PostgreSQL.
 * @param own statements of the application on tables of its own
 * @param upkeep those of `memory-upkeep.ts`, where somebody counts or deletes
 */
export function memoryDatabase(clock: Clock, own: Statements = {}, upkeep?: Upkeep): MemoryServer {
  return new MemoryServer(clock, { ...own, ...outboxStatements(clock, upkeep) });
}

/** For a database that has other tables as well. */
export function outboxStatements(clock: Clock, upkeep?: Upkeep): Statements {
  /** In order of id. A rolled-back or deleted row leaves an empty slot, as it leaves a hole in the sequence. */
  const table: Slot<Row>[] = [];
  const turn: Slot<never> = {};
  const uuid = numberedUuids();
  const withId = (id: string) => (row: Row): boolean => row.id === Number(id);

  return {
    ...upkeep?.(table, clock),

    [statements.record]: (open, [key, type, payload, headers]: [string, string, string, string]) => {
      const slot: Slot<Row> = {};
      const row: Row = {
        id: table.push(slot), message: uuid(), key, type, payload: JSON.parse(payload), headers: JSON.parse(headers),
        recordedMs: clock.now(), publishedMs: undefined, attempts: 0, parked: null,
      };
      open.tryLock(slot);
      slot.draft = row;
      return [{ message: row.message }];
    },

    [statements.takeTurn]: (open) => [{ mine: open.tryLock(turn) }],

    [statements.pending]: (open, [limit, held]: [number, readonly string[]]) => {
      const rows = open.seeAll(table);
      const parked = rows.filter((row) => row.parked !== null);
      return rows
        .filter((row) => row.publishedMs === undefined && row.parked === null && !held.includes(row.key) && !parked.some((earlier) => earlier.key === row.key && earlier.id < row.id))
        .slice(0, limit)
        .map(({ id, message, key, type, payload, headers, attempts }) => ({ id: String(id), message, key, type, payload, headers, attempts }));
    },

    [statements.markPublished]: async (open, [id]: [string]) => {
      await open.change(table, withId(id), (row) => ({ ...row, publishedMs: clock.now() }));
      return [];
    },

    [statements.markFailed]: async (open, [id, parked]: [string, string | null]) => {
      await open.change(table, withId(id), (row) => ({ ...row, attempts: row.attempts + 1, parked }));
      return [];
    },

    [statements.release]: async (open, [id]: [string]) => {
      const released = await open.change(table, (row) => withId(id)(row) && row.parked !== null, (row) => ({ ...row, attempts: 0, parked: null }));
      return released.map((row) => ({ id: row.id }));
    },
  };
}
