import type { Clock, Random } from '../clock.ts';
import { CheckStuckError, CheckTimeoutError } from './contract.ts';
import type { Check, CheckReport, Occurrence, Verdict } from './contract.ts';
import { within } from './within.ts';

/** What a check gets from the process that it belongs to. */
interface Surroundings { clock: Clock; random: Random; emit: (occurrence: Occurrence) => void }

const defaults = { intervalMs: 5_000, timeoutMs: 1_000, failures: 3, successes: 2 };
/** Timers hold their delay in 31 bits; a longer one fires at once. */
const longestMs = 2 ** 31 - 1;

/** Runs one check again and again, whether or not anybody asks, and remembers what came of it. */
export class BackgroundCheck {
  readonly #check: Check & typeof defaults;
  readonly #around: Surroundings;
  #verdict: Verdict = 'unknown';
  /** Results in a row that contradict the verdict. */
  #contradicted = 0;
  #underWay = false;
  #last: { atMs: number; error: string | undefined } | undefined;

  constructor(check: Check, around: Surroundings) {
    this.#check = { ...defaults, ...check };
    this.#around = around;
    for (const name of ['intervalMs', 'timeoutMs'] as const) {
      const value = this.#check[name];
      if (!(value >= 1 && value * 1.25 <= longestMs)) throw new RangeError(`${name} of check '${check.name}' must be between 1 and ${Math.floor(longestMs / 1.25)}: current value is ${value}`);
    }
    for (const name of ['failures', 'successes'] as const) {
      const value = this.#check[name];
      if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`${name} of check '${check.name}' must be a positive integer: current value is ${value}`);
    }
  }

  get verdict(): Verdict {
    return this.#verdict;
  }

  get decides(): CheckReport['decides'] {
    return this.#check.decides ?? 'nothing';
  }

  report(): CheckReport {
    const { name, of } = this.#check;
    const ageMs = this.#last && this.#around.clock.now() - this.#last.atMs;
    return { name, of, decides: this.decides, verdict: this.#verdict, ageMs, error: this.#last?.error };
  }

  // #region watch
  /** Until `signal` aborts. The first run is at once. */
  async watch(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#around;
    while (!signal.aborted) {
      await this.#once(signal);
      const pauseMs = this.#check.intervalMs * (0.75 + random() / 2);
      await clock.sleep(pauseMs, signal).catch(() => {});
    }
  }

  async #once(signal: AbortSignal): Promise<void> {
    const { name, timeoutMs } = this.#check;
    const { clock } = this.#around;
    const startMs = clock.now();
    let failure: unknown;
    try {
      if (this.#underWay) throw new CheckStuckError(name);
      await within(clock, timeoutMs, (limit) => this.#run(limit), () => new CheckTimeoutError(name, timeoutMs), signal);
    } catch (error) {
      // Whoever stops watching says nothing about health.
      if (signal.aborted) return;
      failure = error ?? new Error('failed without a reason');
    }
    this.#settle(failure, clock.now() - startMs);
  }

  /** At most one at a time: a run that ignores its limit must not pile up. */
  async #run(limit: AbortSignal): Promise<void> {
    this.#underWay = true;
    try {
      await this.#check.run(limit);
    } finally {
      this.#underWay = false;
    }
  }
  // #endregion watch

  // #region hysteresis
  #settle(failure: unknown, durationMs: number): void {
    const { name, failures, successes } = this.#check;
    const { clock, emit } = this.#around;
    const ok = failure === undefined;
    this.#last = { atMs: clock.now(), error: ok ? undefined : String(failure) };
    emit({ type: 'result', check: name, ok, durationMs });
    const now = ok ? 'well' : 'ill';
    this.#contradicted = now === this.#verdict ? 0 : this.#contradicted + 1;
    const enough = this.#verdict === 'unknown' ? 1 : ok ? successes : failures;
    if (this.#contradicted < enough) return;
    const from = this.#verdict;
    this.#verdict = now;
    this.#contradicted = 0;
    emit({ type: 'verdict', check: name, from, to: now });
  }
  // #endregion hysteresis
}
