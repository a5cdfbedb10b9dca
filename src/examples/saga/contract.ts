import type { Clock, Random } from '../clock.ts';

/** One open transaction. */
export interface Transaction {
  query<Row>(text: string, parameters: readonly unknown[]): Promise<readonly Row[]>;
}
/** Commits when `work` resolves, rolls back when it rejects. Isolation READ COMMITTED, PostgreSQL's default. */
export interface Database {
  transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
}

/** What a participant is told. */
export interface Command<Input> {
  readonly saga: string;
  /** The same on each repeat and for the reversal: by it the participant knows what it has done. */
  readonly key: string;
  readonly input: Input;
  /** What the steps before answered, by name. */
  readonly results: Readonly<Record<string, unknown>>;
}
/**
 * Throws `StepRefusedError` for a final no, after which nothing has been done and nothing will be.
 * Any other error leaves open whether it was done.
 */
export type Send<Input> = (command: Command<Input>, signal: AbortSignal) => Promise<unknown>;

export type Step<Input> = { readonly name: string; readonly run: Send<Input> } & (
  | { readonly kind: 'compensatable'; readonly undo: Send<Input> }
  /** The point of no return: before it everything can be taken back, after it nothing. */
  | { readonly kind: 'pivot' }
  /** Cannot be refused for good, so it is repeated until it succeeds. */
  | { readonly kind: 'retriable' }
);

export interface Definition<Input> {
  /** With a version: running sagas keep to the steps they began with. */
  readonly name: string;
  /** Compensatable ones, then at most one pivot, then retriable ones. */
  readonly steps: readonly Step<Input>[];
  /** The last change of the owner, in the transaction that ends the saga. */
  readonly end: (transaction: Transaction, saga: string, state: 'completed' | 'compensated', input: Input) => Promise<void>;
}

/** A final no of a participant; nothing was done. */
export class StepRefusedError extends Error {
  override readonly name = 'StepRefusedError';
}
/** The participant did not answer in time. Whether it has done the step is not known. */
export class StepTimeoutError extends Error {
  override readonly name = 'StepTimeoutError';
}
/** Another instance has taken the saga over; what this one wanted to write was rolled back. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

export interface Options {
  /** How long a participant may take to answer one command, in milliseconds. */
  readonly stepTimeoutMs?: number;
  /** After this long without a word from its instance a saga is taken over, in milliseconds. More than `stepTimeoutMs`. */
  readonly leaseMs?: number;
  /** Tries of one command, crashes counted. After them a compensatable step is taken back; any other command is parked. */
  readonly maxAttempts?: number;
  /** Pause before the first repeat, in milliseconds; doubles up to `longestRetryMs`, with full jitter. */
  readonly firstRetryMs?: number;
  readonly longestRetryMs?: number;
  /** Pause of `run` when no saga is due, in milliseconds. */
  readonly pollMs?: number;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Called after each commit; must not throw. */
  readonly onEvent?: (event: SagaEvent) => void;
}
export type Progress = 'completed' | 'compensated' | 'waiting' | 'parked' | 'released' | 'lost';
export interface SagaEvent {
  /**
   * Of a step: `sent`, `done`, `refused`, `undoing`, `undone`, `failed` (outcome unknown).
   * Of the saga: `turned` (from now on backwards) and whatever ends `proceed`. `broken`: the database failed.
   */
  readonly type: StepState | Progress | 'failed' | 'turned' | 'broken';
  readonly saga?: string;
  readonly step?: string;
  readonly error?: unknown;
}
export type StepState = 'sent' | 'done' | 'refused' | 'undoing' | 'undone';
