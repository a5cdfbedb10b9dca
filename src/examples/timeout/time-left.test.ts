import { describe, expect, test } from 'vitest';
import { deadlineFrom, timeLeft } from './time-left.ts';

const at = (nowMs: number) => ({ now: () => nowMs });

describe('time left', () => {
  test('goes over the wire as a length and comes back as a time on the other clock', () => {
    const header = timeLeft(10_250, at(10_000));
    expect(header).toBe('250m');
    expect(deadlineFrom(header, 5_000, at(777_000))).toBe(777_250);
  });

  test('is never more than is left', () => {
    expect(timeLeft(10_250.9, at(10_000))).toBe('250m');
  });

  test('has at most eight digits', () => {
    expect(timeLeft(1e12, at(0))).toBe('99999999m');
  });

  test('must be something', () => {
    for (const untilMs of [10_000.9, 9_000, Number.NaN]) expect(() => timeLeft(untilMs, at(10_000))).toThrow('at least 1 ms must be left');
  });
});

describe('deadline', () => {
  test('understands every unit of gRPC', () => {
    const headers = ['2H', '2M', '2S', '2m', '2000u', '2000000n'];
    expect(headers.map((header) => deadlineFrom(header, Infinity, at(1_000)))).toEqual([7_201_000, 121_000, 3_000, 1_002, 1_002, 1_002]);
  });

  test('is the server’s own where the caller names none or asks for more', () => {
    for (const header of [undefined, null, '1H', '99999999H']) expect(deadlineFrom(header, 5_000, at(1_000))).toBe(6_000);
  });

  test('refuses what is no length of time', () => {
    for (const header of ['', '5', 'm', '-5m', '5ms', '1.5S', '0m', '123456789m', '5m, 6m']) expect(() => deadlineFrom(header, 5_000, at(0)), header).toThrow(`current value is "${header}"`);
  });
});
