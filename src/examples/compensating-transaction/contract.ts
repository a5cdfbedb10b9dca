import type { Clock, Random } from '../clock.ts';

/** One open transaction. */
export interface Transaction {
  query<Row>(text: string, parameters: readonly unknown[]): Promise<readonly Row[]>;
}
/** Commits when `work` resolves, rolls back when it rejects. Isolation READ COMMITTED, PostgreSQL's default. */
export interface Database {
  transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
}

/**
 * Takes one step back, with an action that the business knows. Comes again after a crash or a lost answer, and also
 * for steps that were refused or never arrived; by the key the participant knows what it has done.
 * Throws `UndoRefusedError` where only a person can decide. Any other error is tried again.
 */
export type Undo = (command: { readonly key: string; readonly details: unknown }, signal: AbortSignal) => Promise<void>;

/** The participant cannot take the step back any more; repeating will not help. */
export class UndoRefusedError extends Error {
  override readonly name = 'UndoRefusedError';
}
/** The step was taken back before it arrived, or before it was repeated. Nothing was done. */
export class TakenBackError extends Error {
  override readonly name = 'TakenBackError';
}
/** The piece of work has been taken back, sealed, or never begun; no step may be added. */
export class WorkOverError extends Error {
  override readonly name = 'WorkOverError';
}
/** The participant did not answer in time. Whether it has taken the step back is not known. */
export class UndoTimeoutError extends Error {
  override readonly name = 'UndoTimeoutError';
}

export interface Options {
  /** How long a participant may take to answer, in milliseconds. */
  readonly undoTimeoutMs?: number;
  /** After this long without a word from its worker, a piece of work is taken over, in milliseconds. More than `undoTimeoutMs`. */
  readonly leaseMs?: number;
  /** Tries of one undo, crashes counted; then the work is parked for a person. */
  readonly maxAttempts?: number;
  /** Pause before the first repeat, in milliseconds; doubles up to `longestRetryMs`, with full jitter. */
  readonly firstRetryMs?: number;
  readonly longestRetryMs?: number;
  /** Pause of `run` when nothing is due, in milliseconds. */
  readonly pollMs?: number;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Called after each commit; must not throw. */
  readonly onEvent?: (event: UndoEvent) => void;
}
export interface UndoEvent {
  /** `turned`: from now on backwards, abandoned work included. `failed`: tried again later. `lost`: another worker has taken over. `broken`: the database failed. */
  readonly type: 'turned' | 'undone' | 'failed' | 'parked' | 'lost' | 'finished' | 'broken';
  readonly work?: string;
  readonly step?: string;
  readonly error?: unknown;
}
