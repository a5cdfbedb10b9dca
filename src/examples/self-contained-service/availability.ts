/** Shares of time from 0 to 1. Faults are taken as independent; common causes make the real number worse, or better. */

// #region availability
/** Of something that needs all of these at the same moment. */
export function inSeries(availabilities: readonly number[]): number {
  availabilities.forEach(requireShare);
  return availabilities.reduce((product, each) => product * each, 1);
}

/**
 * Of a neighbour whose copy may be `maxAgeMs` old: only the time beyond counts.
 * Where outages are of exponential length, that is e^(-maxAge/mean) of their time.
 */
export function withCopy(
  availability: number, meanOutageMs: number, maxAgeMs: number,
): number {
  requireShare(availability);
  requirePositive({ meanOutageMs, maxAgeMs });
  return 1 - (1 - availability) * Math.exp(-maxAgeMs / meanOutageMs);
}

export function downtimeMs(availability: number, periodMs: number): number {
  requireShare(availability);
  requirePositive({ periodMs });
  return (1 - availability) * periodMs;
}
// #endregion availability

function requireShare(share: number): void {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`An availability must be from 0 to 1: current value is ${share}`);
}

function requirePositive(durations: Record<string, number>): void {
  for (const [name, ms] of Object.entries(durations)) {
    if (!(ms > 0)) throw new RangeError(`'${name}' must be above 0: current value is ${ms}`);
  }
}
