import type { Clock } from './clock.ts';

/** A row, or a lock without one: as it has committed, and as the transaction that holds it sees it. */
export interface Slot<Row> { committed?: Row | undefined; draft?: Row | undefined; holder?: OpenTransaction | undefined }

/** What a statement does when it has reached the server. An error leaves its transaction unusable, as in PostgreSQL. */
export type Statement = (open: OpenTransaction, parameters: never) => unknown[] | Promise<unknown[]>;

interface Connection { /** Time on the way to the server and back. */ statementMs?: number; /** Cuts the connection: what is open is rolled back. */ signal?: AbortSignal }

/** The simulated database was asked what it does not know. */
export class UnknownStatementError extends Error {
  override readonly name = 'UnknownStatementError';
}

/**
 * Stands in for PostgreSQL where the real one is too large: rows in memory, transactions at READ COMMITTED, row locks.
 * Knows the statements that it is given, by their text. Finds no deadlocks, so none of them may make one.
 */
export class MemoryServer {
  readonly #clock: Clock;
  readonly #statements: Readonly<Record<string, Statement>>;

  constructor(clock: Clock, statements: Readonly<Record<string, Statement>>) {
    this.#clock = clock;
    this.#statements = statements;
  }

  connect({ statementMs = 0, signal }: Connection = {}) {
    const travel = async (): Promise<void> => {
      if (statementMs > 0) await this.#clock.sleep(statementMs, signal);
      signal?.throwIfAborted();
    };
    return {
      transaction: async <Result>(work: (transaction: { query<Row>(text: string, parameters: readonly unknown[]): Promise<readonly Row[]> }) => Promise<Result>): Promise<Result> => {
        signal?.throwIfAborted();
        const open = new OpenTransaction(this.#clock.now());
        const rollBack = (): void => open.end(false);
        signal?.addEventListener('abort', rollBack, { once: true });
        const query = async <Row>(text: string, parameters: readonly unknown[]): Promise<readonly Row[]> => {
          await travel();
          return await open.run(() => this.#statement(text)(open, parameters as never)) as Row[];
        };
        try {
          const result = await work({ query });
          await travel();
          open.end(true);
          return result;
        } finally {
          signal?.removeEventListener('abort', rollBack);
          rollBack();
        }
      },
    };
  }

  #statement(text: string): Statement {
    const known = this.#statements[text];
    if (known !== undefined) return known;
    throw new UnknownStatementError(`The simulated database knows only the statements of schema.ts; the PostgreSQL lab of this page runs any. It was asked: ${text.trim().slice(0, 80)}`);
  }
}

export class OpenTransaction {
  /** What `now()` gives: the time at which the transaction began. */
  readonly startMs: number;
  readonly #ended = Promise.withResolvers<void>();
  readonly #atEnd: ((commits: boolean) => void)[] = [];
  #state: 'open' | 'failed' | 'over' = 'open';

  constructor(startMs: number) {
    this.startMs = startMs;
  }

  async run<Result>(statement: () => Result | Promise<Result>): Promise<Result> {
    if (this.#state === 'failed') throw new Error('current transaction is aborted, commands ignored until end of transaction block');
    this.#requireOpen();
    try {
      return await statement();
    } catch (error) {
      this.#state = this.#state === 'over' ? 'over' : 'failed';
      throw error;
    }
  }

  /** The row in this statement's snapshot: nothing that others have not committed. */
  see<Row>(slot: Slot<Row>): Row | undefined {
    return slot.holder === this ? slot.draft : slot.committed;
  }

  seeAll<Row>(slots: Iterable<Slot<Row>>): Row[] {
    return Array.from(slots, (slot) => this.see(slot)).filter((row) => row !== undefined);
  }

  /** Holds the slot until the end of the transaction, unless another one does. */
  tryLock<Row>(slot: Slot<Row>): boolean {
    if (slot.holder !== undefined) return slot.holder === this;
    slot.holder = this;
    slot.draft = slot.committed;
    this.#atEnd.push((commits) => {
      if (commits) slot.committed = slot.draft;
      slot.holder = undefined;
    });
    return true;
  }

  /** Waits for whoever holds the slot. @returns the row as it is then, whatever the snapshot showed */
  async lock<Row>(slot: Slot<Row>): Promise<Row | undefined> {
    while (!this.tryLock(slot)) {
      await Promise.race([slot.holder!.#ended.promise, this.#ended.promise]);
      this.#requireOpen();
    }
    return slot.draft;
  }

  /** UPDATE, or DELETE where `next` gives nothing. A row that was waited for has to fulfil the condition again. */
  async change<Row>(slots: Iterable<Slot<Row>>, matches: (row: Row) => boolean, next: (row: Row) => Row | undefined): Promise<Row[]> {
    const isMatch = (row: Row | undefined): row is Row => row !== undefined && matches(row);
    const changed: Row[] = [];
    for (const slot of [...slots].filter((each) => isMatch(this.see(each)))) {
      const row = await this.lock(slot);
      if (!isMatch(row)) continue;
      slot.draft = next(row);
      changed.push(slot.draft ?? row);
    }
    return changed;
  }

  /** For statements of other tables: what is seen of them once the transaction has committed. */
  onCommit(effect: () => void): void {
    this.#atEnd.push((commits) => {
      if (commits) effect();
    });
  }

  /** Once; a failed transaction is rolled back even if it asks for the commit. */
  end(commits: boolean): void {
    const isSound = this.#state === 'open';
    if (this.#state === 'over') return;
    this.#state = 'over';
    for (const finish of this.#atEnd) finish(commits && isSound);
    this.#ended.resolve();
  }

  #requireOpen(): void {
    if (this.#state === 'over') throw new Error('The transaction is over');
  }
}

/** Stands in for `gen_random_uuid()`: different each time, and the same in each run. */
export function numberedUuids(): () => string {
  let last = 0;
  return () => `00000000-0000-4000-8000-${(last += 1).toString(16).padStart(12, '0')}`;
}
