/** Writes the index while the site is built. */
import { BitWriter } from './bit-coder.ts';
import { capitalA, forceKeys, neutral, slugOf } from './index-file.ts';
import type { IndexFile, PackedPattern, PackedProblem, PackedWeights } from './index-file.ts';
import { codeLevels } from './levels.ts';
import type { PatternSource, ProblemSource } from './pages.ts';
import { SynonymTable, meaningName } from './synonyms.ts';
import type { SynonymGroup } from './synonyms.ts';
import { levelsOf } from './word-levels.ts';

export interface IndexSources {
  patterns: readonly PatternSource[];
  problems: readonly ProblemSource[];
  synonyms: readonly SynonymGroup[];
  /** By the slug of the pattern that answers them. */
  questions?: ReadonlyMap<string, readonly string[]>;
}

/** Deterministic: the same pages give the same bytes, whatever the order in which they come. */
export function packIndex({ patterns, problems, synonyms, questions = new Map() }: IndexSources): IndexFile {
  const ownPatterns = [...patterns].sort(bySlug);
  const ownProblems = [...problems].sort(bySlug);
  const table = new SynonymTable(synonyms);
  const levels = levelsOf(table, ownPatterns, ownProblems, questions);
  const held = new Set([...levels.patterns.keys(), ...levels.problems.keys()]);
  // A group of which no page speaks cannot bring a reader to one.
  const groups = synonyms.filter((group) => held.has(meaningName(group)) || group.some((member) => held.has(member.join(' '))));
  const names = new Set(groups.map(meaningName));
  const words = [...held].filter((stem) => !names.has(stem)).sort();
  const rows = [...words, ...names];
  const writer = new BitWriter();
  const none = { patterns: ownPatterns.map(() => 0), problems: ownProblems.map(() => 0) };
  const grid = rows.map((stem) => [...levels.patterns.get(stem) ?? none.patterns, ...levels.problems.get(stem) ?? none.problems]);
  codeLevels(writer, rows.length, ownPatterns.length + ownProblems.length, (row, column) => grid[row]?.[column] ?? 0);
  const place = new Map(ownPatterns.map(({ slug }, index) => [slug, index]));
  return {
    words: packWords(words),
    synonyms: groups.map((group) => group.map((member) => member.join(' ')).join('|')).join(';'),
    patterns: ownPatterns.map(({ slug, data }): PackedPattern => [slugOf(data.title) === slug ? '' : slug, data.category, data.status === 'outline' ? 1 : 0, data.title, packWeights(data.forces)]),
    problems: ownProblems.map(({ slug, data }): PackedProblem => [
      slugOf(data.title) === slug ? '' : slug, data.group, data.title, [...new Set(data.candidates.flatMap(({ pattern }) => place.get(pattern ?? '') ?? []))],
    ]),
    levels: writer.text(),
  };
}

function packWords(words: readonly string[]): string {
  return words.map((word, index) => {
    const before = words[index - 1] ?? '';
    let shared = 0;
    while (shared < 25 && shared < word.length && word[shared] === before[shared]) shared += 1;
    return String.fromCharCode(capitalA + shared) + word.slice(shared);
  }).join('');
}

function packWeights(weights: PatternSource['data']['forces']): PackedWeights {
  return forceKeys.map((force) => String((weights[force] ?? 0) + neutral)).join('').replace(new RegExp(`${neutral}+$`), '');
}

function bySlug(a: { slug: string }, b: { slug: string }): number {
  return a.slug < b.slug ? -1 : 1;
}
