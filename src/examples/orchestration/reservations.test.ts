import { beforeEach, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { Reservations } from './reservations.ts';

let clock: VirtualClock;
let stock: Reservations;
beforeEach(() => {
  clock = new VirtualClock();
  stock = new Reservations(5, { holdMs: 1_000, clock });
});

test('what is reserved and confirmed is taken, however often each is said', async () => {
  for (let copy = 0; copy < 2; copy += 1) stock.reserve('o1', 2);
  for (let copy = 0; copy < 2; copy += 1) stock.confirm('o1');
  stock.reserve('o1', 2);
  await clock.advance(10_000);
  expect(stock.free).toBe(3);
});

test('what is cancelled is free again, once', () => {
  stock.reserve('o1', 2);
  for (let copy = 0; copy < 2; copy += 1) stock.cancel('o1');
  expect(stock.free).toBe(5);
  expect(() => stock.confirm('o1')).toThrow('o1 is cancelled');
});

test('what nobody confirms is free at its time, not before, and is not confirmed after that', async () => {
  stock.reserve('o1', 5);
  await clock.advance(999);
  expect(stock.free).toBe(0);
  await clock.advance(1);
  expect(() => stock.confirm('o1')).toThrow('o1 is expired');
  expect(() => stock.reserve('o1', 5)).toThrow('o1 is expired');
  stock.cancel('o1');
  stock.reserve('o2', 5);
  expect(stock.free).toBe(0);
});

test('cancelled before it was tried: nothing is given back, and the late try is refused', () => {
  stock.cancel('o1');
  expect(() => stock.reserve('o1', 2)).toThrow('o1 is cancelled');
  expect(stock.free).toBe(5);
});

test('a refusal stays one, although there is enough by now', () => {
  stock.reserve('o1', 4);
  expect(() => stock.reserve('o2', 2)).toThrow('o2 is refused');
  stock.cancel('o1');
  expect(() => stock.reserve('o2', 2)).toThrow('o2 is refused');
  stock.cancel('o2');
  expect(stock.free).toBe(5);
  expect(() => stock.confirm('o2')).toThrow('o2 is refused');
  expect(() => stock.confirm('o9')).toThrow('o9 is not reserved');
});

test('what is confirmed cannot be cancelled', () => {
  stock.reserve('o1', 2);
  stock.confirm('o1');
  expect(() => stock.cancel('o1')).toThrow('o1 is confirmed');
  expect(stock.free).toBe(3);
});

test('refuses options that make no sense', () => {
  for (const pieces of [-1, 1.5]) expect(() => new Reservations(pieces, { holdMs: 1 })).toThrow(`pieces must be a whole number from 0: current value is ${pieces}`);
  for (const holdMs of [0, Infinity]) expect(() => new Reservations(1, { holdMs })).toThrow(`holdMs must be above 0 and finite: current value is ${holdMs}`);
});
