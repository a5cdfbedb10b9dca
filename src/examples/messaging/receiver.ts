import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { RequestRefusedError, isTimer, requireAll } from './contract.ts';
import type { Answer, Broker, Delivery } from './contract.ts';

/** Must be safe to repeat: `delivery.message.id` tells a repeat. What it returns is the answer, if one is wanted. */
export type Handle<Body, Result> = (body: Body, delivery: Delivery<Body>, signal: AbortSignal) => Promise<Result> | Result;

export interface ReceiverOptions {
  /** Longer than the slowest handler. 30 s when left out. */
  leaseMs?: number;
  /** Wait after a failure, of the handler or of the broker. 1 s when left out. */
  retryMs?: number;
  clock?: Clock;
  /** Must not throw. */
  onEvent?: (event: ReceiverEvent) => void;
}
export type ReceiverEvent =
  | { type: 'done' | 'refused' | 'late'; id: string }
  | { type: 'failed'; id: string; deliveries: number; error: unknown }
  | { type: 'error'; error: unknown };

// #region receive
/**
 * Takes one message after the other; start several for more. Resolves when `signal` has aborted and the message in hand is settled.
 * A message that fails comes again after `retryMs`, for as long as it takes: the broker has to set it aside some day.
 */
export async function receive<Body, Result>(broker: Broker, channel: string, handle: Handle<Body, Result>, signal: AbortSignal, options: ReceiverOptions = {}): Promise<void> {
  const { leaseMs = 30_000, retryMs = 1_000, clock = systemClock, onEvent } = options;
  requireAll({ leaseMs, retryMs }, isTimer, 'above 0 and below 2147483648');
  while (!signal.aborted) {
    try {
      const delivery = await broker.receive(channel, leaseMs, signal) as Delivery<Body>;
      const { message: { id, body, replyTo, correlationId, ttlMs }, deliveries } = delivery;
      let answer: Answer<Result>;
      try {
        answer = { result: await handle(body, delivery, signal) };
      } catch (error) {
        if (!(error instanceof RequestRefusedError)) {
          onEvent?.({ type: 'failed', id, deliveries, error });
          await broker.giveBack(channel, delivery, retryMs);
          continue;
        }
        answer = { refused: error.message };
      }
      // Answered first: a death in between makes a second answer, which nobody minds, and not a missing one.
      if (replyTo !== undefined) await broker.send(replyTo, { id: `answer to ${id}`, body: answer, ...(correlationId !== undefined && { correlationId }), ...(ttlMs !== undefined && { ttlMs }) });
      const kept = await broker.acknowledge(channel, delivery);
      onEvent?.({ type: kept ? ('refused' in answer ? 'refused' : 'done') : 'late', id });
    } catch (error) {
      if (error !== signal.reason) onEvent?.({ type: 'error', error });
      await clock.sleep(retryMs, signal).catch(() => {});
    }
  }
}
// #endregion receive
