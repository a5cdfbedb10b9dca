import { requirePositive } from './contract.ts';
import type { Job, JobStore, Reply } from './contract.ts';

export * from './contract.ts';

export interface ApiOptions {
  /** Jobs that may be open at once; what goes beyond is refused with a time. */
  readonly places: number;
  /** Workers, for the guess when a job will be done. */
  readonly workers: number;
  /** How long one job takes, in milliseconds, as long as none has ended. */
  readonly usualMs: number;
  /** Longest that a client is told to wait before it asks, in seconds. */
  readonly longestPollSeconds: number;
  /** What is wrong with an input; undefined if nothing is. */
  readonly check?: (input: unknown) => string | undefined;
}

/** The HTTP door: accepts work, and says what has become of it. `owner` comes from the credentials, never from the address. */
export class JobApi {
  readonly #store: JobStore;
  readonly #options: Required<ApiOptions>;
  #meanMs: number;

  /** @throws RangeError that says name, rule and value */
  constructor(store: JobStore, options: ApiOptions) {
    const { places, workers, usualMs, longestPollSeconds } = options;
    requirePositive({ places, workers, usualMs, longestPollSeconds });
    this.#store = store;
    this.#options = { check: () => undefined, ...options };
    this.#meanMs = usualMs;
  }

  // #region accept
  /** POST /jobs. Whatever can be refused is refused here, while the caller still listens. */
  async post(owner: string, key: string | undefined, input: unknown): Promise<Reply> {
    if (!key) return problem(400, 'an Idempotency-Key is needed: without it a lost answer becomes a second job');
    const mistake = this.#options.check(input);
    if (mistake !== undefined) return problem(400, mistake);
    const submitted = await this.#store.submit(owner, key, input, this.#options.places);
    if (!('job' in submitted)) {
      if (submitted.outcome === 'differs') return problem(422, 'this Idempotency-Key was used for another request');
      return problem(503, 'as much waits as can be done', { 'retry-after': this.#seconds(this.#meanMs) });
    }
    const { job } = submitted;
    return { status: 202, headers: { location: `/jobs/${job.id}`, 'retry-after': await this.#wait(job) }, body: { status: job.state } };
  }
  // #endregion accept

  // #region status
  /** GET /jobs/{id}. */
  async get(owner: string, id: string): Promise<Reply> {
    const job = await this.#store.find(id);
    if (job?.owner !== owner) return problem(404, 'no such job');
    if (job.state === 'succeeded') return { status: 303, headers: { location: `/jobs/${id}/result` } };
    if (job.state === 'expired') return problem(410, 'the result was kept for a while, and is gone');
    const body = { status: job.state, progress: job.progress, ageMs: job.ageMs, quietMs: job.quietMs };
    // Failed is an answer of the job, not of this request.
    if (job.state === 'failed') return { status: 200, headers: {}, body: { ...body, error: job.outcome } };
    return { status: 200, headers: job.state === 'cancelled' ? {} : { 'retry-after': await this.#wait(job) }, body };
  }
  // #endregion status

  /** GET /jobs/{id}/result. */
  async result(owner: string, id: string): Promise<Reply> {
    const job = await this.#store.find(id);
    if (job?.owner !== owner) return problem(404, 'no such job');
    if (job.state === 'expired') return problem(410, 'the result was kept for a while, and is gone');
    return job.state === 'succeeded' ? { status: 200, headers: {}, body: job.outcome } : problem(404, 'there is no result');
  }

  /** DELETE /jobs/{id}. The worker hears of it at its next sign of life; what it has done by then, it has done. */
  async cancel(owner: string, id: string): Promise<Reply> {
    const job = await this.#store.find(id);
    if (job?.owner !== owner) return problem(404, 'no such job');
    const isCancelled = await this.#store.cancel(id);
    return isCancelled || job.state === 'cancelled' ? { status: 204, headers: {} } : problem(409, 'the job has ended already');
  }

  /** Told by workers, so that the guess follows what jobs really take. */
  observe(tookMs: number): void {
    this.#meanMs += (tookMs - this.#meanMs) / 10;
  }

  // #region wait
  /** When it is worth asking again: as long as the queue needs, and ever more slowly once a job is overdue. */
  async #wait(job: Job): Promise<string> {
    if (job.state === 'running') return this.#seconds(Math.max(this.#meanMs - job.runMs, job.runMs / 4));
    if (job.state !== 'queued') return this.#seconds(0);
    return this.#seconds((await this.#store.ahead(job) / this.#options.workers + 1) * this.#meanMs);
  }

  #seconds(ms: number): string {
    return String(Math.min(this.#options.longestPollSeconds, Math.max(1, Math.ceil(ms / 1_000))));
  }
  // #endregion wait
}

function problem(status: number, detail: string, headers: Record<string, string> = {}): Reply {
  return { status, headers, body: { detail } };
}
