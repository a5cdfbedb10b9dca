import { systemClock } from '../clock.ts';
import { canonical, genesis, hashOf } from './chain.ts';
import { idLength } from './contract.ts';
import type { Attempt, AuditEvent, AuditLogOptions, Database, Entry, Link, Outcome, Transaction } from './contract.ts';
import { statements } from './schema.ts';

export { canonical, genesis, hashOf, sign, verify } from './chain.ts';
export type { Checkpoint, Finding } from './chain.ts';
export type { Attempt, AuditEvent, AuditLogOptions, Database, Entry, Link, Outcome, Transaction } from './contract.ts';

/**
 * Records who did what to which thing, in the transaction in which it happens, as a chain in which a change shows
 * (linear hash chain with checkpoints kept elsewhere; see Crosby and Wallach 2009 for what it proves and what a tree does better).
 */
export class AuditLog {
  readonly #options: Required<Omit<AuditLogOptions, 'onEvent'>> & Pick<AuditLogOptions, 'onEvent'>;

  constructor(options: AuditLogOptions) {
    this.#options = { clock: systemClock, ...options };
    if (options.chain === '') throw new RangeError('chain must not be empty');
  }

  // #region perform
  /**
   * Brings about the effect and its record together, or neither. For reading too: what was read is handed out after the commit.
   * @throws whatever the effect or the database throws; the effect did not happen then, unless only the answer to the commit was lost
   */
  async perform<Result>(attempt: Attempt, effect: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    const { isRefusal } = this.#options;
    try {
      // What no record can hold is not even tried, so that nobody tries out the rules unseen.
      assertRecordable(attempt);
      return await this.#commit(attempt, 'done', effect);
    } catch (error) {
      // The transaction of the effect is gone, and with it all that it wrote: what was tried needs one of its own.
      const outcome = isRefusal(error) ? 'refused' : 'failed';
      await this.#commit(attempt, outcome, async () => {}).catch((unrecorded: unknown) => this.#emit(attempt, { type: 'unrecorded', outcome, error: unrecorded }));
      throw error;
    }
  }
  // #endregion perform

  // #region append
  /** As the last statement of a transaction: from `lockedAtMs` to its end all others of the chain wait. */
  async append(transaction: Transaction, attempt: Attempt, outcome: Outcome): Promise<Link & { lockedAtMs: number }> {
    const { chain, clock } = this.#options;
    await transaction.query(statements.lock, [chain]);
    const lockedAtMs = clock.now();
    const [last] = await transaction.query<{ seq: number | null; hash: string | null; now: string }>(statements.last, [chain]);
    const [seq, previous] = [(last!.seq ?? 0) + 1, last!.hash ?? genesis];
    const record = canonical({ ...attempt, outcome, at: last!.now });
    const hash = await hashOf({ chain, seq, previous, record });
    await transaction.query(statements.insert, [chain, seq, record, previous, hash]);
    return { chain, seq, hash, lockedAtMs };
  }
  // #endregion append

  async #commit<Result>(attempt: Attempt, outcome: Outcome, effect: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    const { database, clock } = this.#options;
    const [result, { seq, lockedAtMs }] = await database.transaction(async (transaction) => {
      const returned = await effect(transaction);
      return [returned, await this.append(transaction, attempt, outcome)] as const;
    });
    this.#emit(attempt, { type: 'recorded', seq, outcome, heldMs: clock.now() - lockedAtMs });
    return result;
  }

  #emit(attempt: Attempt, what: { type: 'recorded'; seq: number; outcome: Outcome; heldMs: number } | { type: 'unrecorded'; outcome: Outcome; error: unknown }): void {
    const { chain, clock, onEvent } = this.#options;
    const event: AuditEvent = { chain, attempt: attempt.id, atMs: clock.now(), ...what };
    onEvent?.(event);
  }
}

/** @throws TypeError for a text or number that JSON or the database cannot hold, RangeError for one that no index can */
function assertRecordable(attempt: Attempt): void {
  canonical(attempt);
  const { id, by, via = '', action, on } = attempt;
  if ([id, by, via, action, on].some(({ length }) => length > idLength)) throw new RangeError(`ids and actions have at most ${idLength} characters`);
}

/** All entries of a chain behind `afterSeq`, in pages, so that a long chain needs little memory. */
export async function* read(database: Database, chain: string, { afterSeq = 0, pageSize = 1_000 } = {}): AsyncGenerator<Entry> {
  if (!(Number.isSafeInteger(pageSize) && pageSize > 0)) throw new RangeError(`pageSize must be a positive integer: current value is ${pageSize}`);
  for (;;) {
    const page = await database.transaction((transaction) => transaction.query<Entry>(statements.page, [chain, afterSeq, pageSize]));
    yield* page;
    if (page.length < pageSize) return;
    afterSeq = page.at(-1)!.seq;
  }
}
