import type { Clock } from '../clock.ts';
import { MemoryServer } from '../memory-transactions.ts';
import type { Slot, Statement } from '../memory-transactions.ts';
import { statements } from './schema.ts';

interface Row { consumer: string; message: string; handledMs: number }

/**
 * The inbox table in memory, for simulations. A test holds both statements against PostgreSQL.
 * @param own statements of the application on tables of its own
 * @param originMs what the clock's 0 is in ms since 1970
 */
export function memoryDatabase(clock: Clock, own: Readonly<Record<string, Statement>> = {}, originMs = 0): MemoryServer {
  const inbox = new Map<string, Slot<Row>>();
  return new MemoryServer(clock, {
    ...own,

    [statements.admit]: async (open, [consumer, message, madeAt, oldestMs, skewMs]: [string, string, string, number, number]) => {
      const madeMs = Date.parse(madeAt) - originMs;
      const place = JSON.stringify([consumer, message]);
      const slot = inbox.get(place) ?? {};
      inbox.set(place, slot);
      const isNew = await open.lock(slot) === undefined;
      if (isNew) slot.draft = { consumer, message, handledMs: open.startMs };
      const ageMs = clock.now() - madeMs;
      return [{ isNew, isInTime: madeMs - open.startMs <= skewMs && ageMs <= oldestMs }];
    },

    [statements.forget]: async (open, [consumer, keptMs, limit]: [string, number, number]) => {
      const isOld = (row: Row): boolean => row.consumer === consumer && row.handledMs < open.startMs - keptMs;
      const old = [...inbox.values()].filter((slot) => {
        const row = open.see(slot);
        return row !== undefined && isOld(row);
      });
      const gone = await open.change(old.slice(0, limit), isOld, () => undefined);
      return gone.map(({ message }) => ({ message }));
    },
  });
}
