import type { Clock } from '../clock.ts';

/**
 * The time that is left, as gRPC puts it into the header `grpc-timeout`: at most eight digits and a unit.
 * It travels as a length, not as a time of day, because the clocks of two machines differ;
 * what the way takes is not in it. https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
const unitsMs: Record<string, number> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 };
const mostDigits = 99_999_999;

// #region wire
/**
 * For the caller: never more than is left.
 * @throws RangeError when less than 1 ms is left: do not call
 */
export function timeLeft(untilMs: number, clock: Pick<Clock, 'now'>): string {
  const leftMs = Math.floor(untilMs - clock.now());
  if (!(leftMs >= 1)) throw new RangeError(`at least 1 ms must be left: current value is ${leftMs}`);
  return `${Math.min(leftMs, mostDigits)}m`;
}

/**
 * For the side that is called: a time on its own clock, at most `mostMs` from now, also where the
 * caller named none or asks for more.
 * @throws RangeError for what is no length of time: answer 400
 */
export function deadlineFrom(
  header: string | null | undefined, mostMs: number, clock: Pick<Clock, 'now'>,
): number {
  if (header === null || header === undefined) return clock.now() + mostMs;
  const [, digits, unit = ''] = /^(\d{1,8})([HMSmun])$/.exec(header) ?? [];
  const givenMs = Number(digits) * (unitsMs[unit] ?? Number.NaN);
  if (!(givenMs > 0)) throw new RangeError(`grpc-timeout must be 1 to 8 digits, not zero, and one of H M S m u n: current value is "${header}"`);
  return clock.now() + Math.min(givenMs, mostMs);
}
// #endregion wire
