import { expect, test } from 'vitest';
import { BitWriter, bitReader, codeSmall, codeWithin } from './bits.ts';
import type { BitCoder } from './bits.ts';
import { chanceFrom } from './sample-chance.ts';

function bitsOf(write: (coder: BitCoder) => void): number {
  let sum = 0;
  write((bits, given) => {
    sum += bits;
    return given;
  });
  return sum;
}

test('bits come out as they went in, up to 18 at once', () => {
  const next = chanceFrom(1);
  const given = Array.from({ length: 5_000 }, () => {
    const bits = next() % 19;
    return { bits, number: next() % 2 ** bits };
  });
  const writer = new BitWriter();
  for (const { bits, number } of given) writer.code(bits, number);
  const reader = bitReader(writer.text());
  expect(given.filter(({ bits, number }) => reader(bits, 0) !== number)).toEqual([]);
});

test('every number in a room comes out as it went in, and none takes a bit more than it must', () => {
  for (let room = 1; room <= 130; room += 1) {
    const writer = new BitWriter();
    for (let number = 0; number < room; number += 1) codeWithin(writer.code, room, number);
    const reader = bitReader(writer.text());
    expect(Array.from({ length: room }, () => codeWithin(reader, room, 0)), `room ${room}`).toEqual(Array.from({ length: room }, (_, number) => number));
    const costs = Array.from({ length: room }, (_, number) => bitsOf((coder) => codeWithin(coder, room, number)));
    // Kraft: a code that leaves nothing unused.
    expect(costs.reduce((sum, bits) => sum + 2 ** -bits, 0), `room ${room}`).toBe(1);
    expect(Math.max(...costs)).toBe(Math.ceil(Math.log2(room)));
  }
});

test('small numbers are short, and large ones come out too', () => {
  for (const usual of [0, 2, 5]) {
    const numbers = [...Array.from({ length: 300 }, (_, number) => number), 70_000];
    const writer = new BitWriter();
    for (const number of numbers) codeSmall(writer.code, usual, number);
    const reader = bitReader(writer.text());
    expect(numbers.map(() => codeSmall(reader, usual, 0))).toEqual(numbers);
    expect(bitsOf((coder) => codeSmall(coder, usual, 0))).toBe(usual + 1);
  }
});

test('a number that needs more bits than it gets is not written', () => {
  for (const [bits, number] of [[1, 2], [3, 8], [0, 1], [4, -1]] as const) expect(() => new BitWriter().code(bits, number)).toThrow(RangeError);
});

test('behind the end stand zeros', () => {
  const reader = bitReader('%');
  reader(6, 0);
  expect([reader(18, 0), codeSmall(reader, 2, 0)]).toEqual([0, 0]);
});

test('the text needs no escapes in JSON', () => {
  const next = chanceFrom(3);
  const writer = new BitWriter();
  for (let at = 0; at < 20_000; at += 1) writer.code(6, next() % 64);
  const text = writer.text();
  expect(JSON.stringify(text)).toHaveLength(text.length + 2);
  expect(new Set(text).size).toBe(64);
});
