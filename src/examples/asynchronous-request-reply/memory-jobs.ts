import type { Clock } from '../clock.ts';
import type { Job, JobStore } from './contract.ts';

type Kept = { -readonly [Field in Exclude<keyof Job, 'ageMs' | 'runMs' | 'quietMs'>]: Job[Field] } & { key: string; acceptedMs: number; startedMs: number; changedMs: number; freeMs: number };

/** Keeps jobs for as long as this process lives: for tests and simulations, never for what was promised to somebody. */
export class MemoryJobs implements JobStore {
  readonly #clock: Clock;
  readonly #newId: () => string;
  /** In order of acceptance. A key lives as long as its job. */
  readonly #jobs = new Map<string, Kept>();

  /** @param newId must not be guessed: whoever knows an address could ask */
  constructor(clock: Clock, newId: () => string) {
    this.#clock = clock;
    this.#newId = newId;
  }

  async submit(owner: string, key: string, input: unknown, places: number) {
    const known = [...this.#jobs.values()].find((job) => job.owner === owner && job.key === key);
    if (known !== undefined) return JSON.stringify(known.input) === JSON.stringify(input) ? { outcome: 'known' as const, job: this.#seen(known) } : { outcome: 'differs' as const };
    if (this.open >= places) return { outcome: 'full' as const };
    const nowMs = this.#clock.now();
    const job: Kept = { id: this.#newId(), owner, key, state: 'queued', input, outcome: null, progress: 0, attempts: 0, acceptedMs: nowMs, startedMs: 0, changedMs: nowMs, freeMs: nowMs };
    this.#jobs.set(job.id, job);
    return { outcome: 'stored' as const, job: this.#seen(job) };
  }

  async find(id: string): Promise<Job | undefined> {
    const job = this.#jobs.get(id);
    return job && this.#seen(job);
  }

  async ahead({ id }: Job): Promise<number> {
    let ahead = 0;
    for (const job of this.#jobs.values()) {
      if (job.id === id) break;
      if (isOpen(job)) ahead += 1;
    }
    return ahead;
  }

  async take(leaseMs: number): Promise<Job | undefined> {
    const nowMs = this.#clock.now();
    for (const job of this.#jobs.values()) {
      if (!isOpen(job) || job.freeMs > nowMs) continue;
      Object.assign(job, { state: 'running', freeMs: nowMs + leaseMs, attempts: job.attempts + 1, startedMs: nowMs, changedMs: nowMs });
      return this.#seen(job);
    }
    return undefined;
  }

  async renew(taken: Job, leaseMs: number, progress: number): Promise<boolean> {
    return this.#change(taken, { freeMs: this.#clock.now() + leaseMs, progress });
  }

  async finish(taken: Job, state: 'succeeded' | 'failed', outcome: unknown): Promise<boolean> {
    return this.#change(taken, { state, outcome: outcome ?? null });
  }

  async cancel(id: string): Promise<boolean> {
    const job = this.#jobs.get(id);
    return job !== undefined && this.#change(job, { state: 'cancelled' });
  }

  async sweep(resultMs: number, forgetMs: number): Promise<void> {
    const nowMs = this.#clock.now();
    for (const job of this.#jobs.values()) {
      if (isOpen(job)) continue;
      const ageMs = nowMs - job.changedMs;
      if (ageMs >= forgetMs) this.#jobs.delete(job.id);
      else if (ageMs >= resultMs && job.state === 'succeeded') Object.assign(job, { state: 'expired', outcome: null });
    }
  }

  /** Jobs that have not ended. */
  get open(): number {
    return [...this.#jobs.values()].filter(isOpen).length;
  }

  #change({ id, attempts }: Pick<Job, 'id' | 'attempts'>, change: Partial<Kept>): boolean {
    const job = this.#jobs.get(id);
    if (job === undefined || !isOpen(job) || job.attempts !== attempts) return false;
    Object.assign(job, { changedMs: this.#clock.now(), ...change });
    return true;
  }

  #seen({ key: _key, acceptedMs, startedMs, changedMs, freeMs: _freeMs, ...job }: Kept): Job {
    const nowMs = this.#clock.now();
    return { ...job, ageMs: nowMs - acceptedMs, runMs: job.attempts > 0 ? nowMs - startedMs : 0, quietMs: nowMs - changedMs };
  }
}

function isOpen({ state }: Pick<Job, 'state'>): boolean {
  return state === 'queued' || state === 'running';
}
