import { systemClock } from '../clock.ts';
import { LeaseLostError, RegistryFullError, RegistryStartingError, requireDelay } from './contract.ts';
import type { Instance, Lease, Listing, RegistryOccurrence, RegistryPort, ServiceRegistryOptions } from './contract.ts';

interface Entry { instance: Instance; token: string; untilMs: number }
interface Service { version: string; entries: Map<string, Entry> }

/**
 * A list of running instances that is kept true by leases: who does not renew is taken out, unless too many fall silent at once.
 * One process, in memory. Self-preservation and its share as in Eureka, waiting for a change as in Consul's blocking queries.
 */
export class ServiceRegistry implements RegistryPort {
  readonly #options: Required<Omit<ServiceRegistryOptions, 'onEvent' | 'random'>> & Pick<ServiceRegistryOptions, 'onEvent'>;
  readonly #startMs: number;
  /** Tells versions and tokens of this process from those of the one before it. */
  readonly #life: string;
  readonly #services = new Map<string, Service>();
  readonly #watchers = new Map<string, Set<() => void>>();
  #changes = 0;
  #size = 0;
  #watching = 0;
  /** When instances were taken out because they had lapsed. */
  #lapses: number[] = [];
  #preserving = false;

  constructor({ random = Math.random, ...options }: ServiceRegistryOptions = {}) {
    const { leaseMs = 30_000 } = options;
    this.#options = { leaseMs, sweepMs: leaseMs / 10, maxLapsedShare: 0.15, minLapsed: 3, lapseWindowMs: 5 * leaseMs, maxOverdueMs: Infinity, warmUpMs: leaseMs, maxWaitMs: 60_000, maxInstances: 10_000, maxWatchers: 10_000, clock: systemClock, ...options };
    for (const name of ['leaseMs', 'sweepMs', 'lapseWindowMs', 'maxWaitMs'] as const) requireDelay(name, this.#options[name]);
    requireDelay('warmUpMs', this.#options.warmUpMs, 0);
    const { maxLapsedShare, maxOverdueMs } = this.#options;
    if (!(maxLapsedShare >= 0 && maxLapsedShare <= 1)) throw new RangeError(`maxLapsedShare must be between 0 and 1: current value is ${maxLapsedShare}`);
    if (!(maxOverdueMs >= 0)) throw new RangeError(`maxOverdueMs must be at least 0: current value is ${maxOverdueMs}`);
    for (const name of ['minLapsed', 'maxInstances', 'maxWatchers'] as const) {
      if (!Number.isSafeInteger(this.#options[name]) || this.#options[name] < 1) throw new RangeError(`${name} must be a positive integer: current value is ${this.#options[name]}`);
    }
    this.#startMs = this.#options.clock.now();
    this.#life = Math.floor(random() * 2 ** 32).toString(36);
  }

  // #region leases
  async register(instance: Instance): Promise<Lease> {
    const { clock, leaseMs, maxInstances } = this.#options;
    const { service, id } = instance;
    if (!service || !id || !instance.address) throw new TypeError(`service, id and address must not be empty: current value is ${JSON.stringify(instance)}`);
    const held = this.#services.get(service)?.entries.has(id) ?? false;
    if (!held && this.#size >= maxInstances) throw new RegistryFullError(`${maxInstances} instances are registered, '${id}' of '${service}' is one too many`);
    const token = this.#mark();
    const entries = this.#services.get(service)?.entries ?? new Map<string, Entry>();
    entries.set(id, { instance: { ...instance }, token, untilMs: clock.now() + leaseMs });
    if (!held) this.#size += 1;
    this.#changed(service, entries);
    this.#emit({ type: 'registered', service, id });
    return { service, id, token, leaseMs };
  }

  async renew(lease: Lease): Promise<void> {
    const entry = this.#services.get(lease.service)?.entries.get(lease.id);
    if (entry?.token !== lease.token) throw new LeaseLostError(lease, entry === undefined ? 'expired' : 'replaced');
    entry.untilMs = this.#options.clock.now() + this.#options.leaseMs;
  }

  async deregister(lease: Lease): Promise<void> {
    const entry = this.#services.get(lease.service)?.entries.get(lease.id);
    if (entry?.token === lease.token) this.#remove(entry, 'deregistered');
  }
  // #endregion leases

  // #region watch
  async watch(service: string, since?: string, signal?: AbortSignal): Promise<Listing> {
    signal?.throwIfAborted();
    const { clock, warmUpMs } = this.#options;
    const startsMs = this.#startMs + warmUpMs - clock.now();
    if (startsMs > 0) throw new RegistryStartingError(startsMs);
    // Not "is newer": after a restart versions may begin anew, and whoever waits for a higher one waits for ever.
    if (this.#listing(service).version === since) await this.#change(service, signal);
    return this.#listing(service);
  }
  // #endregion watch

  /** Takes out what has lapsed, again and again until `signal` aborts; resolves then. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, sweepMs } = this.#options;
    while (!signal.aborted) {
      const dueMs = clock.now() + sweepMs;
      await clock.sleep(sweepMs, signal).catch(() => {});
      if (signal.aborted) return;
      this.#lengthen(clock.now() - dueMs);
      this.sweep();
    }
  }

  // #region sweep
  sweep(): void {
    const { clock, maxLapsedShare, minLapsed, lapseWindowMs, maxOverdueMs } = this.#options;
    const nowMs = clock.now();
    const entries = [...this.#services.values()].flatMap((service) => [...service.entries.values()]);
    const overdue = entries.filter(({ untilMs }) => untilMs <= nowMs);
    // Those taken out lately count as well: a partition that drips would empty the list in small steps.
    this.#lapses = this.#lapses.filter((atMs) => atMs > nowMs - lapseWindowMs);
    const lapsed = overdue.length + this.#lapses.length;
    const known = entries.length + this.#lapses.length;
    const preserving = overdue.length > 0 && lapsed >= minLapsed && lapsed > known * maxLapsedShare;
    if (preserving !== this.#preserving) this.#emit({ type: 'preserving', on: preserving, lapsed, known });
    this.#preserving = preserving;
    for (const entry of overdue) {
      if (preserving && nowMs - entry.untilMs <= maxOverdueMs) continue;
      this.#lapses.push(nowMs);
      this.#remove(entry, 'expired');
    }
  }
  // #endregion sweep

  /** A process that stood still heard nobody meanwhile: what it has missed is no silence of the instances. */
  #lengthen(ms: number): void {
    for (const { entries } of this.#services.values()) for (const entry of entries.values()) entry.untilMs += ms;
  }

  #remove({ instance: { service, id } }: Entry, type: 'deregistered' | 'expired'): void {
    const { entries } = this.#services.get(service) as Service;
    entries.delete(id);
    this.#size -= 1;
    this.#changed(service, entries);
    this.#emit({ type, service, id });
  }

  /** A service without instances is forgotten; its version is then that of any unknown one. */
  #changed(service: string, entries: Map<string, Entry>): void {
    if (entries.size === 0) this.#services.delete(service);
    else this.#services.set(service, { version: this.#mark(), entries });
    for (const wake of this.#watchers.get(service) ?? []) wake();
  }

  #listing(service: string): Listing {
    const { version = 'none', entries } = this.#services.get(service) ?? {};
    return { version, instances: Array.from(entries?.values() ?? [], ({ instance }) => instance) };
  }

  /** Resolves at the next change or after `maxWaitMs`; rejects with the reason of `signal`. */
  #change(service: string, signal?: AbortSignal): Promise<void> {
    const { clock, maxWaitMs, maxWatchers } = this.#options;
    if (this.#watching >= maxWatchers) throw new RegistryFullError(`${maxWatchers} questions are waiting, this one about '${service}' is one too many`);
    return new Promise((resolve, reject) => {
      const wake = (): void => { end(); resolve(); };
      const leave = (): void => { end(); reject(signal?.reason); };
      const watchers = this.#watchers.get(service) ?? new Set<() => void>();
      const timer = clock.setTimeout(wake, maxWaitMs);
      this.#watching += 1;
      this.#watchers.set(service, watchers.add(wake));
      signal?.addEventListener('abort', leave, { once: true });
      const end = (): void => {
        clock.clearTimeout(timer);
        signal?.removeEventListener('abort', leave);
        this.#watching -= 1;
        watchers.delete(wake);
        if (watchers.size === 0) this.#watchers.delete(service);
      };
    });
  }

  #mark(): string {
    return `${this.#life}.${++this.#changes}`;
  }

  #emit(occurrence: RegistryOccurrence): void {
    this.#options.onEvent?.({ atMs: this.#options.clock.now(), ...occurrence });
  }
}
