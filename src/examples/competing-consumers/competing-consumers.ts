import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { HandlerTimeoutError, LeaseLostError, WorkerStoppingError, requireAll } from './contract.ts';
import type { Delivery, WorkQueue } from './contract.ts';

/** Must be safe to repeat (`delivery.id` tells a repeat), and should stop when the signal aborts. */
export type Handle<Body> = (delivery: Delivery<Body>, signal: AbortSignal) => Promise<void> | void;

export interface ConsumerOptions {
  /** Messages in hand at most, waiting ones included; those of all consumers add up at the service behind. 1 when left out. */
  parallel?: number;
  /** A message whose consumer is silent for so long goes to another one. 30 s when left out. */
  leaseMs?: number;
  /** Time between renewals of a lease, at most half of it; a third when left out. */
  renewMs?: number;
  /** Renewals end, and the handler is aborted, after so long: a handler that hangs must not hold its message for ever. 10 min when left out. */
  maxMs?: number;
  /** Wait after a failed delivery; doubles with each further one, up to `maxRetryMs`. */
  retryMs?: number;
  maxRetryMs?: number;
  /** Wait when the broker could not be reached. */
  pauseMs?: number;
  /** Time for what is in hand when the consumer has to end; then handlers are aborted. 20 s when left out. */
  drainMs?: number;
  clock?: Clock;
  /** Must not throw. */
  onEvent?: (event: ConsumerEvent) => void;
}

export type ConsumerEvent =
  | { type: 'taken' | 'done'; id: string; deliveries: number }
  | { type: 'failed'; id: string; deliveries: number; reason: string }
  /** The lease had run out before the end: somebody else may have the message, and the work was perhaps done twice. */
  | { type: 'late'; id: string; deliveries: number }
  /** The broker could not be reached; what is not acknowledged comes again. */
  | { type: 'error'; error: unknown };

type Settings = Required<Omit<ConsumerOptions, 'onEvent'>> & Pick<ConsumerOptions, 'onEvent'>;

// #region consume
/**
 * One of several consumers of a queue: takes a message when it has room for one, and no sooner.
 * Resolves when `signal` has aborted and all that was in hand has ended.
 * @throws RangeError for an option that makes no sense
 */
export async function consume<Body>(queue: WorkQueue<Body>, handle: Handle<Body>, signal: AbortSignal, options: ConsumerOptions = {}): Promise<void> {
  const settings = checked(options);
  const { parallel, leaseMs, pauseMs, drainMs, clock, onEvent } = settings;
  const inHand = new Map<AbortController, Promise<void>>();
  const report = (error: unknown): void => onEvent?.({ type: 'error', error });
  const drain: number[] = [];
  const startDrain = (): void => {
    drain.push(clock.setTimeout(() => { for (const work of inHand.keys()) work.abort(new WorkerStoppingError(`no end within ${drainMs} ms`)); }, drainMs));
  };
  signal.addEventListener('abort', startDrain, { once: true });
  while (!signal.aborted) {
    if (inHand.size >= parallel) await Promise.race(inHand.values());
    else {
      try {
        const delivery = await queue.receive(leaseMs, signal);
        const work = new AbortController();
        inHand.set(work, attempt(queue, delivery, handle, work, settings).catch(report).finally(() => inHand.delete(work)));
      } catch (error) {
        if (signal.aborted) break;
        report(error);
        await clock.sleep(pauseMs, signal).catch(() => {});
      }
    }
  }
  await Promise.all(inHand.values());
  for (const timer of drain) clock.clearTimeout(timer);
}
// #endregion consume

// #region attempt
async function attempt<Body>(queue: WorkQueue<Body>, delivery: Delivery<Body>, handle: Handle<Body>, work: AbortController, settings: Settings): Promise<void> {
  const { retryMs, maxRetryMs, onEvent } = settings;
  const { id, deliveries } = delivery;
  onEvent?.({ type: 'taken', id, deliveries });
  const release = hold(queue, delivery, work, settings);
  try {
    await handle(delivery, work.signal);
  } catch (error) {
    release();
    const isStopping = work.signal.reason instanceof WorkerStoppingError;
    const delayMs = isStopping ? 0 : Math.min(maxRetryMs, retryMs * 2 ** (deliveries - 1));
    const kept = await queue.giveBack(delivery, delayMs);
    return onEvent?.(kept ? { type: 'failed', id, deliveries, reason: String(error) } : { type: 'late', id, deliveries });
  }
  release();
  // After the effect, and never before: a consumer that dies in between leaves the message to another.
  const kept = await queue.acknowledge(delivery);
  onEvent?.({ type: kept ? 'done' : 'late', id, deliveries });
}
// #endregion attempt

// #region hold
/** Renews the lease while the handler works, and aborts the handler when the message is no longer its own. @returns what ends that */
function hold<Body>(queue: WorkQueue<Body>, delivery: Delivery<Body>, work: AbortController, { leaseMs, renewMs, maxMs, clock, onEvent }: Settings): () => void {
  const lost = (): void => work.abort(new LeaseLostError(`message '${delivery.id}' may be in other hands`));
  // Before the broker's own end, because the delivery took time to get here.
  const lapseIn = (ms: number): number => clock.setTimeout(lost, 0.9 * ms);
  const limit = clock.setTimeout(() => work.abort(new HandlerTimeoutError(`no end after ${maxMs} ms`)), maxMs);
  let lapse = lapseIn(leaseMs);
  let renewal = clock.setTimeout(renew, renewMs);
  let isOver = false;
  async function renew(): Promise<void> {
    if (work.signal.aborted) return;
    const askedMs = clock.now();
    const renewed = await queue.renew(delivery, leaseMs).catch((error: unknown) => onEvent?.({ type: 'error', error }));
    if (isOver) return;
    if (renewed === false) return lost();
    if (renewed === true) {
      clock.clearTimeout(lapse);
      lapse = lapseIn(leaseMs - (clock.now() - askedMs));
    }
    renewal = clock.setTimeout(renew, renewMs);
  }
  return () => {
    isOver = true;
    for (const timer of [limit, lapse, renewal]) clock.clearTimeout(timer);
  };
}
// #endregion hold

function checked(options: ConsumerOptions): Settings {
  const { leaseMs = 30_000 } = options;
  const settings = { parallel: 1, renewMs: leaseMs / 3, maxMs: 600_000, retryMs: 1_000, maxRetryMs: 60_000, pauseMs: 1_000, drainMs: 20_000, clock: systemClock, ...options, leaseMs };
  const { parallel, renewMs, maxMs, retryMs, maxRetryMs, pauseMs, drainMs } = settings;
  requireAll({ parallel }, (count) => Number.isSafeInteger(count) && count > 0, 'a positive integer');
  // Timers hold their delay in 31 bits; a longer one fires at once.
  requireAll({ leaseMs, maxMs, retryMs, maxRetryMs, pauseMs, drainMs }, (ms) => ms > 0 && ms < 2 ** 31, 'above 0 and below 2147483648');
  requireAll({ renewMs }, (ms) => ms > 0 && ms <= leaseMs / 2, `above 0 and at most half of leaseMs (${leaseMs})`);
  return settings;
}
