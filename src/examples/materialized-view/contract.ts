export interface Transaction {
  query<Row>(text: string, parameters: readonly unknown[]): Promise<readonly Row[]>;
}
/** Commits when `work` resolves, rolls back when it rejects. READ COMMITTED, the default of PostgreSQL. */
export interface Database {
  transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
}

/** Who owns the facts that the view joins. */
export type Source = 'orders' | 'accounts';

// #region change
/**
 * How a thing is, and not what happened to it: so the same words serve as an event and as a line of a full listing,
 * and may come in any order and more than once. `version` is counted up by the owner with each change of this id.
 */
export type Change =
  | { source: 'orders'; id: string; version: number; is: { customer: string; cents: number } | 'gone' }
  | { source: 'accounts'; id: string; version: number; is: { name: string } | 'gone' };
// #endregion change

export interface ListedOrder {
  readonly id: string;
  readonly customer: string;
  /** Null as long as accounts has told nothing of this customer, and when the customer is gone. */
  readonly name: string | null;
  readonly cents: number;
}

/** What a reader gets: the rows, and how old they may be. One snapshot. */
export interface Page {
  readonly orders: readonly ListedOrder[];
  /** For each source the milliseconds since the moment up to which everything is in the view; infinite before the first word. */
  readonly ageMs: Readonly<Record<Source, number>>;
}

/** No copy of the view is there to be read. */
export class ViewMissingError extends Error {
  override readonly name = 'ViewMissingError';
}
