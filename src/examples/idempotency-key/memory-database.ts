import type { Clock } from '../clock.ts';
import { MemoryServer, numberedUuids } from '../memory-transactions.ts';
import type { Slot, Statement } from '../memory-transactions.ts';
import { statements } from './schema.ts';

export interface Row {
  tenant: string;
  key: string;
  fingerprint: string;
  owner: string;
  leaseUntilMs: number;
  downstream: string;
  status: number | null;
  body: string | null;
  expiresMs: number;
}

/**
 * The table of idempotency keys in memory, for simulations. A test holds every statement against PostgreSQL.
 * @param own statements of the application on tables of its own
 * @param upkeep those of `memory-upkeep.ts`, where somebody deletes old keys
 */
export function memoryDatabase(clock: Clock, own: Readonly<Record<string, Statement>> = {}, upkeep?: (table: ReadonlyMap<string, Slot<Row>>) => Readonly<Record<string, Statement>>): MemoryServer {
  const table = new Map<string, Slot<Row>>();
  const uuid = numberedUuids();
  const at = (tenant: string, key: string): Slot<Row> => {
    const place = JSON.stringify([tenant, key]);
    const slot = table.get(place) ?? {};
    table.set(place, slot);
    return slot;
  };

  return new MemoryServer(clock, {
    ...own,
    ...upkeep?.(table),

    [statements.expire]: async (open, [tenant, key]: [string, string]) => {
      await open.change([at(tenant, key)], isOver(open.startMs), () => undefined);
      return [];
    },

    [statements.claim]: async (open, [tenant, key, payload, leaseMs, keepMs]: [string, string, string, number, number]) => {
      const slot = at(tenant, key);
      const fingerprint = canonical(payload);
      const leaseUntilMs = open.startMs + leaseMs;
      const known = await open.lock(slot);
      if (known === undefined) slot.draft = { tenant, key, fingerprint, owner: uuid(), leaseUntilMs, downstream: uuid(), status: null, body: null, expiresMs: open.startMs + keepMs };
      else if (known.status === null && known.leaseUntilMs <= open.startMs && known.fingerprint === fingerprint) slot.draft = { ...known, owner: uuid(), leaseUntilMs };
      else return [];
      const { owner, downstream } = slot.draft;
      return [{ owner, downstream }];
    },

    [statements.lookUp]: (open, [tenant, key, payload]: [string, string, string]) =>
      open.seeAll([at(tenant, key)]).map(({ status, body, fingerprint, leaseUntilMs }) => ({
        status, body: body === null ? null : JSON.parse(body), same: fingerprint === canonical(payload), remainingMs: Math.max(0, leaseUntilMs - open.startMs),
      })),

    [statements.answer]: async (open, [tenant, key, owner, status, body]: [string, string, string, number, string]) =>
      ownersOf(await open.change([at(tenant, key)], isHeldBy(owner), (row) => ({ ...row, status, body }))),

    [statements.release]: async (open, [tenant, key, owner]: [string, string, string]) =>
      ownersOf(await open.change([at(tenant, key)], isHeldBy(owner), (row) => ({ ...row, leaseUntilMs: open.startMs }))),
  });
}

export const isOver = (nowMs: number) => (row: Row): boolean => row.expiresMs <= nowMs && row.leaseUntilMs <= nowMs;
const isHeldBy = (owner: string) => (row: Row): boolean => row.owner === owner && row.status === null;
const ownersOf = (rows: Row[]): { owner: string }[] => rows.map(({ owner }) => ({ owner }));

/** One text for one value, as `jsonb` gives: neither spaces nor the order of fields count. */
function canonical(json: string): string {
  return JSON.stringify(JSON.parse(json, (_name, value: unknown) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))) : value)));
}
