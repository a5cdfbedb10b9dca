import type { Clock } from '../clock.ts';

export interface Transaction {
  query<Row>(text: string, parameters: readonly unknown[]): Promise<readonly Row[]>;
}
/** Commits when `work` resolves, rolls back when it rejects. */
export interface Database {
  transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
}

/** A place in the feed of changes, from 1; exact up to 2^53. A command returns it, and a query may wait for it. */
export type Position = number;

/** What a command has done, for those who keep views. */
export interface Change {
  readonly position: Position;
  readonly type: string;
  readonly data: unknown;
}
/**
 * At most `limit` changes behind `after`, in order. What it has left out once must never appear later.
 * `readSide` is the open transaction of the view, for a feed that stands in the same database.
 */
export type Feed = (after: Position, limit: number, readSide: Transaction) => Promise<readonly Change[]>;

// #region projection
/** How changes become a view. */
export interface Projection {
  /** Of the checkpoint and of the rows. Another name is another copy, built from the first change on. */
  readonly name: string;
  /**
   * Runs once for each change, in order, in the transaction that moves the checkpoint: so write through it alone.
   * A type that it does not know changes nothing.
   */
  readonly apply: (transaction: Transaction, change: Change) => Promise<void>;
}

/** What a query has found, and how far the view was at that moment: one snapshot. */
export interface Found<View> {
  readonly view: View;
  readonly position: Position;
}
// #endregion projection

export interface ProjectorOptions {
  /** Most changes applied in one transaction. */
  readonly batchSize?: number;
  /** Pause after a pass that left nothing to do, or that failed, in milliseconds. */
  readonly pollMs?: number;
  readonly clock?: Clock;
  /** Called after the transaction has ended; must not throw. */
  readonly onEvent?: (event: ProjectorEvent) => void;
}
export type ProjectorEvent =
  /** Another instance has its turn. */
  | { readonly type: 'standby' }
  | { readonly type: 'applied'; readonly count: number; readonly position: Position }
  /** The view stands still in front of this change until somebody mends the projection. */
  | { readonly type: 'failed'; readonly change: Change; readonly error: unknown }
  | { readonly type: 'broken'; readonly error: unknown };

export interface WaitOptions {
  /** The longest that a query waits for the view, in milliseconds. 0 asks once. */
  readonly waitMs?: number;
  /** Pause between two looks, in milliseconds. Each look is a query. */
  readonly pollMs?: number;
  readonly clock?: Clock;
  /** One for each look: how far the view was behind what was wanted. Must not throw. */
  readonly onEvent?: (event: { readonly type: 'current' | 'behind'; readonly position: Position; readonly wanted: Position }) => void;
  readonly signal?: AbortSignal;
}

/** Thrown by the read side: the view is not as far as the caller has to see. `found` is what it can show. */
export class ViewBehindError<View> extends Error {
  override readonly name = 'ViewBehindError';
  readonly found: Found<View>;
  readonly wanted: Position;

  constructor(found: Found<View>, wanted: Position, waitMs: number) {
    super(`The read side refused to answer: it is at ${found.position} and not yet at ${wanted}, after ${waitMs} ms`);
    [this.found, this.wanted] = [found, wanted];
  }
}
/** No copy of the view has been built and put to work. */
export class ViewMissingError extends Error {
  override readonly name = 'ViewMissingError';
}
/** Thrown by the write side: the rules forbid the command. */
export class OrderRefusedError extends Error {
  override readonly name = 'OrderRefusedError';
}
