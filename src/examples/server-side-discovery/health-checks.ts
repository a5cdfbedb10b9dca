import { systemClock } from '../clock.ts';
import type { Clock, Random } from '../clock.ts';
import { CheckTimeoutError, requireDelay } from './contract.ts';
import type { Endpoint } from './contract.ts';

export interface HealthChecksOptions {
  router: { readonly endpoints: readonly Endpoint[]; checked: (endpoint: Endpoint, isWell: boolean) => void };
  /** Rejects or throws when something is wrong; must reject when its signal aborts, as `fetch` does. */
  probe: (endpoint: Endpoint, signal: AbortSignal) => Promise<unknown>;
  /** Mean pause between two rounds; each is drawn within a quarter of it, so that several routers do not ask in step. */
  intervalMs?: number;
  timeoutMs?: number;
  clock?: Clock;
  random?: Random;
}

// #region rounds
/** Checks all endpoints side by side, round after round, until `signal` aborts; resolves then. */
export async function keepChecking({ router, probe, intervalMs = 5_000, timeoutMs = 1_000, clock = systemClock, random = Math.random }: HealthChecksOptions, signal: AbortSignal): Promise<void> {
  requireDelay('intervalMs', intervalMs);
  requireDelay('timeoutMs', timeoutMs);
  while (!signal.aborted) {
    await Promise.all(router.endpoints.map(async (endpoint) => {
      const isWell = await inTime((limit) => probe(endpoint, limit), timeoutMs, clock, signal);
      // A check that was broken off says nothing.
      if (!signal.aborted) router.checked(endpoint, isWell);
    }));
    await clock.sleep(intervalMs * (0.75 + random() / 2), signal).catch(() => {});
  }
}
// #endregion rounds

async function inTime(run: (signal: AbortSignal) => Promise<unknown>, timeoutMs: number, clock: Clock, signal: AbortSignal): Promise<boolean> {
  const limit = new AbortController();
  const leave = (): void => limit.abort(signal.reason);
  const timer = clock.setTimeout(() => limit.abort(new CheckTimeoutError(`no answer within ${timeoutMs} ms`)), timeoutMs);
  signal.addEventListener('abort', leave, { once: true });
  try {
    await run(limit.signal);
    return true;
  } catch {
    return false;
  } finally {
    clock.clearTimeout(timer);
    signal.removeEventListener('abort', leave);
  }
}
