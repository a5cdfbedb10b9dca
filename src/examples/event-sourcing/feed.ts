import type { Database, StoredEvent } from './contract.ts';

/** Where a reader of the feed has come to. Keep it in the transaction that applies the events. */
export interface FeedCursor {
  readonly transaction: string;
  readonly position: string;
}
export interface FeedEvent extends StoredEvent, FeedCursor {
  readonly stream: string;
}
export const feedStart: FeedCursor = { transaction: '0', position: '0' };

// #region feed
/**
 * Only what no open transaction can still slip in front of; a cursor over `position` alone would skip what
 * commits late. Transaction numbers do not survive a dump into another server.
 */
export const feedStatement = `
  select transaction::text, position::text, stream, version, type, schema, data
    from events
   where (transaction, position) > ($1::xid8, $2::bigint)
     and transaction < pg_snapshot_xmin(pg_current_snapshot())
   order by events.transaction, events.position
   limit $3`;

/**
 * Events of all streams, at most `limit`; ask again from the last one applied. Each stream is in order, because a
 * writer gets its transaction number when it appends, after it has seen the commit of the event before.
 */
export function readFeed(database: Database, { transaction, position }: FeedCursor, limit = 500): Promise<readonly FeedEvent[]> {
  return database.transaction(({ query }) => query<FeedEvent>(feedStatement, [transaction, position, limit]));
}
// #endregion feed
