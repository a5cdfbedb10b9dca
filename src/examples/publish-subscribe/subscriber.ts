import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { HandlerTimeoutError, MessageRefusedError } from './contract.ts';
import type { Delivery } from './contract.ts';
import type { Topic } from './publish-subscribe.ts';
import { requireAll, requireTimer } from './requirements.ts';

/** A topic, or a connection to one. */
export type Source<Body> = Pick<Topic<Body>, 'pull' | 'acknowledge' | 'giveBack'>;
/** Must be safe to repeat: `delivery.message.position` tells a repeat. */
export type Handle<Body> = (delivery: Delivery<Body>, signal: AbortSignal) => Promise<void> | void;

export interface SubscriberOptions {
  /** Messages that are worked on at the same time. */
  parallel?: number;
  /** Longest time between two looks at the topic. */
  pollMs?: number;
  clock?: Clock;
  /** The topic could not be reached; the work goes on, and what was not acknowledged comes again. Must not throw. */
  onError?: (error: unknown) => void;
}

// #region consume
/**
 * One process of a subscriber: takes no more than it can work on, and acknowledges after
 * the work. Resolves when `signal` has aborted and all that was in hand is settled.
 */
export async function consume<Body>(
  source: Source<Body>,
  subscription: string,
  handle: Handle<Body>,
  signal: AbortSignal,
  options: SubscriberOptions = {},
): Promise<void> {
  const { parallel = 1, pollMs = 1_000, clock = systemClock, onError = () => {} } = options;
  requireAll({ parallel }, (count) => Number.isInteger(count) && count > 0, 'a positive integer');
  requireTimer({ pollMs });
  const inHand = new Set<Promise<void>>();
  let nap = new AbortController();
  while (!signal.aborted) {
    nap = new AbortController();
    const room = parallel - inHand.size;
    const deliveries = room === 0 ? [] : await source.pull(subscription, room).catch((error: unknown) => {
      onError(error);
      return [];
    });
    for (const delivery of deliveries) {
      const work = attempt(source, delivery, handle, clock).catch(onError).finally(() => {
        inHand.delete(work);
        nap.abort(); // there is room, and the next of its key is free
      });
      inHand.add(work);
    }
    await clock.sleep(pollMs, AbortSignal.any([signal, nap.signal])).catch(() => {});
  }
  await Promise.all(inHand);
}
// #endregion consume

// #region attempt
async function attempt<Body>(source: Source<Body>, delivery: Delivery<Body>, handle: Handle<Body>, clock: Clock): Promise<void> {
  const limit = new AbortController();
  const limitMs = delivery.leaseMs * 0.9; // the rest is for the answer
  const timer = clock.setTimeout(() => limit.abort(new HandlerTimeoutError(`no end after ${limitMs} ms`)), limitMs);
  try {
    await Promise.race([aborted(limit.signal), new Promise<void>((resolve) => resolve(handle(delivery, limit.signal)))]);
  } catch (error) {
    await source.giveBack(delivery, String(error), error instanceof MessageRefusedError);
    return;
  } finally {
    clock.clearTimeout(timer);
  }
  await source.acknowledge(delivery);
}
// #endregion attempt

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
}
