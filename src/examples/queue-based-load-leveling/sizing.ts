import { requireAll } from './contract.ts';

const isRate = (value: number): boolean => value > 0 && value < Infinity;
const isTime = (value: number): boolean => value >= 0 && value < Infinity;

// #region sizing
/** More must not wait, or the last of them waits for longer than was promised (Little's law). */
export function placesFor({ promiseMs, drainPerSecond }: { promiseMs: number; drainPerSecond: number }): number {
  requireAll({ promiseMs }, isTime, 'a number of at least 0');
  requireAll({ drainPerSecond }, isRate, 'a positive number');
  return Math.floor(promiseMs / 1_000 * drainPerSecond);
}

/**
 * What a peak leaves behind: how many wait at its end, how long the last of them waits,
 * and how long until the queue is empty again. Infinity: never, it is no peak.
 */
export function afterPeak(
  { peakPerSecond, peakMs, basePerSecond, drainPerSecond }:
  { peakPerSecond: number; peakMs: number; basePerSecond: number; drainPerSecond: number },
): { waiting: number; longestMs: number; emptyAfterMs: number } {
  requireAll({ peakPerSecond, drainPerSecond }, isRate, 'a positive number');
  requireAll({ peakMs, basePerSecond }, isTime, 'a number of at least 0');
  const waiting = Math.max(0, peakPerSecond - drainPerSecond) * peakMs / 1_000;
  const spare = drainPerSecond - basePerSecond;
  const emptyAfterMs = waiting === 0 ? 0 : spare > 0 ? waiting / spare * 1_000 : Infinity;
  return { waiting, longestMs: waiting / drainPerSecond * 1_000, emptyAfterMs };
}
// #endregion sizing
