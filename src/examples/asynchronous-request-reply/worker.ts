import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { requirePositive } from './contract.ts';
import type { JobStore } from './contract.ts';

export interface Hands {
  /** Aborted when the job was cancelled or given to another worker. */
  readonly signal: AbortSignal;
  /** @param share 0 to 1 */
  progress(share: number): void;
}
export interface WorkerOptions {
  /** A worker that is silent for so long has lost its job, in milliseconds. Signs of life come three times as often. */
  readonly leaseMs: number;
  /** Workers that may die of one job. */
  readonly maxAttempts: number;
  readonly clock?: Clock;
  /** A job has ended well, after so many milliseconds of work. */
  readonly onDone?: (tookMs: number) => void;
}
/** The job is no longer this worker's: its owner has cancelled it, or another worker has it. */
export class JobWithdrawnError extends Error {
  override readonly name = 'JobWithdrawnError';
}

/**
 * Takes one job and does it. Work is done at least once, so it has to bear a repeat.
 * @returns false if none waits
 * @throws what the store threw; the job is then done again when its lease is over
 */
export async function workOnce(store: JobStore, work: (input: unknown, hands: Hands) => Promise<unknown>, options: WorkerOptions): Promise<boolean> {
  const { leaseMs, maxAttempts, clock = systemClock, onDone = () => {} } = options;
  requirePositive({ leaseMs, maxAttempts });
  const job = await store.take(leaseMs);
  if (job === undefined) return false;
  if (job.attempts > maxAttempts) return store.finish(job, 'failed', `no worker has survived it in ${maxAttempts} attempts`).then(() => true);
  const startMs = clock.now();
  const [withdrawn, ended] = [new AbortController(), new AbortController()];
  let progress = 0;
  // #region alive
  // A slow job is not a stuck one: while this process lives, it says so. A store that cannot be asked says nothing.
  const signs = (async (): Promise<void> => {
    for (let isOurs = true; isOurs;) {
      await clock.sleep(leaseMs / 3, ended.signal);
      isOurs = await store.renew(job, leaseMs, progress).catch(() => true);
    }
    withdrawn.abort(new JobWithdrawnError(`job ${job.id} was cancelled or given to another worker`));
  })();
  signs.catch(() => {}); // ends by the signal
  // #endregion alive
  const hands: Hands = { signal: withdrawn.signal, progress: (share) => { progress = share; } };
  const end = await (async () => work(job.input, hands))().then(
    (outcome) => ({ state: 'succeeded' as const, outcome }),
    (error: unknown) => ({ state: 'failed' as const, outcome: error instanceof Error ? error.message : String(error) }),
  );
  try {
    const isOurs = await store.finish(job, end.state, end.outcome);
    if (isOurs && end.state === 'succeeded') onDone(clock.now() - startMs);
  } finally {
    ended.abort();
  }
  return true;
}
