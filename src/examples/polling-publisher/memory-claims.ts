import type { Clock } from '../clock.ts';
import type { Slot, Statement } from '../memory-transactions.ts';
import type { Row } from '../transactional-outbox/memory-database.ts';
import { statements } from './schema.ts';

type Claimable = Row & { dueMs?: number };

/** The statements of this example on the simulated outbox table. A test holds each of them against PostgreSQL. */
export function memoryClaims(table: readonly Slot<Row>[], clock: Clock): Readonly<Record<string, Statement>> {
  const event = ({ id, message, key, type, payload, headers, attempts }: Row) => ({ id: String(id), message, key, type, payload, headers, attempts });

  return {
    [statements.claim]: (open, [limit, leaseMs]: [number, number]) => {
      const keys = new Set<string>();
      const claimed: Row[] = [];
      for (const slot of table) {
        const row: Claimable | undefined = open.see(slot);
        if (row === undefined || row.publishedMs !== undefined) continue;
        const isFirst = !keys.has(row.key);
        keys.add(row.key);
        if (!isFirst || row.parked !== null || (row.dueMs ?? 0) > clock.now() || claimed.length === limit || !open.tryLock(slot)) continue;
        const next: Claimable = { ...row, attempts: row.attempts + 1, dueMs: clock.now() + leaseMs };
        slot.draft = next;
        claimed.push(next);
      }
      return claimed.map(event);
    },

    [statements.confirm]: async (open, [ids]: [readonly string[]]) => {
      const confirmed = new Set(ids.map(Number));
      await open.change(table, (row) => confirmed.has(row.id) && row.publishedMs === undefined, (row) => ({ ...row, publishedMs: clock.now(), parked: null }));
      return [];
    },

    [statements.putBack]: async (open, [id, attempts, afterMs, parked]: [string, number, number, string | null]) => {
      await open.change<Claimable>(table, (row) => row.id === Number(id) && row.attempts === attempts && row.publishedMs === undefined, (row) => ({ ...row, dueMs: clock.now() + afterMs, parked }));
      return [];
    },

    [statements.after]: (open, [last, limit]: [string, number]) => open.seeAll(table).filter((row) => row.id > Number(last)).slice(0, limit).map(event),
  };
}
