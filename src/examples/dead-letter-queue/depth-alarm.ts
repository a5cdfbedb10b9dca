import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { isTimer, requireAll } from './contract.ts';
import type { DeadLetters } from './contract.ts';

export interface Alarm {
  count: number;
  /** Time since the oldest letter died. */
  oldestMs: number;
  byReason: Partial<Record<string, number>>;
}

export interface AlarmOptions {
  /** Age of the oldest letter at which somebody is told again; well below what the store keeps. A day when left out. */
  mostAgeMs?: number;
  everyMs?: number;
  clock?: Clock;
  /** The letters could not be counted: that is worth an alarm of its own. Must not throw. */
  onError?: (error: unknown) => void;
}

// #region watch
/** Tells when letters have come, and once more when the oldest has lain too long. Never resolves; rejects with the signal's reason. */
export async function watch(deadLetters: Pick<DeadLetters<unknown>, 'list'>, alarm: (alarm: Alarm) => void, signal: AbortSignal, options: AlarmOptions = {}): Promise<never> {
  const { mostAgeMs = 86_400_000, everyMs = 60_000, clock = systemClock, onError = () => {} } = options;
  requireAll({ mostAgeMs, everyMs }, isTimer, 'above 0 and below 2147483648');
  let [known, wasOld] = [new Set<string>(), false];
  for (;;) {
    try {
      const letters = await deadLetters.list();
      const oldestMs = letters.length === 0 ? 0 : clock.now() - letters[0]!.diedMs;
      const byReason: Alarm['byReason'] = {};
      for (const { reason } of letters) byReason[reason] = (byReason[reason] ?? 0) + 1;
      const isOld = oldestMs > mostAgeMs;
      // Not their number: what is sent again and dies again leaves that as it was.
      const keys = new Set(letters.map(({ message: { id, redrives } }) => `${id} ${redrives}`));
      if ([...keys].some((key) => !known.has(key)) || (isOld && !wasOld)) alarm({ count: letters.length, oldestMs, byReason });
      [known, wasOld] = [keys, isOld];
    } catch (error) {
      onError(error);
    }
    await clock.sleep(everyMs, signal);
  }
}
// #endregion watch
