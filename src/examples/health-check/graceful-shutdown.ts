import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { within } from './within.ts';

export interface ShutdownOptions {
  health: { drain(): void };
  /** Time for everybody who sends traffic to notice; meanwhile requests are served as ever. */
  noticeMs: number;
  /** From the call until open work is cut off. With `giveBackMs` and closing it must fit into the platform's grace period. */
  deadlineMs: number;
  /** How long work that was cut off may take to give back what it holds. */
  giveBackMs?: number;
  /** Closes the port, stops reading from the queue. */
  stopIntake: () => unknown;
  /** Resolves when nothing is open any more. At the abort it gives back what it cannot finish, for example messages to their queue. */
  finish: (signal: AbortSignal) => Promise<unknown>;
  /** Pools, connections, files: last, because open work uses them. */
  close: () => unknown;
  clock?: Clock;
}

/** Timers hold their delay in 31 bits; a longer one fires at once. */
const longestMs = 2 ** 31 - 1;

/** Open work did not end before the deadline. */
export class ShutdownDeadlineError extends Error {
  override readonly name = 'ShutdownDeadlineError';
}

/**
 * Unready first, then intake, then open work, then the pools.
 * @returns whether everything was finished or some was cut off
 * @throws whatever `stopIntake`, `finish` or `close` throws; `close` is called in any case
 */
export async function shutDown({ health, noticeMs, deadlineMs, giveBackMs = 1_000, stopIntake, finish, close, clock = systemClock }: ShutdownOptions): Promise<'finished' | 'cut off'> {
  if (!(noticeMs >= 0)) throw new RangeError(`noticeMs must be at least 0: current value is ${noticeMs}`);
  if (!(deadlineMs > noticeMs && deadlineMs <= longestMs)) throw new RangeError(`deadlineMs must be more than noticeMs, ${noticeMs}, and at most ${longestMs}: current value is ${deadlineMs}`);
  if (!(giveBackMs >= 0 && giveBackMs <= longestMs)) throw new RangeError(`giveBackMs must be between 0 and ${longestMs}: current value is ${giveBackMs}`);
  // #region shutdown
  health.drain();
  let finishing: Promise<unknown> = Promise.resolve();
  try {
    await clock.sleep(noticeMs);
    const startMs = clock.now();
    const leftMs = (): number => Math.max(0, deadlineMs - noticeMs - (clock.now() - startMs));
    const tooLate = (): Error => new ShutdownDeadlineError(`open work did not end within ${deadlineMs} ms`);
    // A server that closes only after its last connection must not hold up the rest.
    await within(clock, leftMs(), async () => stopIntake(), tooLate).catch(unlessLate);
    await within(clock, leftMs(), (signal) => (finishing = finish(signal)), tooLate);
    return 'finished';
  } catch (error) {
    if (!(error instanceof ShutdownDeadlineError)) throw error;
    await within(clock, giveBackMs, () => finishing, () => error).catch(() => {});
    return 'cut off';
  } finally {
    await close();
  }
  // #endregion shutdown
}

function unlessLate(error: unknown): void {
  if (!(error instanceof ShutdownDeadlineError)) throw error;
}
