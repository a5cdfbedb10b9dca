import { systemClock } from '../clock.ts';
import { BackgroundCheck } from './background-check.ts';
import { CheckStuckError, CheckTimeoutError } from './contract.ts';
import type { Answer, Check, CheckReport, HealthCheckOptions, HealthEvent, Occurrence, Phase, Probe, Report, Verdict } from './contract.ts';

export { CheckStuckError, CheckTimeoutError };
export type { Answer, Check, CheckReport, HealthCheckOptions, HealthEvent, Phase, Probe, Report, Verdict };

/**
 * What one process says about itself: whether it has started, whether a restart would help, whether it should get traffic.
 * The meaning of the three answers is that of the Kubernetes probes. No answer waits for anything: checks run behind it.
 */
export class HealthCheck {
  readonly #name: string;
  readonly #checks: readonly BackgroundCheck[];
  readonly #emit: (occurrence: Occurrence) => void;
  #phase: Phase = 'starting';

  constructor({ name, checks, clock = systemClock, random = Math.random, onEvent }: HealthCheckOptions) {
    this.#name = name;
    this.#emit = (occurrence) => onEvent?.({ process: name, atMs: clock.now(), ...occurrence });
    const names = new Set<string>();
    for (const { name: check, of, decides } of checks) {
      if (names.has(check)) throw new RangeError(`checks must differ in their names: '${check}' is there twice`);
      names.add(check);
      if (of === 'dependency' && String(decides) === 'liveness') throw new RangeError(`decides of dependency '${check}' must be 'nothing' or 'readiness', since a restart does not repair it: current value is 'liveness'`);
    }
    this.#checks = checks.map((check) => new BackgroundCheck(check, { clock, random, emit: this.#emit }));
  }

  /** Runs the checks until `signal` aborts; resolves then. */
  async watch(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#checks.map((check) => check.watch(signal)));
  }

  // #region phases
  /** Warm: caches filled, connections made. After `drain` it comes too late and changes nothing. */
  started(): void {
    if (this.#phase === 'starting') this.#enter('serving');
  }

  /** First step of every shutdown; see `shutDown`. There is no way back. */
  drain(): void {
    if (this.#phase !== 'draining') this.#enter('draining');
  }
  // #endregion phases

  // #region answer
  /** From memory, at once: a busy pool or a slow dependency cannot delay it. */
  answer(probe: Probe): Answer {
    const isDying = this.#some('liveness', (verdict) => verdict === 'ill');
    if (probe === 'startup') return this.#phase === 'starting' ? no('starting') : ok;
    // Neither starting nor draining is a reason to kill.
    if (probe === 'liveness') return isDying ? no('failing') : ok;
    if (this.#phase !== 'serving') return no(this.#phase);
    const isUnfit = this.#some('readiness', (verdict) => verdict !== 'well');
    return isDying || isUnfit ? no('failing') : ok;
  }
  // #endregion answer

  report(): Report {
    return { name: this.#name, phase: this.#phase, checks: this.#checks.map((check) => check.report()) };
  }

  #some(decides: CheckReport['decides'], is: (verdict: Verdict) => boolean): boolean {
    return this.#checks.some((check) => check.decides === decides && is(check.verdict));
  }

  #enter(to: Phase): void {
    const from = this.#phase;
    this.#phase = to;
    this.#emit({ type: 'phase', from, to });
  }
}

const ok: Answer = { status: 200, body: 'ok' };

function no(body: Answer['body']): Answer {
  return { status: 503, body };
}
