import { expect, test } from 'vitest';
import { bimodalLatency, constantLatency, exponentialLatency, lognormalLatency, paretoLatency, uniformLatency } from './latency.ts';
import type { Latency } from './latency.ts';
import { RandomStream } from './random-stream.ts';

function sample(latency: Latency): number[] {
  const random = new RandomStream(1, 'latency');
  return Array.from({ length: 50_000 }, () => latency(random)).sort((one, other) => one - other);
}

test.each<[string, Latency, number, number]>([
  ['constant', constantLatency(20), 20, 20],
  ['uniform', uniformLatency(10, 30), 20, 29.8],
  ['exponential', exponentialLatency(20), 20 * Math.LN2, 20 * Math.log(100)],
  ['lognormal', lognormalLatency(20, 0.5), 20, 20 * 3.2],
  ['Pareto', paretoLatency(20, 2), 20 * Math.SQRT2, 200],
  ['bimodal', bimodalLatency(constantLatency(5), exponentialLatency(100), 0.1), 5, 100 * Math.log(10)],
])('%s latency has its median and its 99th percentile', (_, latency, median, p99) => {
  const values = sample(latency);
  expect(Math.abs((values[25_000] ?? 0) / median - 1)).toBeLessThan(0.03);
  expect(Math.abs((values[49_500] ?? 0) / p99 - 1)).toBeLessThan(0.06);
});

test('the slow path has its share', () => {
  const slow = sample(bimodalLatency(constantLatency(5), constantLatency(500), 0.1)).filter((ms) => ms === 500).length;
  expect(Math.abs(slow / 50_000 - 0.1)).toBeLessThan(0.007);
});
