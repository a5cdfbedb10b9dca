import { systemClock } from '../clock.ts';

export interface InstancePoolOptions {
  /** Failed calls in a row after which an instance is ejected, whatever its check says; Infinity never ejects. */
  failures?: number;
  /** The first ejection; the second in a row is twice as long, the third three times. */
  baseEjectionMs?: number;
  maxEjectionMs?: number;
  /** At most this share of all instances is ejected at a time, from 0 to 1. */
  maxEjectedShare?: number;
  /** With less than this share available all instances are used: either the checks are wrong, or there is nothing to lose. 0 never does. */
  panicShare?: number;
  clock?: { now(): number };
  /** Must not throw. */
  onEvent?: (event: PoolEvent) => void;
}

/** `spared`: it would have been ejected, but too many are already. */
export type PoolEvent = { type: 'ejected'; instance: unknown; forMs: number } | { type: 'spared'; instance: unknown } | { type: 'panic'; on: boolean };

/** `era` grows with each ejection: outcomes of calls from before say nothing about the instance that came back. */
interface Member { isReady: boolean; failed: number; era: number; untilMs: number; times: number }

/** The balancer's side: who may get the next call, by checks and by real answers. Semantics of outlier ejection and panic as in Envoy. */
export class InstancePool<Instance> {
  readonly #options: Required<Omit<InstancePoolOptions, 'onEvent'>> & Pick<InstancePoolOptions, 'onEvent'>;
  readonly #members = new Map<Instance, Member>();
  #panics = false;

  constructor(options: InstancePoolOptions = {}) {
    this.#options = { failures: 5, baseEjectionMs: 30_000, maxEjectionMs: 300_000, maxEjectedShare: 0.1, panicShare: 0.5, clock: systemClock, ...options };
    const { failures, baseEjectionMs, maxEjectionMs } = this.#options;
    if (!(failures >= 1)) throw new RangeError(`failures must be at least 1: current value is ${failures}`);
    if (!(baseEjectionMs > 0 && baseEjectionMs < Infinity)) throw new RangeError(`baseEjectionMs must be a positive number: current value is ${baseEjectionMs}`);
    if (!(maxEjectionMs >= baseEjectionMs)) throw new RangeError(`maxEjectionMs must be at least baseEjectionMs, ${baseEjectionMs}: current value is ${maxEjectionMs}`);
    for (const name of ['maxEjectedShare', 'panicShare'] as const) {
      if (!(this.#options[name] >= 0 && this.#options[name] <= 1)) throw new RangeError(`${name} must be between 0 and 1: current value is ${this.#options[name]}`);
    }
  }

  /** It gets no calls until `setReady` says so. */
  add(instance: Instance): void {
    this.#members.set(instance, { isReady: false, failed: 0, era: 0, untilMs: -Infinity, times: 0 });
  }

  /** For an instance that leaves on purpose: panic would send calls to one that is only unready. */
  remove(instance: Instance): void {
    this.#members.delete(instance);
  }

  setReady(instance: Instance, isReady: boolean): void {
    const member = this.#members.get(instance);
    if (member !== undefined) member.isReady = isReady;
  }

  // #region routable
  routable(): Instance[] {
    const all = [...this.#members];
    const available = all.filter(([, member]) => member.isReady && !this.#isEjected(member));
    const panics = available.length < all.length * this.#options.panicShare;
    if (panics !== this.#panics) this.#options.onEvent?.({ type: 'panic', on: panics });
    this.#panics = panics;
    return (panics ? all : available).map(([instance]) => instance);
  }
  // #endregion routable

  // #region ejection
  /** @returns to be told once how the call ended */
  begin(instance: Instance): (succeeded: boolean) => void {
    const member = this.#members.get(instance);
    const era = member?.era;
    return (succeeded) => {
      if (member === undefined || member.era !== era || this.#members.get(instance) !== member) return;
      member.failed = succeeded ? 0 : member.failed + 1;
      if (member.failed >= this.#options.failures && !this.#isEjected(member)) this.#eject(instance, member);
    };
  }

  #eject(instance: Instance, member: Member): void {
    const { baseEjectionMs, maxEjectionMs, maxEjectedShare, clock, onEvent } = this.#options;
    member.failed = 0;
    const ejected = [...this.#members.values()].filter((each) => this.#isEjected(each)).length;
    if ((ejected + 1) / this.#members.size > maxEjectedShare) return onEvent?.({ type: 'spared', instance });
    // Each stretch of good time since it came back takes one of its ejections off the record.
    const forgiven = Math.floor((clock.now() - member.untilMs) / baseEjectionMs);
    member.times = Math.max(0, member.times - forgiven) + 1;
    const forMs = Math.min(baseEjectionMs * member.times, maxEjectionMs);
    member.untilMs = clock.now() + forMs;
    member.era += 1;
    onEvent?.({ type: 'ejected', instance, forMs });
  }
  // #endregion ejection

  #isEjected(member: Member): boolean {
    return this.#options.clock.now() < member.untilMs;
  }
}
