import { systemClock } from '../clock.ts';
import type { Clock, Random } from '../clock.ts';
import { HandlerTimeoutError, MessageRefusedError, isCount, isTimer, requireAll } from './contract.ts';
import type { DeadLetters, Delivery, Queue, Reason } from './contract.ts';

/** Must be safe to repeat: `delivery.message.id` tells a repeat. Its signal aborts shortly before the lease ends. */
export type Handle<Body> = (delivery: Delivery<Body>, signal: AbortSignal) => Promise<void> | void;

export interface ConsumerOptions {
  /** Deliveries of a message, deaths of consumers included, after which it is set aside. 5 when left out. */
  maxDeliveries?: number;
  /** Errors that no further attempt can mend. Those of class `MessageRefusedError` when left out. */
  isHopeless?: (error: unknown) => boolean;
  /** Longer than the slowest handler. 30 s when left out. */
  leaseMs?: number;
  /** Pause before the next attempt: at random up to this, doubled with each further failure, at most `maxRetryMs`. */
  retryMs?: number;
  maxRetryMs?: number;
  clock?: Clock;
  random?: Random;
  /** Must not throw. */
  onEvent?: (event: ConsumerEvent) => void;
}

export type ConsumerEvent =
  | { type: 'done'; id: string; deliveries: number }
  | { type: 'failed'; id: string; deliveries: number; error: string; delayMs: number }
  | { type: 'set aside'; id: string; deliveries: number; error: string; reason: Reason }
  /** The dead letter could not be stored, so the message stays in the queue. */
  | { type: 'not set aside'; id: string; error: unknown }
  /** The lease had run out: somebody else may have the message. */
  | { type: 'late'; id: string; deliveries: number }
  /** The broker could not be reached; what is not acknowledged comes again. */
  | { type: 'error'; error: unknown };

type Settings = Required<Omit<ConsumerOptions, 'onEvent'>> & Pick<ConsumerOptions, 'onEvent'>;

/**
 * Takes one message after the other; start several for more. Resolves when `signal` has aborted and the message in hand is settled.
 * @throws RangeError for an option that makes no sense
 */
export async function consume<Body>(queue: Queue<Body>, deadLetters: Pick<DeadLetters<Body>, 'put'>, handle: Handle<Body>, signal: AbortSignal, options: ConsumerOptions = {}): Promise<void> {
  const settings = checked(options);
  while (!signal.aborted) {
    try {
      await attempt(queue, deadLetters, await queue.receive(settings.leaseMs, signal), handle, settings);
    } catch (error) {
      if (error !== signal.reason) settings.onEvent?.({ type: 'error', error });
      await settings.clock.sleep(settings.retryMs, signal).catch(() => {});
    }
  }
}

// #region attempt
async function attempt<Body>(queue: Queue<Body>, deadLetters: Pick<DeadLetters<Body>, 'put'>, delivery: Delivery<Body>, handle: Handle<Body>, settings: Settings): Promise<void> {
  const { maxDeliveries, isHopeless, random, onEvent } = settings;
  const { message: { id }, deliveries } = delivery;
  // Delivered once more than it may be, and nobody has said how the last one ended: as a rule they died of it.
  if (deliveries > maxDeliveries) return setAside(queue, deadLetters, delivery, 'deadly', 'no word of how the delivery before ended', settings);
  try {
    await withLimit(handle, delivery, settings);
  } catch (error) {
    if (isHopeless(error)) return setAside(queue, deadLetters, delivery, 'refused', String(error), settings);
    if (deliveries >= maxDeliveries) return setAside(queue, deadLetters, delivery, 'exhausted', String(error), settings);
    const delayMs = random() * backoff(deliveries, settings);
    const kept = await queue.giveBack(delivery, delayMs);
    return onEvent?.(kept ? { type: 'failed', id, deliveries, error: String(error), delayMs } : { type: 'late', id, deliveries });
  }
  const kept = await queue.acknowledge(delivery);
  onEvent?.({ type: kept ? 'done' : 'late', id, deliveries });
}
// #endregion attempt

// #region aside
async function setAside<Body>(queue: Queue<Body>, deadLetters: Pick<DeadLetters<Body>, 'put'>, delivery: Delivery<Body>, reason: Reason, text: string, settings: Settings): Promise<void> {
  const { clock, onEvent } = settings;
  const { message, message: { id }, deliveries } = delivery;
  const error = text.slice(0, 1_000);
  try {
    await deadLetters.put({ message, origin: queue.name, reason, error, deliveries, diedMs: clock.now() });
  } catch (cause) {
    // Not stored, so not acknowledged: better a message that comes again than one that is nowhere.
    onEvent?.({ type: 'not set aside', id, error: cause });
    await queue.giveBack(delivery, backoff(deliveries, settings));
    return;
  }
  // Late, somebody else has it too and may even succeed: a letter does not prove that nothing was done.
  const kept = await queue.acknowledge(delivery);
  onEvent?.(kept ? { type: 'set aside', id, deliveries, error, reason } : { type: 'late', id, deliveries });
}
// #endregion aside

function backoff(deliveries: number, { retryMs, maxRetryMs }: Settings): number {
  return Math.min(maxRetryMs, retryMs * 2 ** (deliveries - 1));
}

/** Ends with the handler, however long it goes on after its signal: until then the work is not over. */
async function withLimit<Body>(handle: Handle<Body>, delivery: Delivery<Body>, { leaseMs, clock }: Settings): Promise<void> {
  const limit = new AbortController();
  const limitMs = leaseMs * 0.9; // the rest is for the answer
  const timer = clock.setTimeout(() => limit.abort(new HandlerTimeoutError(`no end after ${limitMs} ms`)), limitMs);
  try {
    await handle(delivery, limit.signal);
  } finally {
    clock.clearTimeout(timer);
  }
}

function checked(options: ConsumerOptions): Settings {
  const isHopeless = (error: unknown): boolean => error instanceof MessageRefusedError;
  const settings = { maxDeliveries: 5, isHopeless, leaseMs: 30_000, retryMs: 1_000, maxRetryMs: 60_000, clock: systemClock, random: Math.random, ...options };
  const { maxDeliveries, leaseMs, retryMs, maxRetryMs } = settings;
  requireAll({ maxDeliveries }, isCount, 'a positive integer');
  requireAll({ leaseMs, retryMs, maxRetryMs }, isTimer, 'above 0 and below 2147483648');
  return settings;
}
