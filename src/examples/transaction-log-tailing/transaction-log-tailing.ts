import type { Database } from '../transactional-outbox/contract.ts';

export { LogTailer, outboxEvent, SchemaMismatchError } from './log-tailer.ts';
export type { LogMessage, LogStream, TailerEvent, TailerOptions } from './log-tailer.ts';
export { PgoutputDecoder, UnknownTableError } from './pgoutput.ts';
export type { Change, LogEntry, Row } from './pgoutput.ts';

// #region setup
/** As the owner of the table, before the first event is written: a slot knows nothing of what was before it. */
export const statements = {
  publish: `create publication outbox_events for table outbox with (publish = 'insert')`,
  makeSlot: `select pg_create_logical_replication_slot($1, 'pgoutput') as made`,
  lag: `
    select active, wal_status as status,
           pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)::double precision as "unreadBytes",
           -- A slot that is lost has no position any more.
           coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)::double precision as "heldBytes"
      from pg_replication_slots where slot_name = $1`,
} as const;
// #endregion setup

export interface SlotLag {
  /** Somebody reads it at this moment. */
  readonly active: boolean;
  /** reserved, extended (more than usual is kept), unreserved (about to be lost) or lost. */
  readonly status: string;
  /** Log written since the last confirmation, of any table, in bytes. */
  readonly unreadBytes: number;
  /** Log that the server keeps on its disk because of this slot, in bytes; 0 when it is lost. To alert on, beside `status`. */
  readonly heldBytes: number;
}

/** @throws MissingSlotError when there is none of this name: what was committed since it went is not going to come */
export async function slotLag(database: Database, slot: string): Promise<SlotLag> {
  const [found] = await database.transaction((transaction) => transaction.query<SlotLag>(statements.lag, [slot]));
  if (found === undefined) throw new MissingSlotError(`There is no replication slot '${slot}'`);
  return found;
}

export class MissingSlotError extends Error {
  override readonly name = 'MissingSlotError';
}
