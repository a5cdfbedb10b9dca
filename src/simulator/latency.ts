/** How long something takes, drawn anew for each time. The shapes are those of `RandomStream`; all values are milliseconds. */
import type { RandomStream } from './random-stream.ts';

export type Latency = (random: RandomStream) => number;

export function constantLatency(ms: number): Latency {
  return () => ms;
}

export function uniformLatency(fromMs: number, untilMs: number): Latency {
  return (random) => random.uniform(fromMs, untilMs);
}

/** Memoryless: many short ones, a few long ones. The standard deviation equals the mean. */
export function exponentialLatency(meanMs: number): Latency {
  return (random) => random.exponential(meanMs);
}

/** What services look like when nothing is wrong. `sigma` 0.5 puts the p99 at 3.2 times the median, 1 at 10 times. */
export function lognormalLatency(medianMs: number, sigma: number): Latency {
  return (random) => random.lognormal(medianMs, sigma);
}

/** Heavy tail: below an `alpha` of 2 there is no variance, below 1 no mean. */
export function paretoLatency(leastMs: number, alpha: number): Latency {
  return (random) => random.pareto(leastMs, alpha);
}

/** A fast path and a slow one, such as hit and miss. @param slowShare from 0 to 1 */
export function bimodalLatency(fast: Latency, slow: Latency, slowShare: number): Latency {
  return (random) => (random.chance(slowShare) ? slow : fast)(random);
}
