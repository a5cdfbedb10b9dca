import { expect, test } from 'vitest';
import { BitWriter, bitReader } from './bits.ts';
import { codeLevels, levelOfProblem, levelPoints } from './levels.ts';
import type { Posting } from './levels.ts';
import { chanceFrom } from './sample-chance.ts';

const mostLevel = levelPoints.length - 1;

function tableOf(rows: number, patterns: number, problems: number): Posting[][] {
  const next = chanceFrom(2);
  const part = (): number => next() / 2 ** 24;
  return Array.from({ length: rows }, () => {
    const share = part() ** 4;
    return Array.from({ length: patterns + problems }, (_, document): Posting => ({ document, level: part() >= share ? 0 : document < patterns ? 1 + next() % mostLevel : levelOfProblem })).filter(({ level }) => level > 0);
  });
}

function written(table: readonly Posting[][], patterns: number, problems: number): string {
  const writer = new BitWriter();
  codeLevels(writer.code, table.length, patterns, problems, table);
  return writer.text();
}

test.each([[60, 40], [1, 0], [0, 3], [1000, 763]])('a table of %i patterns and %i problems comes out as it went in', (patterns, problems) => {
  const table = tableOf(200, patterns, problems);
  expect(codeLevels(bitReader(written(table, patterns, problems)), table.length, patterns, problems)).toEqual(table);
});

test('it takes little more than what it holds', () => {
  const [rows, patterns] = [600, 100];
  const table = tableOf(rows, patterns, 0);
  const entropy = (share: number): number => (share <= 0 || share >= 1 ? 0 : -share * Math.log2(share) - (1 - share) * Math.log2(1 - share));
  const least = table.reduce((sum, row) => sum + patterns * entropy(row.length / patterns) + row.length * Math.log2(mostLevel), 0) / 8;
  expect(written(table, patterns, 0).length * 6 / 8).toBeLessThan(1.12 * least);
});

test.each(['', '%~%', '~'.repeat(5_000), '#~'.repeat(500)])('text that is damaged is read to an end', (text) => {
  const rows = codeLevels(bitReader(text), 50, 20, 10);
  expect(rows).toHaveLength(50);
  expect(rows.flat().filter(({ document }) => !(document >= 0 && document < 30))).toEqual([]);
});
