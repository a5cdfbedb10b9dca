import type { Slot, Statement } from '../memory-transactions.ts';
import { isOver } from './memory-database.ts';
import type { Row } from './memory-database.ts';
import { statements } from './schema.ts';

/** What is done to the table now and then, of which few simulations have need. */
export function memoryUpkeep(table: ReadonlyMap<string, Slot<Row>>): Readonly<Record<string, Statement>> {
  return {
    [statements.forget]: async (open, [limit]: [number]) => {
      const isOld = isOver(open.startMs);
      const old = [...table.values()].filter((slot) => open.seeAll([slot]).some(isOld)).slice(0, limit);
      return (await open.change(old, isOld, () => undefined)).map(({ key }) => ({ key }));
    },
  };
}
