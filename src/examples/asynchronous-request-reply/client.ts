import { systemClock } from '../clock.ts';
import type { Clock, Random } from '../clock.ts';
import { JobCancelledError, JobFailedError, JobUnknownError, PatienceOverError, RequestRefusedError, requirePositive, ResultExpiredError } from './contract.ts';
import type { Reply } from './contract.ts';

/** One request, without following redirects. Rejects when no answer came. */
export type Ask = (method: 'GET' | 'POST', path: string, send?: { readonly key: string; readonly input: unknown }) => Promise<Reply>;

export interface Patience {
  /** How long the result is worth waiting for, in milliseconds. */
  readonly giveUpMs: number;
  /** Pause where the server names none, in milliseconds; doubles up to `longestMs`, with jitter. */
  readonly firstMs?: number;
  readonly longestMs?: number;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly signal?: AbortSignal;
}

/**
 * Sends the work, and asks until there is a result. Repeats what got no answer, always with the same key.
 * @throws JobFailedError, JobCancelledError, JobUnknownError, ResultExpiredError, RequestRefusedError; PatienceOverError, which
 * names the place where the result will be; the reason of `signal`. None of them stops the job.
 */
export async function request(ask: Ask, path: string, key: string, input: unknown, patience: Patience): Promise<unknown> {
  const { giveUpMs, firstMs = 500, longestMs = 30_000, clock = systemClock, random = Math.random, signal } = patience;
  requirePositive({ giveUpMs, firstMs, longestMs });
  const startMs = clock.now();
  let location: string | undefined;
  let result: string | undefined;
  let silent = 0;
  // #region poll
  for (;;) {
    signal?.throwIfAborted();
    const reply = await (location === undefined ? ask('POST', path, { key, input }) : ask('GET', result ?? location)).catch(() => undefined);
    // A result at the place that was named, or at once.
    if (reply?.status === 200 && (result !== undefined || location === undefined)) return reply.body;
    if (reply?.status === 303 && result === undefined && reply.headers['location'] !== undefined) {
      result = reply.headers['location'];
      continue;
    }
    if (reply?.status === 202) location = reply.headers['location'] ?? location;
    else requireOpen(reply, location);
    // What the server says is the least; the spread on top keeps those apart who were told the same.
    const told = retryAfterMs(reply);
    const backOffMs = Math.min(longestMs, firstMs * 2 ** silent) * (0.5 + random() / 2);
    silent = told === undefined ? silent + 1 : 0;
    const pauseMs = told === undefined ? backOffMs : told * (1 + random() / 5);
    const waitedMs = clock.now() - startMs;
    if (waitedMs + pauseMs > giveUpMs) throw new PatienceOverError(location, waitedMs);
    await clock.sleep(pauseMs, signal);
  }
  // #endregion poll
}

/** @throws if asking again would change nothing */
function requireOpen(reply: Reply | undefined, location: string | undefined): void {
  const { status, detail = '', error = '' } = { ...reply?.body as { status?: string; detail?: string; error?: string } | undefined };
  if (reply === undefined || reply.status === 429 || reply.status >= 500) return;
  if (reply.status === 410) throw new ResultExpiredError(detail);
  if (reply.status === 404 && location !== undefined) throw new JobUnknownError(`${location}: ${detail}`);
  if (reply.status !== 200) throw new RequestRefusedError(`${reply.status}: ${detail}`);
  if (status === 'failed') throw new JobFailedError(error);
  if (status === 'cancelled') throw new JobCancelledError(`${location} was cancelled`);
}

/** Seconds only: a date needs a clock that both sides share. */
function retryAfterMs(reply: Reply | undefined): number | undefined {
  const seconds = Number(reply?.headers['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
}
