import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { Rehearsals } from './rehearsal.ts';
import type { ComparedEvent, RehearsalOptions, Verdicts } from './rehearsal.ts';
import { bucketOf, requireShare } from './routing.ts';
import type { Shares } from './routing.ts';

export type System<Question, Answer> = (question: Question, signal: AbortSignal) => Promise<Answer>;

/** What callers use in place of the old system. */
export type Moved<Question, Answer> = (question: Question, signal?: AbortSignal) => Promise<Answer>;

/** One capability that moves as a whole. */
export type Slice<Question, Answer> = {
  name: string;
  /** Slices that share data share a cohort, so that a read goes to the system that took the write. */
  cohort: string;
  /** What the question is about, for example one product: whatever must not be split between two systems. */
  keyOf: (question: Question) => string;
  legacy: System<Question, Answer>;
  modern: System<Question, Answer>;
  /** Tells a wrong answer from a known difference. Equal JSON by default, which minds the order of properties. */
  same?: (legacy: Answer, modern: Answer) => boolean;
} & (
  /** `fallBack`: ask the old system when the new one fails. Only while the old one still receives every write. */
  | { effect: 'read'; fallBack: boolean }
  /** `rehearse`: what the new system would do, without doing it. Without it, a write is never rehearsed. */
  | { effect: 'write'; rehearse?: System<Question, Answer> }
);

export type StranglerEvent =
  | ComparedEvent
  | { type: 'routed'; slice: string; key: string; to: 'legacy' | 'modern'; ok: boolean; durationMs: number }
  | { type: 'fell-back'; slice: string; key: string; error: unknown }
  | { type: 'shares'; slice: string; shares: Shares }
  | { type: 'switch'; modern: 'on' | 'off' };

export interface StranglerOptions extends Pick<RehearsalOptions, 'maxRehearsals' | 'rehearsalTimeoutMs'> {
  clock?: Clock;
  /** Must not throw. Answers in it may hold personal data. */
  onEvent?: (event: StranglerEvent) => void;
}

/** Stands before an old system and moves its callers, slice by slice and key by key, to a new one. */
export class StranglerFacade {
  readonly #options: Required<StranglerOptions>;
  readonly #slices = new Map<string, { shares: Shares; rehearsals: Rehearsals }>();
  #modernAllowed = true;

  /** @throws RangeError when `maxRehearsals` or `rehearsalTimeoutMs` is out of range, with the first slice */
  constructor(options: StranglerOptions) {
    this.#options = { clock: systemClock, onEvent: () => {}, ...options };
  }

  // #region route
  /** Everybody starts on the old system. Callers use the function that comes back. */
  slice<Question, Answer>(slice: Slice<Question, Answer>): Moved<Question, Answer> {
    const { name, cohort } = slice;
    if (this.#slices.has(name)) throw new TypeError(`slice '${name}' is registered twice`);
    const rehearsals = new Rehearsals(this.#options);
    this.#slices.set(name, { shares: { modern: 0, rehearsed: 0 }, rehearsals });

    return async (question, signal = new AbortController().signal) => {
      signal.throwIfAborted();
      const key = slice.keyOf(question);
      const { shares } = this.#known(name);
      if (this.#isModern(cohort, key, shares.modern)) {
        return this.#askModern(slice, key, question, signal);
      }

      const answer = await this.#ask(slice, 'legacy', key, question, signal);
      const rehearse = slice.effect === 'read' ? slice.modern : slice.rehearse;
      if (rehearse && this.#isModern(`${cohort} rehearsal`, key, shares.rehearsed)) {
        const asked = { slice: name, key, legacy: answer };
        const same = slice.same ?? sameJson;
        void rehearsals.compare(asked, (limit) => rehearse(question, limit), same);
      }
      return answer;
    };
  }

  async #askModern<Question, Answer>(
    slice: Slice<Question, Answer>, key: string, question: Question, signal: AbortSignal,
  ): Promise<Answer> {
    try {
      return await this.#ask(slice, 'modern', key, question, signal);
    } catch (error) {
      if (signal.aborted || slice.effect === 'write' || !slice.fallBack) throw error;
      this.#options.onEvent({ type: 'fell-back', slice: slice.name, key, error });
      return this.#ask(slice, 'legacy', key, question, signal);
    }
  }

  #isModern(cohort: string, key: string, share: number): boolean {
    return this.#modernAllowed && bucketOf(cohort, key) < share;
  }
  // #endregion route

  // #region switch
  /** Takes effect with the next question; questions on their way end where they began. */
  setShares(slice: string, shares: Shares): void {
    const known = this.#known(slice);
    requireShare(`modern share of slice '${slice}'`, shares.modern);
    requireShare(`rehearsed share of slice '${slice}'`, shares.rehearsed);
    known.shares = { ...shares };
    this.#options.onEvent({ type: 'shares', slice, shares: { ...shares } });
  }

  /** The kill switch: `off` sends everybody to the old system, `on` restores the shares. */
  switchModern(modern: 'on' | 'off'): void {
    this.#modernAllowed = modern === 'on';
    this.#options.onEvent({ type: 'switch', modern });
  }
  // #endregion switch

  /** How the rehearsals of a slice have ended so far: the evidence for raising its share. */
  verdicts(slice: string): Verdicts {
    return this.#known(slice).rehearsals.verdicts;
  }

  async #ask<Question, Answer>(
    slice: Slice<Question, Answer>, to: 'legacy' | 'modern', key: string, question: Question, signal: AbortSignal,
  ): Promise<Answer> {
    const { clock, onEvent } = this.#options;
    const startMs = clock.now();
    let ok = false;
    try {
      const answer = await slice[to](question, signal);
      ok = true;
      return answer;
    } finally {
      onEvent({ type: 'routed', slice: slice.name, key, to, ok, durationMs: clock.now() - startMs });
    }
  }

  #known(slice: string): { shares: Shares; rehearsals: Rehearsals } {
    const found = this.#slices.get(slice);
    if (found === undefined) throw new TypeError(`slice '${slice}' is not registered: expected one of ${[...this.#slices.keys()].join(', ')}`);
    return found;
  }
}

function sameJson(legacy: unknown, modern: unknown): boolean {
  return JSON.stringify(legacy) === JSON.stringify(modern);
}
