import { expect, test } from 'vitest';
import { BitWriter, Odds, bitReader, whole } from './bit-coder.ts';
import { codeLevels, levelPoints } from './levels.ts';

const mostLevel = levelPoints.length - 1;

/** Numbers that look like chance and are the same each time. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 0x1_0000_0000;
  };
}

test('decisions come out as they went in, also those that nobody expected', () => {
  const next = chance(1);
  const made = Array.from({ length: 20_000 }, () => ({ odds: next() * whole, yes: next() < 0.3 }));
  const writer = new BitWriter();
  for (const { odds, yes } of made) writer.code(odds, yes);
  const reader = bitReader(writer.text());
  expect(made.filter(({ odds, yes }) => reader(odds, false) !== yes)).toEqual([]);
});

test('a decision that falls the same way each time costs next to nothing', () => {
  const [writer, odds] = [new BitWriter(), new Odds()];
  for (let at = 0; at < 8_000; at += 1) odds.code(writer.code, false);
  expect(writer.text().length).toBeLessThan(10);
});

test('a table of levels comes out as it went in, near what it holds', () => {
  const next = chance(2);
  const [rows, columns] = [600, 100];
  const table = Array.from({ length: rows }, () => {
    const share = next() ** 4;
    return Array.from({ length: columns }, () => (next() < share ? 1 + Math.floor(next() * mostLevel) : 0));
  });
  const writer = new BitWriter();
  codeLevels(writer.code, rows, columns, (row, column) => table[row]?.[column] ?? 0);
  const text = writer.text();
  const read = codeLevels(bitReader(text), rows, columns);
  expect(read).toEqual(table.map((row) => row.flatMap((level, document) => (level > 0 ? [{ document, level }] : []))));
  const entropy = (share: number): number => (share <= 0 || share >= 1 ? 0 : -share * Math.log2(share) - (1 - share) * Math.log2(1 - share));
  const least = table.reduce((sum, row) => sum + columns * entropy(row.filter((level) => level > 0).length / columns) + row.filter((level) => level > 0).length * Math.log2(mostLevel), 0) / 8;
  expect(text.length * 6 / 8).toBeLessThan(1.12 * least);
});

test('text that was cut is read to an end', () => {
  expect(codeLevels(bitReader('%'), 50, 20)).toHaveLength(50);
});

test('the text needs no escapes in JSON', () => {
  const next = chance(3);
  const writer = new BitWriter();
  for (let at = 0; at < 50_000; at += 1) writer.code(0x8000, next() < 0.5);
  const text = writer.text();
  expect(JSON.stringify(text)).toHaveLength(text.length + 2);
  expect(new Set(text).size).toBe(64);
});
