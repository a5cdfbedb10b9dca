import { requireShare } from '../strangler-fig/routing.ts';
import type { StranglerEvent } from '../strangler-fig/strangler-fig.ts';

/** What one step has shown of one kind of request. */
interface Seen { match: number; mismatch: number; failed: number; served: number; broken: number }

export interface Rules {
  /** Answers of the new service that a step needs, of each kind of request. */
  readonly enough: number;
  /** Share of answers that may differ, since data changes between two questions. */
  readonly mayDiffer: number;
  /** Share of questions that may go without an answer of the new service, rehearsed or not. */
  readonly mayFail: number;
}
export type Decision = 'on' | 'stay' | 'back';

/** Counts what the façade reports, and says what follows from it. */
export class Evidence {
  readonly #seen: Map<string, Seen>;
  readonly #sinceMs: number;

  constructor(kinds: readonly string[], sinceMs: number) {
    this.#sinceMs = sinceMs;
    this.#seen = new Map(kinds.map((kind) => [kind, { match: 0, mismatch: 0, failed: 0, served: 0, broken: 0 }]));
  }

  notice(event: StranglerEvent, nowMs: number): void {
    if (event.type !== 'compared' && event.type !== 'routed') return;
    const seen = this.#seen.get(event.slice);
    // Asked in the step before: it tells nothing of this one.
    if (seen === undefined || nowMs - event.durationMs < this.#sinceMs) return;
    // What did not fit beside the others is as good as failed: the service has no room for all.
    if (event.type === 'compared') seen[event.verdict === 'skipped' ? 'failed' : event.verdict] += 1;
    if (event.type === 'routed' && event.to === 'modern') seen[event.ok ? 'served' : 'broken'] += 1;
  }

  // #region decide
  /** The worst kind decides: the mean of all hides a fault that one in fifty meets. */
  decide({ enough, mayDiffer, mayFail }: Rules): Decision {
    const kinds = [...this.#seen.values()].map((seen): Decision => {
      const compared = seen.match + seen.mismatch;
      const lost = seen.failed + seen.broken;
      const asked = compared + seen.served + lost;
      if (asked < enough) return 'stay';
      const isWrong = seen.mismatch > mayDiffer * compared;
      const isWeak = lost > mayFail * asked;
      return isWrong || isWeak ? 'back' : 'on';
    });
    if (kinds.includes('back')) return 'back';
    return kinds.includes('stay') ? 'stay' : 'on';
  }
  // #endregion decide
}

/** A rule that is no number would never say no. */
export function requireRules({ enough, mayDiffer, mayFail }: Rules): void {
  if (!(Number.isSafeInteger(enough) && enough > 0)) throw new RangeError(`enough must be a positive integer: current value is ${enough}`);
  requireShare('mayDiffer', mayDiffer);
  requireShare('mayFail', mayFail);
}
