/** How strongly each word of a page speaks for it, worked out while the site is built. */
import type { PatternSource, ProblemSource } from './pages.ts';
import type { SynonymTable } from './synonyms.ts';
import { levelOf } from './frequencies.ts';

type Levels = ReadonlyMap<string, number>;

/** How much a long field is held against a word in it, from 0 to 1. */
const lengthPenalty = 0.5;

export function patternLevels(table: SynonymTable, patterns: readonly PatternSource[], _questions: ReadonlyMap<string, readonly string[]>): Levels[] {
  return summed(patterns.length, [
    patterns.map(({ data }) => stemsOf(table, [data.title, ...data.alsoKnownAs])),
    patterns.map(({ data }) => stemsOf(table, data.symptoms)),
    patterns.map(({ data }) => stemsOf(table, [data.description, ...data.useWhen, ...data.errorTexts, ...data.alsoSaid])),
  ]);
}

export function problemLevels(table: SynonymTable, problems: readonly ProblemSource[]): Levels[] {
  return summed(problems.length, [problems.map(({ data }) => stemsOf(table, [data.title])), problems.map(({ data }) => stemsOf(table, [data.description, ...data.symptoms]))]);
}

function summed(documents: number, fields: readonly (readonly ReadonlySet<string>[])[]): Levels[] {
  const sums = Array.from({ length: documents }, () => new Map<string, number>());
  for (const field of fields) {
    const mean = field.reduce((sum, { size }) => sum + size, 0) / Math.max(1, field.length);
    field.forEach((stems, at) => {
      const own = sums[at];
      for (const stem of stems) own?.set(stem, (own.get(stem) ?? 0) + 1 / (1 - lengthPenalty + lengthPenalty * stems.size / Math.max(1, mean)));
    });
  }
  return sums.map((own) => new Map([...own].flatMap(([stem, sum]): [string, number][] => (levelOf(sum) > 0 ? [[stem, levelOf(sum)]] : []))));
}

function stemsOf(table: SynonymTable, texts: readonly string[]): Set<string> {
  return new Set(texts.flatMap((text) => table.terms(text).map(({ stem }) => stem)));
}
