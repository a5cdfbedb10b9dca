import { systemClock } from '../clock.ts';
import { ViewBehindError } from './contract.ts';
import type { Found, Position, WaitOptions } from './contract.ts';

export * from './contract.ts';
export { handle, localFeed, remoteFeed } from './orders.ts';
export type { OrderCommand } from './orders.ts';
export { overviewProjection, readOverview, sumUpOrders } from './overview.ts';
export type { Overview } from './overview.ts';
export { Projector } from './projector.ts';

// #region read-at-least
/**
 * Read your writes: asks until the view has come to the position that a command returned.
 * @param read one query that gives the view and its position in the same snapshot
 * @throws ViewBehindError when `waitMs` is over: show what it has found and say so, or ask the write side
 */
export async function readAtLeast<View>(wanted: Position, read: () => Promise<Found<View>>, options: WaitOptions = {}): Promise<Found<View>> {
  const { waitMs = 1_000, pollMs = 25, clock = systemClock, onEvent = () => {}, signal } = options;
  requireThat('wanted', wanted, Number.isSafeInteger(wanted) && wanted >= 0, 'a position');
  requireThat('waitMs', waitMs, waitMs >= 0 && waitMs < 2 ** 31, 'between 0 and 2147483647');
  requireThat('pollMs', pollMs, pollMs > 0 && pollMs < 2 ** 31, 'above 0 and up to 2147483647');
  const endMs = clock.now() + waitMs;
  for (;;) {
    signal?.throwIfAborted();
    const found = await read();
    const isCurrent = found.position >= wanted;
    onEvent({ type: isCurrent ? 'current' : 'behind', position: found.position, wanted });
    if (isCurrent) return found;
    const leftMs = endMs - clock.now();
    if (leftMs <= 0) throw new ViewBehindError(found, wanted, waitMs);
    await clock.sleep(Math.min(pollMs, leftMs), signal);
  }
}
// #endregion read-at-least

function requireThat(name: string, value: unknown, holds: boolean, rule: string): void {
  if (!holds) throw new RangeError(`Cannot wait for the view as '${name}' must be ${rule}: current value is ${value}`);
}
