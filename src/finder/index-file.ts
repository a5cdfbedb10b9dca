/** The index as it travels: everything that ranking needs, nothing that only an explanation quotes. */
import { forces } from '../catalogue/vocabulary.ts';
import type { Category, Force, ProblemGroup } from '../catalogue/vocabulary.ts';
import type { PatternSource, ProblemSource } from './pages.ts';
import { SynonymTable, meaningName } from './synonyms.ts';
import type { SynonymGroup } from './synonyms.ts';

export interface IndexFile {
  /** Every stem of the passages, the most frequent first, joined by spaces. */
  words: string;
  /** Members joined by `|`, stems by spaces. */
  synonyms: string[];
  patterns: PackedPattern[];
  problems: PackedProblem[];
}

/** A passage is a string with one character a word: the word's place in `words`, counted from `firstCharacter`. */
export type Passage = string;
export type PackedPattern = [slug: string, category: Category, outline: 0 | 1, title: string, aliases: string[], description: string, symptoms: Passage[], errorTexts: Passage, useWhen: Passage, forces: Force[]];
export type PackedProblem = [slug: string, group: ProblemGroup, title: string, symptoms: Passage[], candidates: number[]];

/** Deterministic: the same pages give the same bytes, whatever the order in which they come. */
export function packIndex(patterns: readonly PatternSource[], problems: readonly ProblemSource[], groups: readonly SynonymGroup[]): IndexFile {
  const ownPatterns = [...patterns].sort(bySlug);
  const ownProblems = [...problems].sort(bySlug);
  const table = new SynonymTable(groups);
  const stems = (texts: readonly string[]): string[] => texts.flatMap((text) => table.terms(text).map((term) => term.stem)).sort();
  const count = new Map<string, number>();
  const counted = (texts: readonly string[]): string[] => {
    const found = stems(texts);
    for (const stem of found) count.set(stem, (count.get(stem) ?? 0) + 1);
    return found;
  };
  const patternStems = ownPatterns.map(({ data }) => ({ symptoms: data.symptoms.map((each) => counted([each])), errorTexts: counted(data.errorTexts), useWhen: counted(data.useWhen) }));
  const problemStems = ownProblems.map(({ data }) => data.symptoms.map((each) => counted([each])));
  const words = [...count].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([word]) => word);
  const place = new Map(words.map((word, index) => [word, index]));
  const packed = (found: readonly string[]): Passage => found.map((stem) => place.get(stem) ?? 0).sort((a, b) => a - b).map((each) => String.fromCharCode(firstCharacter + each)).join('');
  const read = new Set([...words, ...stems([...ownPatterns.flatMap(({ data }) => [data.title, data.description, ...data.alsoKnownAs]), ...ownProblems.map(({ data }) => data.title), ...Object.values(forces)])]);
  const patternPlace = new Map(ownPatterns.map(({ slug }, index) => [slug, index]));
  // A group of which no page speaks cannot bring a reader to one.
  const useful = groups.filter((group) => read.has(meaningName(group)) || group.some((member) => read.has(member.join(' '))));
  return {
    words: words.join(' '),
    synonyms: useful.map((group) => group.map((member) => member.join(' ')).join('|')),
    patterns: ownPatterns.map(({ slug, data }, index): PackedPattern => {
      const own = patternStems[index];
      return [slug, data.category, data.status === 'outline' ? 1 : 0, data.title, [...data.alsoKnownAs], data.description, own?.symptoms.map(packed) ?? [], packed(own?.errorTexts ?? []), packed(own?.useWhen ?? []), forcesFor(data.forces)];
    }),
    problems: ownProblems.map(({ slug, data }, index): PackedProblem => [
      slug, data.group, data.title, problemStems[index]?.map(packed) ?? [],
      [...new Set(data.candidates.flatMap(({ pattern }) => patternPlace.get(pattern ?? '') ?? []))],
    ]),
  };
}

/** The stems of a packed passage. */
export function unpackPassage(passage: Passage, words: readonly string[]): string[] {
  return Array.from(passage, (character) => words[character.charCodeAt(0) - firstCharacter] ?? '');
}

/** Below it stand the characters that JSON escapes. Up to 1,887 words take two bytes. */
const firstCharacter = 0xa1;

function forcesFor(weights: PatternSource['data']['forces']): Force[] {
  return (Object.keys(forces) as Force[]).filter((force) => (weights[force] ?? 0) > 0);
}

function bySlug(a: { slug: string }, b: { slug: string }): number {
  return a.slug < b.slug ? -1 : 1;
}
