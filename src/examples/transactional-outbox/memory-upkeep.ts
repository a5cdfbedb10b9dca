import type { Clock } from '../clock.ts';
import type { Slot, Statement } from '../memory-transactions.ts';
import type { Row } from './memory-database.ts';
import { statements } from './schema.ts';

/** What is asked of the table and done to it now and then, of which few simulations have need. */
export function memoryUpkeep(table: readonly Slot<Row>[], clock: Clock): Readonly<Record<string, Statement>> {
  return {
    [statements.forget]: async (open, [olderThanMs, limit]: [number, number]) => {
      const old = open.seeAll(table).filter((row) => row.publishedMs !== undefined && row.publishedMs < clock.now() - olderThanMs).slice(0, limit);
      const gone = await open.change(table, (row) => old.some(({ id }) => id === row.id), () => undefined);
      return gone.map((row) => ({ id: row.id }));
    },

    [statements.backlog]: (open) => {
      const waiting = open.seeAll(table).filter((row) => row.publishedMs === undefined);
      const parked = waiting.filter((row) => row.parked !== null).length;
      const oldestMs = waiting.length === 0 ? 0 : clock.now() - Math.min(...waiting.map((row) => row.recordedMs));
      return [{ pending: waiting.length - parked, parked, oldestMs }];
    },
  };
}
