/** What a reader should be told beside counts. */
import type { Recorder } from './recorder.ts';

/**
 * Throughput is all that was answered; goodput what was answered while somebody still wanted it. Overload shows in the gap.
 * Counts `throughput` and, within the limit, `goodput`, and adds `latency`.
 */
export function recordAnswer(record: Recorder, tookMs: number, usefulMs: number): void {
  record.count('throughput');
  if (tookMs <= usefulMs) record.count('goodput');
  record.duration('latency', tookMs);
}

/** How many calls were made for each that was wanted: 1 without retries, 3 when each is tried three times. 1 when nothing was wanted. */
export function loadAmplification({ attempts = 0, offered = 0 }: Readonly<Record<string, number>>): number {
  return offered === 0 ? 1 : attempts / offered;
}
