import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { Rehearsals, requireRehearsalLimits } from './rehearsal.ts';
import type { ComparedEvent, RehearsalOptions, Verdicts } from './rehearsal.ts';
import { bucketOf, requireShare } from './routing.ts';

/**
 * The old or the new way to answer. A refusal is an answer too: return it. What is thrown is a failure, which
 * no rehearsal compares and for which a read may fall back. Give it a time limit; a call that hangs does not fall back.
 */
export type System<Question, Answer> = (question: Question, signal: AbortSignal) => Promise<Answer>;

/** What callers use in place of the old system. */
export type Moved<Question, Answer> = (question: Question, signal?: AbortSignal) => Promise<Answer>;

/** One operation. Questions and answers are read again by the rehearsal, so nobody may change them. */
export type Slice<Question, Answer> = {
  name: string;
  /** Slices that share data share a cohort and move by one share: a read goes to the system that took the write. */
  cohort: string;
  /** What the question is about, for example one product: whatever must not be split between two systems. */
  keyOf: (question: Question) => string;
  legacy: System<Question, Answer>;
  modern: System<Question, Answer>;
  /** Tells a wrong answer from a known difference. Equal JSON by default, which minds order and does not see a Map. */
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
  | { type: 'share'; cohort: string; share: number }
  | { type: 'rehearsed'; slice: string; share: number }
  | { type: 'switch'; modern: 'on' | 'off' };

export interface StranglerOptions extends Pick<RehearsalOptions, 'maxRehearsals' | 'rehearsalTimeoutMs'> {
  clock?: Clock;
  /** Must not throw. Answers in it may hold personal data. */
  onEvent?: (event: StranglerEvent) => void;
}

interface Cohort { share: number }
interface Registered { rehearsed: number; rehearsals: Rehearsals }

/** Stands before an old system and moves its callers, cohort by cohort and key by key, to a new one. */
export class StranglerFacade {
  readonly #options: Required<StranglerOptions>;
  readonly #cohorts = new Map<string, Cohort>();
  readonly #slices = new Map<string, Registered>();
  #modernAllowed = true;

  /** @throws RangeError when `maxRehearsals` or `rehearsalTimeoutMs` is out of range */
  constructor(options: StranglerOptions) {
    requireRehearsalLimits(options);
    this.#options = { clock: systemClock, onEvent: () => {}, ...options };
  }

  // #region route
  /** Callers use the function that comes back. It follows the share of its cohort, which starts at 0. */
  slice<Question, Answer>(slice: Slice<Question, Answer>): Moved<Question, Answer> {
    const { name } = slice;
    if (this.#slices.has(name)) throw new TypeError(`slice '${name}' is registered twice`);
    const own: Registered = { rehearsed: 0, rehearsals: new Rehearsals(this.#options) };
    this.#slices.set(name, own);
    const cohort = this.#cohorts.get(slice.cohort) ?? { share: 0 };
    this.#cohorts.set(slice.cohort, cohort);

    return async (question, signal = new AbortController().signal) => {
      signal.throwIfAborted();
      const key = slice.keyOf(question);
      if (this.#isChosen(slice.cohort, key, cohort.share)) {
        return this.#askModern(slice, key, question, signal);
      }

      const answer = await this.#ask(slice, 'legacy', key, question, signal);
      const rehearse = slice.effect === 'read' ? slice.modern : slice.rehearse;
      if (rehearse && this.#isChosen(`rehearse ${slice.cohort}`, key, own.rehearsed)) {
        const asked = { slice: name, key, legacy: answer };
        const same = slice.same ?? sameJson;
        void own.rehearsals.compare(asked, (limit) => rehearse(question, limit), same);
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

  #isChosen(draw: string, key: string, share: number): boolean {
    return this.#modernAllowed && bucketOf(draw, key) < share;
  }
  // #endregion route

  // #region switch
  /**
   * Part of a cohort's keys that the new system serves, from 0 to 1.
   * Takes effect with the next question; questions on their way end where they began.
   */
  setShare(cohort: string, share: number): void {
    const known = registered(this.#cohorts, 'cohort', cohort);
    requireShare(`share of cohort '${cohort}'`, share);
    known.share = share;
    this.#options.onEvent({ type: 'share', cohort, share });
  }

  /** Of the keys that the old system serves, the part on which the new one is rehearsed. */
  setRehearsed(slice: string, share: number): void {
    const known = registered(this.#slices, 'slice', slice);
    requireShare(`rehearsed share of slice '${slice}'`, share);
    known.rehearsed = share;
    this.#options.onEvent({ type: 'rehearsed', slice, share });
  }

  /** The kill switch: `off` sends everybody to the old system, `on` restores the shares. */
  switchModern(modern: 'on' | 'off'): void {
    this.#modernAllowed = modern === 'on';
    this.#options.onEvent({ type: 'switch', modern });
  }
  // #endregion switch

  /** How the rehearsals of a slice have ended so far: the evidence for raising the share of its cohort. */
  verdicts(slice: string): Verdicts {
    return registered(this.#slices, 'slice', slice).rehearsals.verdicts;
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
}

function registered<Entry>(entries: ReadonlyMap<string, Entry>, kind: string, name: string): Entry {
  const found = entries.get(name);
  if (found !== undefined) return found;
  throw new TypeError(`${kind} '${name}' is not registered: expected one of ${[...entries.keys()].join(', ')}`);
}

function sameJson(legacy: unknown, modern: unknown): boolean {
  return JSON.stringify(legacy) === JSON.stringify(modern);
}
