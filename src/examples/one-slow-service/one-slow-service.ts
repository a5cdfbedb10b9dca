import { requireDurationMs } from '../api-gateway/limit.ts';
import { Bulkhead } from '../bulkhead/bulkhead.ts';
import type { BulkheadEvent } from '../bulkhead/bulkhead.ts';
import type { CacheFallbackEvent } from '../cache-fallback/cache-fallback.ts';
import { CircuitBreaker } from '../circuit-breaker/circuit-breaker.ts';
import type { BreakerEvent } from '../circuit-breaker/circuit-breaker.ts';
import { systemClock } from '../clock.ts';
import type { Clock, Random } from '../clock.ts';
import type { RetryBudget } from '../retry-with-backoff/retry-budget.ts';
import { backoffMs } from '../retry-with-backoff/retry-with-backoff.ts';
import type { RetryEvent } from '../retry-with-backoff/retry-with-backoff.ts';
import { copied, limited, retried, through } from './layers.ts';
import type { Call, Layer } from './layers.ts';
import { forBreaker, meaningOf } from './meaning.ts';

export type { Call, Layer };

export interface Protection {
  /** The dependency, as it should appear in errors and metrics. */
  name: string;
  /** What the page can wait for this part, all attempts and pauses together. */
  deadlineMs: number;
  maxAttempts: number;
  /** Upper end of the first pause between attempts. */
  baseDelayMs: number;
  /** Shared by all calls. Without one every call may use up its attempts. */
  budget?: RetryBudget;
  /** Calls in flight at the dependency. */
  slots: number;
  /** Time from the opening of the circuit to the next probe. */
  openMs: number;
  /** How old a copy may be that stands in. */
  staleMs: number;
  clock?: Clock;
  random?: Random;
  /** What the layers report. Must not throw. */
  onEvent?: (event: RetryEvent | BreakerEvent | BulkheadEvent | CacheFallbackEvent) => void;
}

// #region order
/** Outermost first. Each sees how those after it end; those before it do not. */
export const rightOrder = [
  'fallback', 'retry', 'breaker', 'bulkhead', 'timeout',
] as const;
export type LayerName = (typeof rightOrder)[number];

/**
 * Wraps `ask` in layers. One result for each dependency, shared by all its callers.
 * @throws RangeError at once for an option that cannot work;
 * calls reject with what `ask` throws or a layer's refusal, see `meaningOf`
 */
export function protect<Key, Value>(
  ask: (key: Key, signal: AbortSignal) => Promise<Value | undefined>,
  options: Protection,
  order: readonly LayerName[] = rightOrder,
): Call<Key, Value> {
  const layers = layersOf(options);
  const bare: Call<Key, Value> = async (key, signal) =>
    ({ value: await ask(key, signal), ageMs: 0, degraded: false });
  return order.reduceRight((inner, name) => layers[name](inner), bare);
}
// #endregion order

// #region part
/** Leaves a part out when it cannot be had. Mistakes of ours are not hidden. */
export async function partOf<Key, Value>(
  call: Call<Key, Value>, key: Key, signal: AbortSignal,
): Promise<Value | undefined> {
  try {
    return (await call(key, signal)).value;
  } catch (error) {
    signal.throwIfAborted();
    if (meaningOf(error) === 'ours') throw error;
    return undefined;
  }
}
// #endregion part

type Times = Pick<Protection, 'deadlineMs' | 'maxAttempts' | 'baseDelayMs'>;

// #region limit
/**
 * For one attempt: all of them and the longest pauses end just before the deadline.
 * A call that the deadline itself ends would count as one whose caller has left.
 */
export function attemptLimitMs(
  { deadlineMs, maxAttempts, baseDelayMs }: Times,
): number {
  const longest = { baseDelayMs, maxDelayMs: deadlineMs, random: () => 1 };
  let leftMs = deadlineMs - 1;
  for (let failed = 1; failed < maxAttempts && leftMs > 0; failed++) {
    leftMs -= backoffMs(failed, longest);
  }
  if (leftMs > 0) return leftMs / maxAttempts;
  const rule = `must be longer than the pauses between ${maxAttempts} attempts`;
  throw new RangeError(`deadlineMs ${rule}: current value is ${deadlineMs}`);
}
// #endregion limit

// #region layers
function layersOf(options: Protection): Record<LayerName, Layer> {
  const { name, deadlineMs, openMs, clock = systemClock, onEvent } = options;
  requireTimes(options);
  const limitMs = attemptLimitMs(options);
  const watch = onEvent && { onEvent };
  return {
    timeout: limited(clock, limitMs),
    retry: retried({ ...options, maxDelayMs: deadlineMs, clock }),
    breaker: through(new CircuitBreaker({
      name, windowMs: 5_000, openMs, probes: 2, probeTimeoutMs: 2 * limitMs,
      judge: (error) => forBreaker[meaningOf(error)], clock, ...watch,
    })),
    bulkhead: through(new Bulkhead({ name, slots: options.slots, clock, ...watch })),
    fallback: copied({
      name, freshMs: 0, staleMs: options.staleMs, patienceMs: limitMs, loadTimeoutMs: deadlineMs,
      recheckMs: openMs, clock, ...watch,
    }),
  };
}
// #endregion layers

function requireTimes({ deadlineMs, maxAttempts, baseDelayMs }: Times): void {
  requireDurationMs('deadlineMs', deadlineMs);
  requireDurationMs('baseDelayMs', baseDelayMs);
  if (Number.isInteger(maxAttempts) && maxAttempts > 0) return;
  throw new RangeError(`maxAttempts must be a positive integer: current value is ${maxAttempts}`);
}
