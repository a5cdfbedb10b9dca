/**
 * An experiment on a real PostgreSQL: the same story with and without the pattern, in which the process
 * may die at a chosen point. The page plays it with PostgreSQL in the browser, tests with the same in Node.
 */

/** Commits when `work` resolves, rolls back when it rejects. */
export interface LabDatabase {
  transaction<Result>(work: (transaction: LabTransaction) => Promise<Result>): Promise<Result>;
}
export interface LabTransaction {
  query<Row>(text: string, parameters: readonly unknown[]): Promise<readonly Row[]>;
}

/** The process has died: nothing that it had not committed remains. */
export class ProcessDiedError extends Error {
  override readonly name = 'ProcessDiedError';
}

export interface LabWorld {
  readonly database: LabDatabase;
  /** @throws ProcessDiedError at the point that the reader chose, the first time; from then on every statement fails until `restart` */
  dieAt(point: string): void;
  /** @returns whether the process had died */
  restart(): boolean;
  /** Something outside of the database, shown beside its tables: what another service received. Rows are added to it as the story goes on. */
  outside(title: string, rows: readonly Readonly<Record<string, unknown>>[]): void;
  /** Moves the clock of the database. */
  passMs(ms: number): void;
  /** Ends a step: what has happened, with the tables as they are now. Not inside a transaction. */
  say(text: string, tone?: 'good' | 'bad'): Promise<void>;
}

export interface Lab {
  /** Points at which the process may die, by their id; the first is "none". */
  readonly points: Readonly<Record<string, string>>;
  readonly variants: readonly { readonly id: string; readonly label: string }[];
  /** Makes the tables of a variant, in an empty schema. */
  readonly setup: (variant: string) => string;
  /** What is shown of them: a heading and a query each. */
  readonly tables: (variant: string) => readonly { readonly title: string; readonly query: string }[];
  readonly play: (world: LabWorld, variant: string) => Promise<void>;
}
