import { systemClock } from '../clock.ts';
import { CircuitOpenError, ProbeTimeoutError } from './contract.ts';
import type { BreakerEvent, BreakerOptions, BreakerState, Occurrence, Verdict } from './contract.ts';
import { OutcomeWindow } from './outcome-window.ts';

export { CircuitOpenError, ProbeTimeoutError };
export type { BreakerEvent, BreakerOptions, BreakerState, Verdict };

// #region eras
/**
 * A change of state makes a new record. A call keeps the record it began in,
 * and its outcome counts only while that one is current.
 */
type Era =
  | { state: 'closed'; window: OutcomeWindow }
  | { state: 'open'; untilMs: number; cause: unknown }
  | { state: 'half-open'; underWay: Set<Call>; successes: number; cause: unknown };

interface Call { era: Era; startMs: number }
// #endregion eras

/**
 * Stops calling a dependency that keeps failing, and probes it later. One instance per dependency, shared by all its callers.
 * Order around a call: fallback > deadline > retry with its budget > breaker > bulkhead > timeout per attempt > call.
 * States and probes as in the Azure Architecture Center; window, minimum and defaults as in Hystrix.
 */
export class CircuitBreaker {
  readonly #options: Required<Omit<BreakerOptions, 'onEvent'>> & Pick<BreakerOptions, 'onEvent'>;
  #era: Era;

  constructor(options: BreakerOptions) {
    this.#options = { failureRate: 0.5, minimumCalls: 20, windowMs: 10_000, openMs: 5_000, probes: 1, probeTimeoutMs: 10_000, judge: () => 'failed', clock: systemClock, ...options };
    for (const name of ['windowMs', 'openMs', 'probeTimeoutMs', 'failureRate'] as const) requirePositive(name, this.#options[name]);
    for (const name of ['minimumCalls', 'probes'] as const) requireCount(name, this.#options[name]);
    if (this.#options.failureRate > 1) throw new RangeError(`failureRate must be at most 1: current value is ${this.#options.failureRate}`);
    this.#era = this.#closed();
  }

  get state(): BreakerState {
    return this.#current().state;
  }

  // #region run
  /**
   * Runs `operation` unless the circuit is open. A call that its own caller aborts is not
   * held against the dependency. `fetch` resolves for a 503: throw inside `operation` for
   * every answer that is a failure.
   * @throws CircuitOpenError, the reason of `signal`, or whatever `operation` throws
   */
  async run<T>(
    operation: (signal: AbortSignal) => Promise<T>,
    signal = new AbortController().signal,
  ): Promise<T> {
    signal.throwIfAborted();
    const call = this.#admit();
    let verdict: Verdict = 'failed';
    let failure: unknown;
    try {
      const result = await operation(signal);
      verdict = 'answered';
      return result;
    } catch (error) {
      failure = error;
      verdict = signal.aborted ? 'ignored' : this.#options.judge(error);
      throw error;
    } finally {
      this.#settle(call, verdict, failure);
    }
  }
  // #endregion run

  // #region admit
  #admit(): Call {
    const { clock, probes, name } = this.#options;
    const era = this.#current();
    const call = { era, startMs: clock.now() };
    if (era.state === 'closed') return call;
    if (era.state === 'half-open' && era.underWay.size + era.successes < probes) {
      era.underWay.add(call);
      return call;
    }
    this.#emit({ type: 'rejected', state: era.state });
    const retryAfterMs = era.state === 'open' ? era.untilMs - clock.now() : undefined;
    throw new CircuitOpenError(name, retryAfterMs, era.cause);
  }

  /** Time acts only here, when somebody looks: no timer that could leak or get lost. */
  #current(): Era {
    const { clock, openMs, probeTimeoutMs } = this.#options;
    const [oldest] = this.#era.state === 'half-open' ? this.#era.underWay : [];
    const hungMs = oldest === undefined ? Infinity : oldest.startMs + probeTimeoutMs;
    if (clock.now() >= hungMs) {
      const cause = new ProbeTimeoutError(`no end after ${probeTimeoutMs} ms`);
      this.#enter({ state: 'open', untilMs: hungMs + openMs, cause });
    }
    if (this.#era.state === 'open' && clock.now() >= this.#era.untilMs) {
      const { cause } = this.#era;
      this.#enter({ state: 'half-open', underWay: new Set(), successes: 0, cause });
    }
    return this.#era;
  }
  // #endregion admit

  // #region settle
  #settle(call: Call, verdict: Verdict, failure: unknown): void {
    const { clock, failureRate, minimumCalls, openMs, probes } = this.#options;
    const nowMs = clock.now();
    const opened: Era = { state: 'open', untilMs: nowMs + openMs, cause: failure };
    const era = this.#current();
    const late = era !== call.era;
    const durationMs = nowMs - call.startMs;
    this.#emit({ type: 'call', outcome: verdict, durationMs, late });
    if (late) return;
    if (era.state === 'half-open') {
      era.underWay.delete(call);
      if (verdict === 'answered') era.successes += 1;
      if (verdict === 'failed') this.#enter(opened);
      else if (era.successes === probes) this.#enter(this.#closed());
    } else if (era.state === 'closed' && verdict !== 'ignored') {
      const { calls, failures } = era.window.record(nowMs, verdict === 'failed');
      const tripped = calls >= minimumCalls && failures / calls >= failureRate;
      if (verdict === 'failed' && tripped) this.#enter(opened);
    }
  }
  // #endregion settle

  #closed(): Era {
    return { state: 'closed', window: new OutcomeWindow(this.#options.windowMs) };
  }

  #enter(era: Era): void {
    const from = this.#era.state;
    this.#era = era;
    this.#emit({ type: 'state', from, to: era.state });
  }

  #emit(occurrence: Occurrence): void {
    this.#options.onEvent?.({ breaker: this.#options.name, atMs: this.#options.clock.now(), ...occurrence });
  }
}

function requirePositive(name: string, value: number): void {
  if (!Number.isFinite(value) || value <= 0) throw new RangeError(`${name} must be a positive number: current value is ${value}`);
}

function requireCount(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) throw new RangeError(`${name} must be a positive integer: current value is ${value}`);
}
