/** The index as it travels: everything that ranking needs, nothing that only an explanation quotes. */
import { forces } from '../catalogue/vocabulary.ts';
import type { Category, Force, ProblemGroup } from '../catalogue/vocabulary.ts';
import type { PatternSource, ProblemSource } from './pages.ts';
import { SynonymTable, meaningName } from './synonyms.ts';
import type { SynonymGroup } from './synonyms.ts';

export interface IndexFile {
  /** Every stem of the packed sets, the most frequent first; before each a capital, A for none, how many letters it shares with the one before. */
  words: string;
  /** Members joined by `|`, their stems by spaces. */
  synonyms: string[];
  /** The order in which each pattern weighs them. */
  forces: Force[];
  patterns: PackedPattern[];
  problems: PackedProblem[];
}

/**
 * A set of stems with one character a stem: how far its place in `words` lies behind the one before it.
 * Against lists of stems it saves a third after gzip; how often a stem stands on a page proved to rank no better than that it does.
 */
export type PackedStems = string;
/** One digit a force: 2 says nothing, 4 speaks strongly for the pattern, 0 strongly against it; a tail of 2s is left out. */
export type PackedWeights = string;
/** A slug is empty where the title gives it. */
export type PackedPattern = [slug: string, category: Category, outline: 0 | 1, title: string, aliases: string[], symptoms: PackedStems, rest: PackedStems, forces: PackedWeights];
export type PackedProblem = [slug: string, group: ProblemGroup, title: string, symptoms: PackedStems, candidates: number[]];

/** Deterministic: the same pages give the same bytes, whatever the order in which they come. */
export function packIndex(patterns: readonly PatternSource[], problems: readonly ProblemSource[], groups: readonly SynonymGroup[]): IndexFile {
  const ownPatterns = [...patterns].sort(bySlug);
  const ownProblems = [...problems].sort(bySlug);
  const table = new SynonymTable(groups);
  const stems = (texts: readonly string[]): Set<string> => new Set(texts.flatMap((text) => table.terms(text).map((term) => term.stem)));
  const patternStems = ownPatterns.map(({ data }) => {
    const symptoms = stems(data.symptoms);
    return { symptoms, rest: new Set([...stems([data.description, ...data.useWhen, ...data.errorTexts, ...data.alsoSaid])]) };
  });
  const problemStems = ownProblems.map(({ data }) => stems([data.description, ...data.symptoms]));
  const words = byFrequency([...patternStems.flatMap(({ symptoms, rest }) => [symptoms, rest]), ...problemStems]);
  const place = new Map(words.map((word, index) => [word, index]));
  const packed = (set: ReadonlySet<string> | undefined): PackedStems => packStems([...set ?? []].map((stem) => place.get(stem) ?? 0));
  const names = stems([...ownPatterns.flatMap(({ data }) => [data.title, ...data.alsoKnownAs]), ...ownProblems.map(({ data }) => data.title), ...Object.values(forces)]);
  const spoken = new Set([...words, ...names]);
  const patternPlace = new Map(ownPatterns.map(({ slug }, index) => [slug, index]));
  return {
    words: packWords(words),
    // A group of which no page speaks cannot bring a reader to one.
    synonyms: groups.filter((group) => spoken.has(meaningName(group)) || group.some((member) => spoken.has(member.join(' ')))).map((group) => group.map((member) => member.join(' ')).join('|')),
    forces: [...forceKeys],
    patterns: ownPatterns.map(({ slug, data }, index): PackedPattern => [
      slugOf(data.title) === slug ? '' : slug, data.category, data.status === 'outline' ? 1 : 0, data.title, [...data.alsoKnownAs],
      packed(patternStems[index]?.symptoms), packed(patternStems[index]?.rest), packWeights(data.forces),
    ]),
    problems: ownProblems.map(({ slug, data }, index): PackedProblem => [
      slugOf(data.title) === slug ? '' : slug, data.group, data.title, packed(problemStems[index]),
      [...new Set(data.candidates.flatMap(({ pattern }) => patternPlace.get(pattern ?? '') ?? []))],
    ]),
  };
}

/** Title in lower case, words joined by hyphens. */
export function slugOf(title: string): string {
  return title.toLowerCase().replaceAll(/[^a-z\d]+/g, '-').replaceAll(/^-|-$/g, '');
}

export function unpackWords(packed: string): string[] {
  let before = '';
  return [...packed.matchAll(/([A-Z])([^A-Z]*)/g)].map(([, capital = 'A', rest = '']) => {
    before = before.slice(0, capital.charCodeAt(0) - capitalA) + rest;
    return before;
  });
}

export function unpackStems(packed: PackedStems, words: readonly string[]): string[] {
  let place = -1;
  return Array.from(packed, (character) => {
    place += character.charCodeAt(0) - firstCharacter + 1;
    return words[place] ?? '';
  });
}

export function unpackWeights(packed: PackedWeights, order: readonly Force[]): Partial<Record<Force, number>> {
  const weights: Partial<Record<Force, number>> = {};
  order.forEach((force, at) => {
    const weight = Number(packed[at] ?? neutral) - neutral;
    if (weight !== 0) weights[force] = weight;
  });
  return weights;
}

function packWords(words: readonly string[]): string {
  return words.map((word, index) => {
    const before = words[index - 1] ?? '';
    let shared = 0;
    while (shared < 25 && shared < word.length && word[shared] === before[shared]) shared += 1;
    return String.fromCharCode(capitalA + shared) + word.slice(shared);
  }).join('');
}

function packStems(places: number[]): PackedStems {
  let before = -1;
  return places.sort((a, b) => a - b).map((place) => {
    const step = place - before - 1;
    before = place;
    return String.fromCharCode(firstCharacter + step);
  }).join('');
}

const forceKeys = Object.keys(forces) as Force[];
const neutral = 2;
const capitalA = 0x41;
/** `#`, the first after the space, the exclamation mark and the quotation mark that JSON would escape. */
const firstCharacter = 0x23;

function byFrequency(sets: readonly ReadonlySet<string>[]): string[] {
  const count = new Map<string, number>();
  for (const set of sets) for (const stem of set) count.set(stem, (count.get(stem) ?? 0) + 1);
  return [...count].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([stem]) => stem);
}

function packWeights(weights: PatternSource['data']['forces']): PackedWeights {
  return forceKeys.map((force) => (weights[force] ?? 0) + neutral).join('').replace(/2+$/, '');
}

function bySlug(a: { slug: string }, b: { slug: string }): number {
  return a.slug < b.slug ? -1 : 1;
}
