import { systemClock } from '../clock.ts';
import { UndoRefusedError, UndoTimeoutError, WorkOverError } from './contract.ts';
import type { Database, Options, Transaction, Undo, UndoEvent } from './contract.ts';
import { statements } from './schema.ts';

export * from './contract.ts';

const defaults = {
  undoTimeoutMs: 5_000, leaseMs: 15_000, maxAttempts: 8, firstRetryMs: 500, longestRetryMs: 60_000, pollMs: 1_000,
  clock: systemClock, random: Math.random as () => number, onEvent: (_event: UndoEvent): void => {},
};
interface Claimed { id: string; fence: number; attempts: number; wasOpen: boolean }

/**
 * What has to be taken back, written down before it is done, and worked off backwards when the work cannot be finished.
 * At least once: an undo is repeated after a crash or a lost answer, so each must be safe to repeat.
 * Semantics: Garcia-Molina and Salem, "Sagas" (1987), for backward recovery; the tombstone is the participant's.
 */
export class UndoLog {
  readonly #database: Database;
  readonly #undos: Readonly<Record<string, Undo>>;
  readonly #options: Required<Options>;

  /** @param undos by name of the step. A name stays as long as open work may have used it. */
  constructor(database: Database, undos: Readonly<Record<string, Undo>>, options: Options = {}) {
    const given = { ...defaults, ...options };
    for (const name of ['undoTimeoutMs', 'maxAttempts', 'firstRetryMs', 'longestRetryMs', 'pollMs'] as const) {
      if (!(Number.isFinite(given[name]) && given[name] > 0)) throw new RangeError(`Cannot take work back as '${name}' must be finite and above 0: current value is ${given[name]}`);
    }
    if (!(Number.isFinite(given.leaseMs) && given.leaseMs > given.undoTimeoutMs)) throw new RangeError(`Cannot take work back as 'leaseMs' must be finite and more than 'undoTimeoutMs': current value is ${given.leaseMs}`);
    this.#database = database;
    this.#undos = undos;
    this.#options = given;
  }

  /** In the transaction that stores what the work is about. @param deadlineMs work still open then is taken back */
  async begin(open: Transaction, work: string, deadlineMs: number): Promise<void> {
    await open.query(statements.begin, [work, deadlineMs]);
  }

  // #region step
  /**
   * The line goes to the log before the step goes out: a step without an answer is taken back as well.
   * @param run gets the key under which the participant remembers the step
   */
  async step<Result>(work: string, step: string, details: unknown, run: (key: string) => Promise<Result>): Promise<Result> {
    if (!Object.hasOwn(this.#undos, step)) throw new RangeError(`Cannot do '${step}': nothing is known that takes it back`);
    const armed = await this.#database.transaction((open) => open.query(statements.arm, [work, step, JSON.stringify(details)]));
    if (armed.length === 0) throw new WorkOverError(`${work} is no longer open`);
    return run(`${work}/${step}`);
  }

  /** All steps are done. No deadline any more; it can still be taken back, as when a customer cancels. */
  keep(work: string): Promise<void> {
    return this.#end(work, 'kept');
  }

  /**
   * The point of no return. What cannot be taken back comes after it.
   * @param last in the same transaction, such as the outbox row of the mail
   */
  seal(work: string, last: (open: Transaction) => Promise<unknown>): Promise<void> {
    return this.#end(work, 'sealed', last);
  }
  // #endregion step

  async #end(work: string, state: 'kept' | 'sealed', last?: (open: Transaction) => Promise<unknown>): Promise<void> {
    await this.#database.transaction(async (open) => {
      if ((await open.query(statements.keep, [work, state])).length === 0) throw new WorkOverError(`${work} is no longer open`);
      await last?.(open);
    });
  }

  /** Decides only; a worker does it. @returns false if it is sealed, taken back already, or unknown */
  async takeBack(work: string, reason: string): Promise<boolean> {
    const turned = (await this.#database.transaction((open) => open.query(statements.takeBack, [work, reason]))).length === 1;
    if (turned) this.#options.onEvent({ type: 'turned', work });
    return turned;
  }

  // #region work-off
  /** Takes one piece of work back, newest step first. @returns false if none was due */
  async workOff(): Promise<boolean> {
    const { leaseMs, maxAttempts, onEvent } = this.#options;
    const [claimed] = await this.#database.transaction((open) => open.query<Claimed>(statements.claim, [leaseMs]));
    if (claimed === undefined) return false;
    const { id: work } = claimed;
    if (claimed.wasOpen) onEvent({ type: 'turned', work });
    if (claimed.attempts > maxAttempts) return this.#pause(claimed, undefined, new Error('its workers died'));
    const remaining = await this.#database.transaction((open) => open.query<{ step: string; details: unknown }>(statements.remaining, [work]));
    for (const { step, details } of remaining) {
      try {
        await this.#undo(step, { key: `${work}/${step}`, details });
      } catch (error) {
        return this.#pause(claimed, step, error);
      }
      // Before this commit a crash repeats the undo, after it never. The next one starts with its first attempt.
      if (!await this.#hold(claimed, { attempts: 1, dueMs: leaseMs }, step)) return true;
      claimed.attempts = 1;
      onEvent({ type: 'undone', work, step });
    }
    if (await this.#hold(claimed, { state: 'undone', attempts: 0, dueMs: null })) onEvent({ type: 'finished', work });
    return true;
  }

  async #pause(claimed: Claimed, step: string | undefined, error: unknown): Promise<true> {
    const { maxAttempts, firstRetryMs, longestRetryMs, random, onEvent } = this.#options;
    const { id: work, attempts } = claimed;
    const parks = error instanceof UndoRefusedError || attempts >= maxAttempts;
    const dueMs = parks ? null : random() * Math.min(longestRetryMs, firstRetryMs * 2 ** (attempts - 1));
    if (await this.#hold(claimed, { attempts, dueMs, trouble: `${step ?? 'taking back'}: ${error}` })) onEvent({ type: parks ? 'parked' : 'failed', work, ...(step !== undefined && { step }), error });
    return true;
  }
  // #endregion work-off

  async #hold({ id, fence }: Claimed, next: { state?: string; attempts: number; dueMs: number | null; trouble?: string }, done?: string): Promise<boolean> {
    const { state = 'undoing', attempts, dueMs, trouble = null } = next;
    const holds = await this.#database.transaction(async (open) => {
      const held = await open.query(statements.hold, [id, fence, state, attempts, dueMs, trouble]);
      if (held.length === 1 && done !== undefined) await open.query(statements.mark, [id, done]);
      return held.length === 1;
    });
    if (!holds) this.#options.onEvent({ type: 'lost', work: id });
    return holds;
  }

  async #undo(step: string, command: Parameters<Undo>[0]): Promise<void> {
    const { clock, undoTimeoutMs } = this.#options;
    const undo = this.#undos[step];
    if (undo === undefined) throw new UndoRefusedError(`nothing is known that takes '${step}' back`);
    const limit = new AbortController();
    const late = Promise.withResolvers<never>();
    const timer = clock.setTimeout(() => {
      const error = new UndoTimeoutError(`no answer within ${undoTimeoutMs} ms`);
      limit.abort(error);
      late.reject(error);
    }, undoTimeoutMs);
    try {
      await Promise.race([undo(command, limit.signal), late.promise]);
    } finally {
      clock.clearTimeout(timer);
    }
  }

  /** Works off what is due until the signal aborts; a broken database is waited for. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, pollMs, onEvent } = this.#options;
    while (!signal.aborted) {
      const worked = await this.workOff().catch((error: unknown) => void onEvent({ type: 'broken', error }));
      if (worked !== true) await clock.sleep(pollMs, signal).catch(() => {});
    }
  }
}
