import type { Clock } from '../clock.ts';

export type Verdict = 'match' | 'mismatch' | 'failed' | 'skipped';
export type Verdicts = Readonly<Record<Verdict, number>>;
export interface ComparedEvent {
  type: 'compared'; slice: string; key: string; verdict: Verdict; durationMs: number;
  legacy: unknown; modern?: unknown; error?: unknown;
}
type Detail = Pick<ComparedEvent, 'modern' | 'error'>;

export interface RehearsalOptions {
  /** Rehearsals of one slice that may run at once; beyond it one is skipped and counted, never queued. */
  maxRehearsals: number;
  /** After it a rehearsal has failed; it keeps its place until the new system has really ended. */
  rehearsalTimeoutMs: number;
  clock: Clock;
  onEvent: (event: ComparedEvent) => void;
}

/** The new system had not finished its rehearsal in time. The caller has long had its answer. */
export class RehearsalTimeoutError extends Error { override readonly name = 'RehearsalTimeoutError'; }

/** Runs the new system on questions that the old one has answered, and keeps count of how often they agree. */
export class Rehearsals {
  readonly #options: RehearsalOptions;
  readonly #verdicts: Record<Verdict, number> = { match: 0, mismatch: 0, failed: 0, skipped: 0 };
  #running = 0;

  constructor(options: RehearsalOptions) {
    this.#options = options;
  }

  get verdicts(): Verdicts {
    return { ...this.#verdicts };
  }

  // #region rehearse
  /** Never rejects. `rehearse` must leave no trace: no write, no message, no mail. */
  async compare<Answer>(
    { slice, key, legacy }: { slice: string; key: string; legacy: Answer },
    rehearse: (signal: AbortSignal) => Promise<Answer>,
    same: (legacy: Answer, modern: Answer) => boolean,
  ): Promise<void> {
    const { clock, maxRehearsals, rehearsalTimeoutMs, onEvent } = this.#options;
    const startMs = clock.now();
    const report = (verdict: Verdict, detail: Detail = {}): void => {
      this.#verdicts[verdict]++;
      const durationMs = clock.now() - startMs;
      onEvent({ type: 'compared', slice, key, verdict, durationMs, legacy, ...detail });
    };
    if (this.#running >= maxRehearsals) return report('skipped');

    this.#running++;
    const limit = new AbortController();
    const timer = clock.setTimeout(() => {
      const late = `the rehearsal of ${slice} took longer than ${rehearsalTimeoutMs} ms`;
      limit.abort(new RehearsalTimeoutError(late));
      report('failed', { error: limit.signal.reason });
    }, rehearsalTimeoutMs);
    try {
      await clock.sleep(0); // the caller goes first
      const modern = await rehearse(limit.signal);
      if (limit.signal.aborted) return;
      report(same(legacy, modern) ? 'match' : 'mismatch', { modern });
    } catch (error) {
      if (!limit.signal.aborted) report('failed', { error });
    } finally {
      clock.clearTimeout(timer);
      this.#running--;
    }
  }
  // #endregion rehearse
}

/** Timers hold their delay in 31 bits; a longer one fires at once. */
const longestMs = 2 ** 31 - 1;

export function requireRehearsalLimits({ maxRehearsals, rehearsalTimeoutMs: ms }: Pick<RehearsalOptions, 'maxRehearsals' | 'rehearsalTimeoutMs'>): void {
  if (!Number.isInteger(maxRehearsals) || maxRehearsals < 0) {
    throw new RangeError(`maxRehearsals must be an integer of 0 or more: current value is ${maxRehearsals}`);
  }
  if (!(ms > 0 && ms <= longestMs)) {
    throw new RangeError(`rehearsalTimeoutMs must be a number of milliseconds above 0 and up to ${longestMs}: current value is ${ms}`);
  }
}
