import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { isCount, isTimer, requireAll } from './contract.ts';
import type { DeadLetter, DeadLetters, Message } from './contract.ts';

export interface RedriveOptions<Body> {
  /** Which letters; all when left out. */
  which?: (letter: DeadLetter<Body>) => boolean;
  /** A letter that was sent again so often stays where it is: its cause is not mended. 3 when left out. */
  maxRedrives?: number;
  /** Letters a second, so that a mended consumer does not drown in what it missed. 10 when left out. */
  perSecond?: number;
  clock?: Clock;
}

export interface Redriven { sent: number; kept: number }

// #region redrive
/**
 * Sends dead letters back to where they came from; each has a new life there, with all its attempts.
 * @throws whatever `send` throws, or the signal's reason: what is not sent by then stays a dead letter
 */
export async function redrive<Body>(deadLetters: DeadLetters<Body>, send: (origin: string, message: Message<Body>) => Promise<void>, signal: AbortSignal, options: RedriveOptions<Body> = {}): Promise<Redriven> {
  const { which = () => true, maxRedrives = 3, perSecond = 10, clock = systemClock } = options;
  requireAll({ maxRedrives }, isCount, 'a positive integer');
  requireAll({ perSecond }, (value) => isTimer(1_000 / value), 'a positive number whose pause a timer can hold');
  const redriven = { sent: 0, kept: 0 };
  // Listed once: what dies again in the meantime waits for another decision, and not for this loop.
  for (const letter of await deadLetters.list()) {
    const { message, origin } = letter;
    if (!which(letter) || message.redrives >= maxRedrives) {
      redriven.kept += 1;
      continue;
    }
    signal.throwIfAborted();
    await send(origin, { ...message, redrives: message.redrives + 1 });
    // Sent first: a death in between leaves it twice, and never nowhere.
    await deadLetters.remove(letter);
    redriven.sent += 1;
    await clock.sleep(1_000 / perSecond, signal);
  }
  return redriven;
}
// #endregion redrive
