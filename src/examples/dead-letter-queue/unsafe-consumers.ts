import type { DeadLetters, Delivery, Queue } from './contract.ts';
import type { Handle } from './dead-letter-queue.ts';

/** Wrong, to compare with: what fails goes back at once, for ever. */
export function requeue<Body>(queue: Queue<Body>, handle: Handle<Body>, signal: AbortSignal, leaseMs: number): Promise<void> {
  return work(queue, handle, signal, leaseMs, (delivery) => queue.giveBack(delivery, 0));
}

/** Wrong, to compare with: what fails is acknowledged, and a line in the log is all that is left of it. */
export function forget<Body>(queue: Queue<Body>, handle: Handle<Body>, signal: AbortSignal, leaseMs: number): Promise<void> {
  return work(queue, handle, signal, leaseMs, (delivery) => queue.acknowledge(delivery));
}

/** Wrong, to compare with: counts in its own memory, which is new after each death. */
export function countInMemory<Body>(queue: Queue<Body>, deadLetters: Pick<DeadLetters<Body>, 'put'>, handle: Handle<Body>, signal: AbortSignal, leaseMs: number, maxDeliveries: number): Promise<void> {
  const attempts = new Map<string, number>();
  return work(queue, handle, signal, leaseMs, async (delivery, error) => {
    const { message, message: { id } } = delivery;
    const count = (attempts.get(id) ?? 0) + 1;
    attempts.set(id, count);
    if (count < maxDeliveries) return queue.giveBack(delivery, 500 * 2 ** (count - 1));
    attempts.delete(id);
    await deadLetters.put({ message, origin: queue.name, reason: 'exhausted', error: String(error), deliveries: count, diedMs: 0 });
    return queue.acknowledge(delivery);
  });
}

async function work<Body>(queue: Queue<Body>, handle: Handle<Body>, signal: AbortSignal, leaseMs: number, failed: (delivery: Delivery<Body>, error: unknown) => Promise<unknown>): Promise<void> {
  for (;;) {
    const delivery = await queue.receive(leaseMs, signal);
    try {
      await handle(delivery, signal);
    } catch (error) {
      await failed(delivery, error);
      continue;
    }
    await queue.acknowledge(delivery);
  }
}
