import type { Clock } from '../clock.ts';

/** One open transaction. */
export interface Transaction {
  query<Row>(text: string, parameters: readonly unknown[]): Promise<readonly Row[]>;
}
/** Commits when `work` resolves, rolls back when it rejects. */
export interface Database {
  transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
}

/** In UTF-16 code units: an index of PostgreSQL takes some 2,700 bytes, and what it does not take is not recorded. */
export const idLength = 200;

/** Who wants to do what to which thing. Persons and things are ids: names and addresses stay where they can be erased. */
export interface Attempt {
  /** The same in every record that this attempt leaves. */
  readonly id: string;
  /** The person, also where a service or a colleague acts for them. */
  readonly by: string;
  /** Who acts for the person: a service, a job, support. */
  readonly via?: string;
  readonly action: string;
  readonly on: string;
  /** What was asked for, or the values before and after: as little as the question needs. */
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}
/** `done` stands only where the effect does: they commit together. The others say what the caller was told. */
export type Outcome = 'done' | 'refused' | 'failed';

export interface Link {
  readonly chain: string;
  /** 1, 2, 3 … without a hole. */
  readonly seq: number;
  /** SHA-256 as 64 hexadecimal digits. */
  readonly hash: string;
}
export interface Entry extends Link {
  /** The hash of the entry before. */
  readonly previous: string;
  /** Canonical JSON, kept as the text that was hashed. */
  readonly record: string;
}

export interface AuditLogOptions {
  /** One chain is one queue: a chain for each tenant or service lets them not wait for each other. */
  chain: string;
  database: Database;
  /** Tells a refusal by the rules from a failure. Must not throw. */
  isRefusal: (error: unknown) => boolean;
  clock?: Clock;
  /** Must not throw. */
  onEvent?: (event: AuditEvent) => void;
}
export type AuditEvent = { chain: string; attempt: string; atMs: number } & (
  /** Committed. `heldMs`: how long all others of the chain had to wait for this one. */
  | { type: 'recorded'; seq: number; outcome: Outcome; heldMs: number }
  /** The attempt came to nothing and no record says so: somebody has to look. */
  | { type: 'unrecorded'; outcome: Outcome; error: unknown });
