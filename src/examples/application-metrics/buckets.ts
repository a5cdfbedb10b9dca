// #region buckets
/** What a histogram keeps: `counts[i]` values above `bounds[i - 1]` and up to `bounds[i]`, and one count more for all above the last bound. */
export interface Buckets { readonly bounds: readonly number[]; readonly counts: readonly number[] }

/** Adds up what several instances counted. @throws RangeError where their bounds differ: then nobody knows what lies where */
export function merge(parts: readonly Buckets[]): Buckets {
  const bounds = parts[0]?.bounds ?? [];
  if (parts.some((part) => part.bounds.join() !== bounds.join())) throw new RangeError('only buckets with the same bounds can be merged');
  return { bounds, counts: [...bounds, Infinity].map((_, at) => parts.reduce((sum, { counts }) => sum + counts[at]!, 0)) };
}

/**
 * Between which bounds the value lies below which `share` (0 to 1) of all values are. That is all that buckets know: `estimate` is a
 * guess on a straight line between the two, as `histogram_quantile` of Prometheus makes it, and the last bound where there is none above.
 */
export function quantile({ bounds, counts }: Buckets, share: number): { above: number; upTo: number; estimate: number } | undefined {
  const rank = share * counts.reduce((sum, count) => sum + count, 0);
  let below = 0;
  for (const [at, count] of counts.entries()) {
    if (count > 0 && below + count >= rank) {
      const [above, upTo] = [bounds[at - 1] ?? 0, bounds[at] ?? Infinity];
      return { above, upTo, estimate: upTo === Infinity ? above : above + (upTo - above) * (rank - below) / count };
    }
    below += count;
  }
  return undefined;
}

/** The share of values up to `limit`, exact; nothing where there are none. @throws RangeError where the limit is not a bound: put a bound where you promise something */
export function shareWithin({ bounds, counts }: Buckets, limit: number): number | undefined {
  const at = bounds.indexOf(limit);
  if (at < 0) throw new RangeError(`limit must be one of the bounds ${bounds.join(', ')}: current value is ${limit}`);
  const sum = (some: readonly number[]): number => some.reduce((total, count) => total + count, 0);
  const all = sum(counts);
  return all > 0 ? sum(counts.slice(0, at + 1)) / all : undefined;
}
// #endregion buckets

// #region increase
/**
 * How far a counter went up over its samples, in order. A lower sample means that the process began anew at zero.
 * What was counted between the last sample and the restart is lost, so this is the least that it can have been.
 */
export function increase(samples: readonly number[]): number {
  return samples.reduce((sum, value, at) => {
    const before = samples[at - 1] ?? value;
    return sum + (value < before ? value : value - before);
  }, 0);
}
// #endregion increase

export function bucketsOf(bounds: readonly number[], values: readonly number[]): Buckets {
  const counts = Array.from({ length: bounds.length + 1 }, () => 0);
  for (const value of values) {
    const at = bounds.findIndex((bound) => value <= bound);
    counts[at < 0 ? bounds.length : at]! += 1;
  }
  return { bounds, counts };
}
