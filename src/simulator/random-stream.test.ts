/** Checks of distributions with fixed seeds; each bound is about five standard errors wide, so that a wrong shape cannot pass. */
import { describe, expect, test } from 'vitest';
import { RandomStream } from './random-stream.ts';
import { Simulation } from './simulation.ts';

const draws = 200_000;

function sample(draw: (random: RandomStream) => number, seed = 1): number[] {
  const random = new RandomStream(seed, 'sample');
  return Array.from({ length: draws }, () => draw(random)).sort((one, other) => one - other);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}

function variance(values: readonly number[]): number {
  const middle = mean(values);
  return mean(values.map((each) => (each - middle) ** 2));
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.floor(share * sorted.length)] ?? Number.NaN;
}

/** Within a share of the truth. */
function expectNear(value: number, truth: number, share: number): void {
  expect(Math.abs(value / truth - 1), `${value} against ${truth}`).toBeLessThan(share);
}

/** Pearson's statistic against equal shares, as a number of standard deviations from its mean (Wilson and Hilferty). */
function chiSquareDeviation(counts: readonly number[]): number {
  const expected = mean(counts);
  const freedom = counts.length - 1;
  const statistic = counts.reduce((sum, each) => sum + (each - expected) ** 2 / expected, 0);
  return ((statistic / freedom) ** (1 / 3) - (1 - 2 / (9 * freedom))) / Math.sqrt(2 / (9 * freedom));
}

describe('next', () => {
  test.each([1, 2, 3])('is even over 1000 cells, and over 32 × 32 cells of neighbours, seed %i', (seed) => {
    const random = new RandomStream(seed, 'cells');
    const [cells, pairs] = [new Array<number>(1000).fill(0), new Array<number>(1024).fill(0)];
    let before = random.below(32);
    let outside = 0;
    for (let draw = 0; draw < draws; draw++) {
      const value = random.next();
      if (!(value >= 0 && value < 1)) outside++;
      const cell = Math.floor(value * 1000);
      cells[cell] = (cells[cell] ?? 0) + 1;
      const now = Math.floor(value * 32);
      pairs[before * 32 + now] = (pairs[before * 32 + now] ?? 0) + 1;
      before = now;
    }
    expect(outside).toBe(0);
    expect(Math.abs(chiSquareDeviation(cells))).toBeLessThan(4);
    expect(Math.abs(chiSquareDeviation(pairs))).toBeLessThan(4);
  });

  test('the first draws of streams with numbered names, and of neighbouring seeds, are even too', () => {
    for (const first of [(at: number) => new Simulation(1).stream('request', at), (at: number) => new RandomStream(at, 'request')]) {
      const cells = new Array<number>(100).fill(0);
      for (let at = 0; at < 50_000; at++) {
        const cell = first(at).below(100);
        cells[cell] = (cells[cell] ?? 0) + 1;
      }
      expect(Math.abs(chiSquareDeviation(cells))).toBeLessThan(4);
    }
  });

  test('streams of different names, numbers or seeds have nothing to do with each other', () => {
    const streams = [new RandomStream(1, 'a'), new RandomStream(1, 'b'), new RandomStream(1, 'a/0'), new RandomStream(1, 'a/1'), new RandomStream(2, 'a'), new RandomStream(0, ''), new RandomStream(1, '')].map((stream) => Array.from({ length: 20_000 }, stream.next));
    for (const [at, one] of streams.entries()) {
      for (const other of streams.slice(at + 1)) {
        const correlation = mean(one.map((value, draw) => (value - 0.5) * ((other[draw] ?? 0) - 0.5))) * 12;
        // One standard error is 1 / sqrt(20 000) = 0.007.
        expect(Math.abs(correlation)).toBeLessThan(0.03);
      }
    }
  });

  test('names that look alike give different streams', () => {
    const simulation = new Simulation(7);
    const firsts = new Set<number>();
    for (let request = 0; request < 300; request++) for (let attempt = 0; attempt < 300; attempt++) firsts.add(simulation.stream('call', request, attempt).next());
    expect(firsts.size).toBe(90_000);
  });
});

test('drawing from one stream leaves the others where they are', () => {
  const simulation = new Simulation(5);
  const quiet = Array.from({ length: 10 }, simulation.stream('service').next);
  const [busy, service] = [simulation.stream('arrivals'), simulation.stream('service')];
  expect(Array.from({ length: 10 }, () => {
    for (let draw = 0; draw < 7; draw++) busy.exponential(3);
    return service.next();
  })).toEqual(quiet);
});

test('chance and below keep their shares', () => {
  expectNear(mean(sample((random) => Number(random.chance(0.1)))), 0.1, 0.04);
  expect([sample((random) => Number(random.chance(0))).at(-1), sample((random) => Number(random.chance(1)))[0]]).toEqual([0, 1]);
  const cells = new Array<number>(7).fill(0);
  for (const value of sample((random) => random.below(7))) cells[value] = (cells[value] ?? 0) + 1;
  expect(cells).toHaveLength(7);
  expect(Math.abs(chiSquareDeviation(cells))).toBeLessThan(4);
});

test('uniform: mean, variance and ends', () => {
  const values = sample((random) => random.uniform(10, 30));
  expectNear(mean(values), 20, 0.004);
  expectNear(variance(values), 400 / 12, 0.015);
  expect(values[0]).toBeGreaterThanOrEqual(10);
  expect(values.at(-1)).toBeLessThanOrEqual(30);
  expectNear(quantile(values, 0.25), 15, 0.006);
});

test('exponential: mean, variance and quantiles −m ln(1 − p)', () => {
  const values = sample((random) => random.exponential(40));
  expectNear(mean(values), 40, 0.0115);
  expectNear(variance(values), 1600, 0.035);
  for (const share of [0.1, 0.5, 0.9, 0.99]) expectNear(quantile(values, share), -40 * Math.log(1 - share), 0.04);
});

test('lognormal: median, mean m exp(σ²/2), variance and p99 m exp(2.326 σ)', () => {
  const values = sample((random) => random.lognormal(80, 0.5));
  expectNear(quantile(values, 0.5), 80, 0.008);
  expectNear(mean(values), 80 * Math.exp(0.125), 0.006);
  expectNear(variance(values), (Math.exp(0.25) - 1) * 80 ** 2 * Math.exp(0.25), 0.06);
  expectNear(quantile(values, 0.99), 80 * Math.exp(0.5 * 2.3263), 0.025);
  expectNear(quantile(values, 0.01), 80 * Math.exp(-0.5 * 2.3263), 0.025);
});

test('pareto: least value, mean, and quantiles l (1 − p)^(−1/α)', () => {
  const values = sample((random) => random.pareto(10, 3));
  expect(values[0]).toBeGreaterThanOrEqual(10);
  expectNear(mean(values), 15, 0.01);
  for (const share of [0.5, 0.9, 0.99]) expectNear(quantile(values, share), 10 * (1 - share) ** (-1 / 3), 0.04);
  const heavy = sample((random) => random.pareto(10, 1.2));
  expectNear(quantile(heavy, 0.99), 10 * 0.01 ** (-1 / 1.2), 0.1);
});

test('all delays are multiples of 1/1024 ms', () => {
  for (const draw of [(random: RandomStream) => random.uniform(0, 1), (random: RandomStream) => random.exponential(1), (random: RandomStream) => random.lognormal(1, 1), (random: RandomStream) => random.pareto(1, 2)]) {
    const values = sample(draw);
    expect(values.every((value) => Number.isInteger(value * 1024))).toBe(true);
    expect(new Set(values).size).toBeGreaterThan(500);
  }
});

test('the numbers themselves are the same for ever', () => {
  const random = new RandomStream(1, 'golden');
  expect([random.next(), random.below(1000), random.exponential(10), random.lognormal(10, 1), random.pareto(10, 2), random.uniform(0, 10)]).toMatchInlineSnapshot(`
    [
      0.6087483588816951,
      313,
      2.2734375,
      5.4560546875,
      37.4794921875,
      0.083984375,
    ]
  `);
});
