import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { HandlerTimeoutError, MessageRefusedError, requireAll } from './contract.ts';
import type { QueueStore, Taken } from './contract.ts';

/** Must be safe to repeat: `taken.id` tells a repeat. */
export type Handle<Body> = (taken: Taken<Body>, signal: AbortSignal) => Promise<void>;

export interface SteadyWorkerOptions {
  /** Messages that are worked on at the same time; with several workers, all of theirs add up. */
  parallel: number;
  /** Messages begun in a second at most, evenly; these add up too. */
  perSecond: number;
  /** Time for one delivery; then the message is free for others. Longer than the slowest handler. */
  leaseMs?: number;
  /** Deliveries after which a message is set aside. */
  maxDeliveries?: number;
  /** Wait after a failed delivery; it doubles with each further one. */
  retryMs?: number;
  /** Time between two looks at an empty queue. */
  pollMs?: number;
  clock?: Clock;
  /** Must not throw. */
  onEvent?: (event: WorkerEvent) => void;
}

export type WorkerEvent =
  | { type: 'taken' | 'done'; id: string; deliveries: number; ageMs: number }
  | { type: 'failed' | 'set aside'; id: string; deliveries: number; reason: string }
  /** The lease had run out: somebody else may have the message, and the work was perhaps done twice. */
  | { type: 'late'; id: string; deliveries: number }
  /** The store could not be reached. What was in hand comes again. */
  | { type: 'error'; error: unknown };

type Settings = Required<Omit<SteadyWorkerOptions, 'onEvent'>> & Pick<SteadyWorkerOptions, 'onEvent'>;

// #region work
/**
 * Takes one message after the other at a steady pace, whatever has piled up. Resolves when
 * `signal` has aborted and all that was in hand has ended. A handler that goes on after its
 * limit keeps its place: the service behind is still busy with it.
 */
export async function work<Body>(
  store: QueueStore<Body>,
  handle: Handle<Body>,
  signal: AbortSignal,
  options: SteadyWorkerOptions,
): Promise<void> {
  const settings = checked(options);
  const { parallel, perSecond, leaseMs, pollMs, clock, onEvent } = settings;
  const rest = (ms: number): Promise<void> => clock.sleep(ms, signal).catch(() => {});
  const report = (error: unknown): undefined => void onEvent?.({ type: 'error', error });
  const inHand = new Set<Promise<void>>();
  let nextMs = clock.now();
  while (!signal.aborted) {
    if (inHand.size >= parallel) await Promise.race([...inHand]);
    else if (clock.now() < nextMs) await rest(nextMs - clock.now());
    else {
      const taken = await store.take(leaseMs).catch(report);
      if (taken === undefined) await rest(pollMs);
      else {
        // From now, not from the last: an idle hour earns no burst.
        nextMs = clock.now() + 1_000 / perSecond;
        const one = attempt(store, taken, handle, settings).catch(report).finally(() => inHand.delete(one));
        inHand.add(one);
      }
    }
  }
  await Promise.all(inHand);
}
// #endregion work

// #region attempt
async function attempt<Body>(
  store: QueueStore<Body>,
  taken: Taken<Body>,
  handle: Handle<Body>,
  { leaseMs, maxDeliveries, retryMs, clock, onEvent }: Settings,
): Promise<void> {
  const { id, deliveries, ageMs } = taken;
  const failed = async (reason: string, isHopeless: boolean): Promise<void> => {
    const isOver = isHopeless || deliveries >= maxDeliveries;
    const kept = await (isOver ? store.setAside(taken, reason) : store.giveBack(taken, retryMs * 2 ** (deliveries - 1)));
    onEvent?.(kept ? { type: isOver ? 'set aside' : 'failed', id, deliveries, reason } : { type: 'late', id, deliveries });
  };
  // It was delivered once more than it may be: the workers that had it have died of it.
  if (deliveries > maxDeliveries) return failed('no worker survived it', true);
  onEvent?.({ type: 'taken', id, deliveries, ageMs });
  const limit = new AbortController();
  const limitMs = leaseMs * 0.9; // the rest is for the answer
  const timer = clock.setTimeout(() => limit.abort(new HandlerTimeoutError(`no end after ${limitMs} ms`)), limitMs);
  const working = (async () => handle(taken, limit.signal))();
  try {
    await Promise.race([aborted(limit.signal), working]);
  } catch (error) {
    // Its place is free when it has ended, not when its time is over.
    return await failed(String(error), error instanceof MessageRefusedError).finally(() => working.catch(() => {}));
  } finally {
    clock.clearTimeout(timer);
  }
  // After the effect, and never before: a worker that dies in between leaves it to be done again.
  const removed = await store.remove(taken);
  onEvent?.(removed ? { type: 'done', id, deliveries, ageMs } : { type: 'late', id, deliveries });
}
// #endregion attempt

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
}

function checked(options: SteadyWorkerOptions): Settings {
  const settings = { leaseMs: 30_000, maxDeliveries: 5, retryMs: 1_000, pollMs: 1_000, clock: systemClock, ...options };
  const { parallel, maxDeliveries, perSecond, leaseMs, retryMs, pollMs } = settings;
  requireAll({ parallel, maxDeliveries }, (value) => Number.isSafeInteger(value) && value >= 1, 'a positive integer');
  requireAll({ perSecond }, (value) => value > 0 && value < Infinity, 'a positive number');
  // Timers hold their delay in 31 bits; a longer one fires at once.
  requireAll({ leaseMs, retryMs, pollMs }, (value) => value > 0 && value < 2 ** 31, 'above 0 and below 2147483648');
  return settings;
}
