import type { WorkQueue } from './contract.ts';
import type { Handle } from './competing-consumers.ts';

/** Wrong, to compare with: acknowledges on receipt, so what it dies of or fails at is gone. */
export async function acknowledgeFirst<Body>(queue: WorkQueue<Body>, handle: Handle<Body>, signal: AbortSignal, leaseMs: number): Promise<void> {
  for (;;) {
    const delivery = await queue.receive(leaseMs, signal);
    await queue.acknowledge(delivery);
    await (async () => handle(delivery, signal))().catch(() => {});
  }
}

/** Wrong, to compare with: never renews its lease, so work that takes longer is done by the next one too. */
export async function leaseOnce<Body>(queue: WorkQueue<Body>, handle: Handle<Body>, signal: AbortSignal, leaseMs: number): Promise<void> {
  for (;;) {
    const delivery = await queue.receive(leaseMs, signal);
    try {
      await handle(delivery, signal);
      await queue.acknowledge(delivery);
    } catch {
      await queue.giveBack(delivery, 1_000);
    }
  }
}
