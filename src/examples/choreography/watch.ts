import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import type { Fact, Reaction, Store, StoreTransaction } from './contract.ts';
import { owing } from './flow.ts';

/** One process, as its owner sees it. */
export interface Case {
  readonly first: Fact;
  readonly state: 'open' | 'stuck' | 'ended';
  /** Types, in the order in which they were heard. */
  readonly heard: readonly string[];
  readonly reminders: number;
  readonly dueMs: number;
}
export interface WatchEvent { readonly type: 'reminded' | 'stuck' | 'ended'; readonly process: string; /** For a person. */ readonly owing: readonly string[] }

export interface WatchOptions {
  /** Any of them ends the process. */
  readonly ends: readonly string[];
  /** How long a process may take, and how long it is given after each reminder, in milliseconds. */
  readonly deadlineMs: number;
  /** After them a person has to look. */
  readonly mostReminders: number;
  /** Has to go on across restarts. */
  readonly clock?: Clock;
  /** Called after the commit; must not throw. */
  readonly onEvent?: (event: WatchEvent) => void;
}

/**
 * Owns the deadline of each process: the service that begins it is the one that is asked for it. It listens to all
 * and commands nobody. What it knows is in the store, so another instance goes on where this one died.
 */
export class Watch {
  readonly #store: Store;
  readonly #reactions: readonly Reaction[];
  readonly #options: Required<WatchOptions>;

  /** @throws RangeError that says name, rule and value */
  constructor(store: Store, reactions: readonly Reaction[], options: WatchOptions) {
    this.#store = store;
    this.#reactions = reactions;
    this.#options = { clock: systemClock, onEvent: () => {}, ...options };
    const { deadlineMs, mostReminders } = options;
    if (!(deadlineMs > 0 && Number.isFinite(deadlineMs))) throw new RangeError(`deadlineMs must be above 0 and finite: current value is ${deadlineMs}`);
    if (!(Number.isInteger(mostReminders) && mostReminders >= 0)) throw new RangeError(`mostReminders must be a whole number from 0: current value is ${mostReminders}`);
  }

  // #region watch
  /** In the transaction of the change that begins the process: there is no process without a deadline. */
  async begin(open: StoreTransaction, first: Fact): Promise<void> {
    await open.put(`case/${first.process}`, this.#later({ first, state: 'open', heard: [first.type], reminders: 0, dueMs: 0 }));
    await open.tell(first);
  }

  /** Brings any fact, also late and more than once. */
  async hear({ process, type }: Fact): Promise<void> {
    const isEnd = this.#options.ends.includes(type);
    await this.#change(process, (known) => {
      if (known.heard.includes(type)) return undefined;
      return { ...known, heard: [...known.heard, type], state: isEnd ? 'ended' : known.state };
    });
  }

  /** Call it every few seconds. A process that is overdue is told once more from its beginning; in the end a person has to look. A table would be asked for those that are due alone. */
  async remind(): Promise<void> {
    const { clock, mostReminders } = this.#options;
    const cases = await this.#store.transaction((open) => open.list<Case>('case/'));
    for (const { first: { process } } of cases.filter((each) => this.#isDue(each, clock.now()))) {
      await this.#change(process, (known) => {
        if (!this.#isDue(known, clock.now())) return undefined;
        return known.reminders < mostReminders ? this.#later({ ...known, reminders: known.reminders + 1 }) : { ...known, state: 'stuck' };
      });
    }
  }
  // #endregion watch

  /** For the person: all that have not ended. */
  async open(): Promise<(Case & { readonly owing: readonly string[] })[]> {
    const cases = await this.#store.transaction((open) => open.list<Case>('case/'));
    return cases.filter(({ state }) => state !== 'ended').map((each) => ({ ...each, owing: owing(this.#reactions, each.heard) }));
  }

  async #change(process: string, next: (known: Case) => Case | undefined): Promise<void> {
    const changed = await this.#store.transaction(async (open) => {
      const known = await open.get<Case>(`case/${process}`);
      const after = known && next(known);
      if (after === undefined) return undefined;
      await open.put(`case/${process}`, after);
      if (after.reminders > known!.reminders) await open.tell({ ...after.first, reminder: after.reminders });
      return { ...after, isReminded: after.reminders > known!.reminders, isNews: after.state !== known!.state };
    });
    if (changed === undefined || !(changed.isReminded || changed.isNews)) return;
    const type = changed.isReminded ? 'reminded' : changed.state as 'stuck' | 'ended';
    this.#options.onEvent({ type, process, owing: owing(this.#reactions, changed.heard) });
  }

  #later(known: Case): Case {
    return { ...known, dueMs: this.#options.clock.now() + this.#options.deadlineMs };
  }

  #isDue({ state, dueMs }: Case, nowMs: number): boolean {
    return state === 'open' && dueMs <= nowMs;
  }
}
