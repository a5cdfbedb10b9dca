/** An answer as HTTP has it. Names of headers are in lower case. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export type JobState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'expired';
export interface Job {
  readonly id: string;
  readonly owner: string;
  readonly state: JobState;
  readonly input: unknown;
  /** The result, or why there is none. Gone when it has expired. */
  readonly outcome: unknown;
  /** 0 to 1, as the worker has last told. */
  readonly progress: number;
  /** Deliveries to a worker; also its receipt. */
  readonly attempts: number;
  /** Since it was accepted, by the clock of the store, as are the others. */
  readonly ageMs: number;
  /** Since it was last taken; 0 before. */
  readonly runMs: number;
  /** Since its last sign of life. */
  readonly quietMs: number;
}

// #region store
/** Where jobs wait. What `submit` has stored must survive the process, or 202 is a lie. */
export interface JobStore {
  /** One job for each key of an owner. `differs`: the key was used for another input. */
  submit(owner: string, key: string, input: unknown, places: number): Promise<{ readonly outcome: 'stored' | 'known'; readonly job: Job } | { readonly outcome: 'full' | 'differs' }>;
  find(id: string): Promise<Job | undefined>;
  /** Jobs that were accepted before this one and have not ended. */
  ahead(job: Job): Promise<number>;
  /** The oldest that waits, or whose worker has fallen silent for the length of its lease. */
  take(leaseMs: number): Promise<Job | undefined>;
  /** A sign of life. False: cancelled, or given to another; then the worker has to stop. */
  renew(taken: Job, leaseMs: number, progress: number): Promise<boolean>;
  /** Ends the job, unless it was cancelled or given to another meanwhile: then false. */
  finish(taken: Job, state: 'succeeded' | 'failed', outcome: unknown): Promise<boolean>;
  /** False: it has ended already. */
  cancel(id: string): Promise<boolean>;
  /** Drops results that ended `resultMs` ago, and after `forgetMs` all else. */
  sweep(resultMs: number, forgetMs: number): Promise<void>;
}
// #endregion store

/** The job has failed; the reason is its message. Asking again changes nothing. */
export class JobFailedError extends Error {
  override readonly name = 'JobFailedError';
}
export class JobCancelledError extends Error {
  override readonly name = 'JobCancelledError';
}
/** There is no such job: never was, is another's, or was forgotten. */
export class JobUnknownError extends Error {
  override readonly name = 'JobUnknownError';
}
/** It ended well, and the result was fetched too late. */
export class ResultExpiredError extends Error {
  override readonly name = 'ResultExpiredError';
}
/** The server will not take the request, now or later. */
export class RequestRefusedError extends Error {
  override readonly name = 'RequestRefusedError';
}
/** The caller waits no longer. The job goes on, and its result can be fetched at `location`, if there is one yet. */
export class PatienceOverError extends Error {
  override readonly name = 'PatienceOverError';
  readonly location: string | undefined;

  constructor(location: string | undefined, waitedMs: number) {
    super(`no result after ${Math.round(waitedMs)} ms; ${location === undefined ? 'the job was not accepted yet' : `the job goes on at ${location}`}`);
    this.location = location;
  }
}

/** @throws RangeError that says name, rule and value */
export function requirePositive(options: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (!(value > 0 && Number.isFinite(value))) throw new RangeError(`${name} must be above 0 and finite: current value is ${value}`);
  }
}
