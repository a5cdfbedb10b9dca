/** Writes the index while the site is built. */
import { forceNames } from '../catalogue/names.ts';
import { isPublished } from '../catalogue/vocabulary.ts';
import { BitWriter } from './bits.ts';
import { settled } from './claimed.ts';
import { capitalA, neutral, slugOf } from './index-file.ts';
import type { IndexFile, PackedPattern, PackedProblem, PackedWeights } from './index-file.ts';
import { corpusOf } from './corpus.ts';
import type { KinTable } from './kin.ts';
import { codeLevels } from './levels.ts';
import type { PatternSource, ProblemSource } from './pages.ts';
import { SynonymTable, meaningName } from './synonyms.ts';
import type { SynonymGroup } from './synonyms.ts';
import { postingsOf } from './word-levels.ts';

export interface IndexSources {
  patterns: readonly PatternSource[];
  problems: readonly ProblemSource[];
  synonyms: readonly SynonymGroup[];
  /** By the slug of the pattern that answers them. */
  questions?: ReadonlyMap<string, readonly string[]>;
  kin?: KinTable;
}

/** Deterministic: the same pages give the same bytes, whatever the order in which they come. */
export function packIndex({ patterns, problems, synonyms, questions = new Map(), kin = new Map() }: IndexSources): IndexFile {
  // A page that has only just begun has nothing to be found by; the place of one that was superseded belongs to its successor.
  const ownPatterns = patterns.filter(({ data }) => data.symptoms.length > 0 && data.status !== 'superseded').sort(bySlug);
  const ownProblems = problems.filter(({ data }) => data.status !== 'superseded').sort(bySlug);
  const table = new SynonymTable(synonyms);
  const place = new Map(ownPatterns.map(({ slug }, index) => [slug, index]));
  const cards = {
    patterns: ownPatterns.map(({ slug, data }): PackedPattern => [slugOf(data.title) === slug ? '' : slug, data.category, isPublished(data) ? 0 : 1, data.title, packWeights(data.forces)]),
    problems: ownProblems.map(({ slug, data }): PackedProblem => [
      slugOf(data.title) === slug ? '' : slug, data.group, data.title, [...new Set(data.candidates.flatMap(({ pattern }) => place.get(pattern ?? '') ?? []))],
    ]),
  };
  const known = postingsOf(table, ownPatterns, ownProblems, questions, kin);
  const groups = synonyms.map((group) => useful(group, known)).filter((group) => group.length > 1);
  const { postings } = settled(corpusOf(cards, new SynonymTable(groups), known), ownPatterns, ownProblems);
  const names = new Set(groups.map(meaningName));
  const words = [...postings.keys()].filter((stem) => !names.has(stem)).sort();
  const writer = new BitWriter();
  const rows = [...words, ...names].map((stem) => [...postings.get(stem) ?? []].sort((a, b) => a.document - b.document));
  codeLevels(writer.code, rows.length, ownPatterns.length, ownProblems.length, rows);
  return { words: packWords(words), synonyms: groups.map((group) => group.map((member) => member.join(' ')).join('|')).join(';'), ...cards, levels: writer.text() };
}

/** A word that the index knows speaks for itself: of those a group keeps the first two, for the words that the index does not know. */
function useful(group: SynonymGroup, postings: ReadonlyMap<string, unknown>): SynonymGroup {
  const spoken = postings.has(meaningName(group)) || group.some((member) => postings.has(member.join(' ')));
  const targets = group.filter((member) => member.length === 1 && postings.has(member.join(' '))).slice(0, 2);
  const others = group.filter((member) => (member.length === 1 ? !postings.has(member.join(' ')) : !member.every((stem) => postings.has(stem)) || targets.length === 0));
  return others.length === 0 || !spoken ? [] : [...targets, ...others];
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
  return forceNames.map((force) => String((weights[force] ?? 0) + neutral)).join('').replace(new RegExp(`${neutral}+$`), '');
}

function bySlug(a: { slug: string }, b: { slug: string }): number {
  return a.slug < b.slug ? -1 : 1;
}
