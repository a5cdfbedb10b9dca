import { TakenBackError, UndoRefusedError } from './contract.ts';
import type { Transaction } from './contract.ts';

/** Two services, each with its own database in real life. A row is remembered by the key of its step. */
export const participantSchema = `
  create table stock (item text primary key, free integer not null check (free >= 0));
  create table reservation (
    key text primary key, item text, pieces integer not null, picked_at timestamptz, released_at timestamptz
  );
  create table payment (key text primary key, card text, cents integer not null, state text not null);
  create table ledger (id bigint generated always as identity, key text not null, card text not null, cents integer not null, what text not null, unique (key, what));
`;

/** A final no; its transaction is rolled back. */
export class OutOfStockError extends Error {
  override readonly name = 'OutOfStockError';
}

/** A refusal is not remembered: its work is taken back as a whole, which leaves a tombstone for copies still on their way. */
export async function reserve(open: Transaction, key: string, item: string, pieces: number): Promise<void> {
  if (!await isNew(open, 'insert into reservation (key, item, pieces) values ($1, $2, $3) on conflict (key) do nothing returning key', [key, item, pieces])) {
    const [known] = await open.query<{ released: boolean }>('select released_at is not null as released from reservation where key = $1', [key]);
    if (known!.released) throw new TakenBackError(`${key} was taken back`);
    return;
  }
  const taken = await open.query('update stock set free = free - $2 where item = $1 and free >= $2 returning item', [item, pieces]);
  if (taken.length === 0) throw new OutOfStockError(`fewer than ${pieces} of ${item}`);
}

// #region release
/** One statement finds the reservation, leaves a tombstone where there is none, and takes part once. */
export async function release(open: Transaction, key: string): Promise<void> {
  const [released] = await open.query<{ item: string | null; pieces: number }>(`
    insert into reservation as known (key, pieces, released_at) values ($1, 0, now())
    on conflict (key) do update set released_at = now() where known.released_at is null and known.picked_at is null
    returning item, pieces`, [key]);
  if (released === undefined) {
    const [known] = await open.query<{ released: boolean }>('select released_at is not null as released from reservation where key = $1', [key]);
    if (!known!.released) throw new UndoRefusedError('the pieces are in the parcel already');
    return;
  }
  // Adds to what is there now. The number from before the step would wipe out what others did since.
  await open.query('update stock set free = free + $2 where item = $1', [released.item, released.pieces]);
}
// #endregion release

export async function charge(open: Transaction, key: string, card: string, cents: number): Promise<void> {
  if (!await isNew(open, "insert into payment values ($1, $2, $3, 'held') on conflict (key) do nothing returning key", [key, card, cents])) {
    const [known] = await open.query<{ state: string }>('select state from payment where key = $1', [key]);
    if (known!.state === 'voided' || known!.state === 'refunded') throw new TakenBackError(`${key} was taken back`);
  }
}

/** The money is on its way; from now on it can only be sent back. */
export async function capture(open: Transaction, key: string): Promise<void> {
  const captured = await open.query<{ card: string; cents: number }>("update payment set state = 'captured' where key = $1 and state = 'held' returning card, cents", [key]);
  if (captured.length === 0) {
    const [known] = await open.query<{ state: string }>('select state from payment where key = $1', [key]);
    if (known?.state !== 'captured') throw new TakenBackError(`${key} is not held`);
  }
  for (const { card, cents } of captured) await open.query("insert into ledger (key, card, cents, what) values ($1, $2, $3, 'capture')", [key, card, cents]);
}

// #region give-back
/** What takes a charge back depends on how far it has come: money that is only held is let go, money that has moved is sent back. */
export async function giveBack(open: Transaction, key: string): Promise<void> {
  const [given] = await open.query<{ state: string; card: string; cents: number }>(`
    insert into payment as known (key, cents, state) values ($1, 0, 'voided')
    on conflict (key) do update set state = case known.state when 'held' then 'voided' else 'refunded' end
      where known.state in ('held', 'captured')
    returning state, card, cents`, [key]);
  if (given?.state === 'refunded') await open.query("insert into ledger (key, card, cents, what) values ($1, $2, $3, 'refund')", [key, given.card, -given.cents]);
}
// #endregion give-back

async function isNew(open: Transaction, insert: string, parameters: readonly unknown[]): Promise<boolean> {
  return (await open.query(insert, parameters)).length === 1;
}
