/** The one database of the shop. Each module has a schema of its own in it and names no other. */
export interface Transaction {
  /** @param text one statement of PostgreSQL, with `$1` and so on for the parameters @returns its rows */
  query<Row>(text: string, parameters: readonly unknown[]): Promise<readonly Row[]>;
}

export interface Database {
  /** Commits when `work` resolves; rolls back when it throws, and throws the same. */
  transaction<Result>(work: (open: Transaction) => Promise<Result>): Promise<Result>;
}
