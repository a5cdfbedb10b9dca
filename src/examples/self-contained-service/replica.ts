import type { Ages, Source, Transaction } from './contract.ts';
import { CopyTooOldError } from './contract.ts';
import { statements } from './schema.ts';

// #region learn
/** How something is, after a change or in a full listing: in any order, and more than once. */
export interface Fact {
  readonly source: Source;
  readonly key: string;
  /** Counted up by the owner with each change of this key. */
  readonly version: number;
  /** Null: it is gone. */
  readonly body: unknown;
}

/** @returns false, and changes nothing, if this or a newer version is known */
export async function learn(transaction: Transaction, fact: Fact): Promise<boolean> {
  requireFact(fact);
  const { source, key, version, body } = fact;
  const json = body === null ? null : JSON.stringify(body);
  const values = [source, key, version, json];
  const changed = await transaction.query(statements.learn, values);
  return changed.length === 1;
}
// #endregion learn

function requireFact({ key, version, body }: Fact): void {
  if (!Number.isSafeInteger(version)) throw new RangeError(`Cannot learn of '${key}' as 'version' must be an integer: current value is ${version}`);
  if (JSON.stringify(body) === undefined) throw new RangeError(`Cannot learn of '${key}' as 'body' must be JSON or null`);
}

/** Once for each source; until every part has told how far it is, its copy counts as infinitely old. */
export async function openFeed(transaction: Transaction, source: Source, parts: number): Promise<void> {
  const isCount = Number.isInteger(parts) && parts > 0;
  if (!isCount) throw new RangeError(`Cannot open a feed as 'parts' must be a positive integer: current value is ${parts}`);
  await transaction.query(statements.openFeed, [source, parts]);
}

// #region heartbeat
/**
 * The owner says on one part of its channel: what I changed until `asOf` you have.
 * It says so also when nothing changes, or silence and loss would look alike.
 * @param asOf by the owner's clock; what the clocks differ by adds to the age
 */
export async function heartbeat(
  transaction: Transaction, source: Source, part: number, asOf: Date,
): Promise<void> {
  const values = [source, part, asOf.toISOString()];
  const found = await transaction.query(statements.heartbeat, values);
  if (found.length === 0) throw new RangeError(`${source} has no part ${part}`);
}
// #endregion heartbeat

/** Measured by the clock of the database. */
export async function agesOf(transaction: Transaction): Promise<Ages> {
  const rows = await transaction.query<{ source: Source; ageMs: number | null }>(statements.ages, []);
  const ageOf = (source: Source): number => rows.find((row) => row.source === source)?.ageMs ?? Infinity;
  return { catalogue: ageOf('catalogue'), accounts: ageOf('accounts') };
}

// #region bound
/** @throws CopyTooOldError for the first source whose copy is older than it may be */
export function requireFresh(agesMs: Ages, maxAgeMs: Ages): void {
  for (const source of ['catalogue', 'accounts'] as const) {
    const [ageMs, mostMs] = [agesMs[source], maxAgeMs[source]];
    if (ageMs > mostMs) throw new CopyTooOldError(source, ageMs, mostMs);
  }
}
// #endregion bound

export interface Known<Body> { readonly version: string; readonly body: Body | null }
/** @returns undefined if it was never heard of; its body is null if it is gone */
export async function lookUp<Body>(transaction: Transaction, source: Source, key: string): Promise<Known<Body> | undefined> {
  return (await transaction.query<Known<Body>>(statements.known, [source, key]))[0];
}
