import { expect, test } from 'vitest';
import { Histogram } from './histogram.ts';
import { RandomStream } from './random-stream.ts';

test.each([['exponential', (random: RandomStream) => random.exponential(80)], ['heavy', (random: RandomStream) => random.pareto(1, 1.1)], ['tiny', (random: RandomStream) => random.uniform(0, 2)]] as const)('quantiles of %s durations are at most 1.6 %% of (1 + ms) off', (_, draw) => {
  const random = new RandomStream(1, 'durations');
  const histogram = new Histogram();
  const values = Array.from({ length: 5000 }, () => draw(random));
  for (const value of values) histogram.add(value);
  values.sort((one, other) => one - other);
  for (const share of [0.001, 0.25, 0.5, 0.9, 0.99, 0.999, 1]) {
    const truth = values[Math.ceil(share * 5000) - 1] ?? Number.NaN;
    expect(Math.abs(histogram.quantileMs(share) - truth) / (1 + truth)).toBeLessThan(1 / 64);
  }
  expect([histogram.count, histogram.maxMs]).toEqual([5000, values.at(-1)]);
  expect(histogram.meanMs).toBeCloseTo(values.reduce((sum, each) => sum + each, 0) / 5000, 6);
});

test('nothing counted is 0, and so is a duration of 0', () => {
  const histogram = new Histogram();
  expect([histogram.quantileMs(0.5), histogram.meanMs, histogram.maxMs]).toEqual([0, 0, 0]);
  histogram.add(0);
  expect([histogram.quantileMs(0), histogram.quantileMs(0.99), histogram.count]).toEqual([0, 0, 1]);
});
