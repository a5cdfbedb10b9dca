import type { Clock } from '../clock.ts';
import { MemoryServer } from '../memory-transactions.ts';
import type { OpenTransaction, Slot, Statement } from '../memory-transactions.ts';
import type { Loaded, StoredEvent } from './contract.ts';
import { statements } from './schema.ts';

export type { Slot };

type NewRow = Pick<StoredEvent, 'type' | 'schema' | 'data'>;

/**
 * The tables of events and snapshots in memory, for simulations. A test holds every statement against PostgreSQL.
 * @param own statements of the application on tables of its own
 */
export function memoryDatabase(clock: Clock, own: Readonly<Record<string, Statement>> = {}): MemoryServer {
  /** By stream; the slot of version 1 stands at 0. There is one slot a version, as the primary key wants it. */
  const streams = new Map<string, Slot<StoredEvent>[]>();
  const snapshots = new Map<string, Slot<Loaded<unknown>>>();
  const slotsOf = (stream: string): Slot<StoredEvent>[] => existing(streams, stream, () => []);
  const snapshotOf = (stream: string, model: string): Slot<Loaded<unknown>> => existing(snapshots, JSON.stringify([stream, model]), () => ({}));
  const endOf = (open: OpenTransaction, slots: readonly Slot<StoredEvent>[]): number => slots.findLastIndex((slot) => open.see(slot) !== undefined) + 1;

  return new MemoryServer(clock, {
    ...own,

    [statements.append]: async (open, [stream, version, json]: [string, number, string]) => {
      const slots = slotsOf(stream);
      if (endOf(open, slots) !== version) return [];
      const written: { version: number }[] = [];
      for (const [at, { type, schema, data }] of (JSON.parse(json) as NewRow[]).entries()) {
        const slot = (slots[version + at] ??= {});
        // Another session may be about to write the same version: whether it does shows when it ends.
        if (slot.committed !== undefined || await open.lock(slot) !== undefined) continue;
        slot.draft = { version: version + at + 1, type, schema, data };
        written.push({ version: version + at + 1 });
      }
      return written;
    },

    [statements.read]: (open, [stream, after, until, limit]: [string, number, number, number]) =>
      open.seeAll(slotsOf(stream).slice(after, until)).slice(0, limit).map((row) => ({ ...row })),

    [statements.snapshot]: (open, [stream, model]: [string, string]) => {
      const row = open.see(snapshotOf(stream, model));
      return row === undefined ? [] : [{ ...row }];
    },

    [statements.keepSnapshot]: async (open, [stream, model, version, json]: [string, string, number, string]) => {
      if (endOf(open, slotsOf(stream)) < version) throw new Error('insert or update on table "snapshots" violates foreign key constraint');
      const slot = snapshotOf(stream, model);
      const before = await open.lock(slot);
      if (before === undefined || before.version < version) slot.draft = { version, state: JSON.parse(json) };
      return [];
    },
  });
}

function existing<Value>(map: Map<string, Value>, key: string, create: () => Value): Value {
  const found = map.get(key) ?? create();
  map.set(key, found);
  return found;
}
