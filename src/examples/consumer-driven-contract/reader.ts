import type { Json } from './contract.ts';

/** What the web shop needs of an order; the rest of it is none of its business. */
export interface ShownOrder { id: string; totalCents: number; state: 'open' | 'paid' | 'other'; note: string }

type Fields = { readonly [key: string]: Json };

/** The answer lacks what this consumer cannot do without. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
}

// #region reader
/** A tolerant reader: takes what it needs, ignores what it does not know, has a default for what may be missing and an answer for what is new. */
export function readOrder(answer: Fields): ShownOrder {
  const { id, totalCents, state, note } = answer;
  if (typeof id !== 'string') throw new UnreadableError('An order has no id');
  if (!Number.isSafeInteger(totalCents)) throw new UnreadableError(`Order ${id} has no total in whole cents`);
  return {
    id,
    totalCents: totalCents as number,
    state: state === 'open' || state === 'paid' ? state : 'other', // never a switch that throws at a new state
    note: typeof note === 'string' ? note : '',
  };
}
// #endregion reader

/** Who writes back what was read keeps the fields that it does not know, or it deletes the work of others. */
export function withNote(answer: Fields, note: string): Fields {
  return { ...answer, note };
}
