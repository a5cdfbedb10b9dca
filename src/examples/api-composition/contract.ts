import type { Clock } from '../clock.ts';

/**
 * What a composer knows of one part of one row. `none` is a fact of the owner: there is nothing.
 * `missing` says that nobody knows: the owner did not answer in time, or with an error.
 */
export type Part<Value> =
  | { status: 'found'; value: Value }
  | { status: 'none' }
  | { status: 'missing'; reason: MissingReason };

export type MissingReason = 'late' | 'failed';

export interface Owner<Row, Value> {
  /** Under which id the owner keeps what belongs to `row`; `undefined` when the row refers to nothing. */
  idOf: (row: Row) => string | undefined;
  /**
   * Gives what it knows of these ids, in any order; an id that it leaves out does not exist.
   * So ask for as many results as ids: what the owner's default page cuts off would be told as `none`.
   */
  fetchMany: (ids: readonly string[], signal: AbortSignal) => Promise<ReadonlyMap<string, Value>>;
  /** The most ids in one call. */
  mostIds: number;
  /** The most calls that one composition has open at this owner; 2 when left out. */
  mostCalls?: number;
  /** Without a required part there is no answer; false when left out. */
  required?: boolean;
}

export type Owners<Row> = Record<string, Owner<Row, unknown>>;
type ValueOf<O> = O extends { fetchMany: (...asked: never[]) => Promise<ReadonlyMap<string, infer Value>> } ? Value : never;

export interface Composed<Row, O> {
  rows: { row: Row; parts: { [Name in keyof O]: Part<ValueOf<O[Name]>> } }[];
  /** Owners of whom at least one part is missing; empty when the answer is whole. */
  missing: (keyof O)[];
}

export interface ComposerOptions<Row, O extends Owners<Row>> {
  owners: O & Owners<Row>;
  /** Milliseconds for everything together, the rows included. */
  deadlineMs: number;
  /** The most rows that one answer may have; 100 when left out. */
  mostRows?: number;
  clock?: Clock;
  /** Must not throw. */
  onEvent?: (event: ComposerEvent) => void;
}

export type ComposerEvent =
  | { type: 'answered'; owner: string; ids: number; tookMs: number }
  | { type: 'missing'; owner: string; ids: number; tookMs: number; reason: MissingReason; error: unknown };

/** The deadline of the composition passed before there was an answer to give. */
export class CompositionTimeoutError extends Error {
  override readonly name = 'CompositionTimeoutError';
}

/** A part that the answer cannot do without is missing; `cause` has the error of its owner. */
export class RequiredPartError extends Error {
  override readonly name = 'RequiredPartError';
  readonly owner: string;
  readonly reason: MissingReason;

  constructor(owner: string, reason: MissingReason, cause: unknown) {
    super(`Cannot compose without ${owner}: ${reason}`, { cause });
    this.owner = owner;
    this.reason = reason;
  }
}

/** The caller has to ask for fewer rows: an unbounded list becomes an unbounded fan-out. */
export class TooManyRowsError extends Error {
  override readonly name = 'TooManyRowsError';
}
