import { crossingsStatement } from './catalogue.ts';
import { loginOf, ownerOf } from './contract.ts';
import type { Connection, Crossing } from './contract.ts';

export * from './contract.ts';
export { closeDatabase, provision } from './provision.ts';

/** A service without schema or role would look as if it had no crossings. */
export class NotProvisionedError extends Error {
  override readonly name = 'NotProvisionedError';
}

// #region read
/**
 * Every way from one of the services to what it does not own, as the database itself sees it: grants to a role,
 * to everybody or to a role that it may become; objects that use each other; wrong owners; too much power.
 * @throws NotProvisionedError when the database lacks a schema or a role of a service
 */
export async function crossings(connection: Connection, services: readonly string[]): Promise<Crossing[]> {
  const missing = await connection.query<{ name: string }>(missingStatement, [services, services.map(loginOf), services.map(ownerOf)]);
  if (missing.length > 0) throw new NotProvisionedError(`The database has no ${missing.map(({ name }) => name).join(', ')}`);
  const rows = await connection.query<Crossing & { to: string | null }>(crossingsStatement, [services, services.map(loginOf), services.map(ownerOf)]);
  return rows.map(({ kind, from, to, object, what }) => ({ kind, from, ...(to === null ? {} : { to }), object, what }));
}
// #endregion read

const missingStatement = `
  select 'schema ' || name as name from unnest($1::text[]) as name where not exists (select from pg_namespace where nspname = name)
  union all
  select 'role ' || name from unnest($2::text[] || $3::text[]) as name where not exists (select from pg_roles where rolname = name)
  order by 1`;

// #region judge
/** A crossing that is known and has an end. Copied from a report, so that it covers this one and no wider one. */
export interface Tolerated extends Pick<Crossing, 'from' | 'object' | 'what'> {
  readonly why: string;
  /** The last day, such as `2027-03-31`. */
  readonly until: string;
}
export interface Verdict {
  /** Nobody has allowed it, or its time is over. */
  readonly refused: readonly Crossing[];
  /** What is tolerated and no longer there: strike it off, or it may come back unseen. */
  readonly idle: readonly Tolerated[];
}

/**
 * A list that can only get shorter.
 * @param today such as `2026-11-27`
 * @throws RangeError when a day is no day
 */
export function judge(found: readonly Crossing[], tolerated: readonly Tolerated[], today: string): Verdict {
  for (const day of [today, ...tolerated.map(({ until }) => until)]) requireDay(day);
  const covers = (one: Tolerated) => (crossing: Crossing): boolean =>
    one.from === crossing.from && one.object === crossing.object && one.what === crossing.what;
  const valid = tolerated.filter(({ until }) => until >= today);
  return {
    refused: found.filter((crossing) => !valid.some((one) => covers(one)(crossing))),
    idle: tolerated.filter((one) => !found.some(covers(one))),
  };
}
// #endregion judge

/** One line for a log or a failed build. */
export function sentence({ from, to = 'nobody', object, what }: Crossing): string {
  return `${from} -> ${to}: ${object}: ${what}`;
}

function requireDay(day: string): void {
  const time = Date.parse(`${day}T00:00:00Z`);
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
  if (!isDay) throw new RangeError(`Cannot judge crossings as a day must be such as 2026-11-27: current value is '${day}'`);
}
