import { expect, test } from 'vitest';
import { averageRunning, refusedShare, slotsFor } from './sizing.ts';

test('slots in use on average: rate times holding time', () => {
  expect(averageRunning(20, 200)).toBe(4);
  expect(averageRunning(0, 200)).toBe(0);
});

test('the refused share is that of the formula written out', () => {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  const term = (k: number, load: number): number => load ** k / factorial(k);
  for (const [slots, load] of [[1, 0.5], [4, 4], [10, 4], [20, 12]] as const) {
    const sum = Array.from({ length: slots + 1 }, (_, k) => term(k, load)).reduce((a, b) => a + b);
    expect(refusedShare(slots, load)).toBeCloseTo(term(slots, load) / sum, 12);
  }
});

test('no slots refuse everything, no load nothing', () => {
  expect(refusedShare(0, 4)).toBe(1);
  expect(refusedShare(3, 0)).toBe(0);
});

test('the figures on the page: the average is far too small, and splitting a pool costs slots', () => {
  expect(refusedShare(4, 4)).toBeCloseTo(0.311, 3);
  expect(refusedShare(5, 4)).toBeCloseTo(0.199, 3);
  expect(slotsFor(4, 0.01)).toBe(10);
  expect(slotsFor(12, 0.01)).toBe(20);
});

test('the fewest slots are enough, and one less is not', () => {
  for (const [load, most] of [[0.1, 1], [0.1, 0.01], [4, 0.01], [200, 0.001]] as const) {
    const slots = slotsFor(load, most);
    expect(refusedShare(slots, load)).toBeLessThanOrEqual(most);
    if (slots > 1) expect(refusedShare(slots - 1, load)).toBeGreaterThan(most);
  }
});

test('refuses what is no load or no share', () => {
  expect(() => slotsFor(0, 0.01)).toThrow('running must be above 0 and at most 1000000: current value is 0');
  expect(() => slotsFor(Number.NaN, 0.01)).toThrow('current value is NaN');
  expect(() => slotsFor(Infinity, 0.01)).toThrow('current value is Infinity');
  // It counts one slot after the other, and would not come back.
  expect(() => slotsFor(1e300, 0.01)).toThrow('current value is 1e+300');
  for (const value of [-1, Number.NaN, Infinity]) {
    expect(() => averageRunning(value, 200)).toThrow(`callsPerSecond must be finite and not negative: current value is ${value}`);
    expect(() => averageRunning(20, value)).toThrow(`holdMs must be finite and not negative: current value is ${value}`);
    expect(() => refusedShare(4, value)).toThrow(`running must be finite and not negative: current value is ${value}`);
  }
  for (const slots of [-1, 2.5, Number.NaN, Infinity]) expect(() => refusedShare(slots, 4)).toThrow(`slots must be an integer of at least 0: current value is ${slots}`);
  expect(() => slotsFor(4, 0)).toThrow('mostRefused must be above 0 and at most 1: current value is 0');
  expect(() => slotsFor(4, 1.5)).toThrow('current value is 1.5');
});
