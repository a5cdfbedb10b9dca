/** Which words the index takes along, and how strongly each speaks for each page, in a few levels. */
import { levelOfProblem, levelPoints } from './levels.ts';
import type { Posting } from './levels.ts';
import type { PatternSource, ProblemSource } from './pages.ts';
import type { SynonymTable } from './synonyms.ts';
import { withKin } from './kin.ts';
import type { KinTable } from './kin.ts';
import { countsOf, weightsOf } from './word-weights.ts';
import type { Sentence, WeightRows } from './word-weights.ts';

/** A sentence of the page itself is chosen with more care than one question. */
const ownWorth = 3;
/** Problems are fewer and told apart by their plainest words: those come in one level. */
const leastOfProblem = 1.1;
const doubtOfProblems = 0.7;
/** Patterns have eighty sentences and more, of which two may agree by chance. */
const doubtOfPatterns = 2;
/** Room in the index for the words of one pattern; those that tell most for their bits come first. */
const bitsPerPattern = 2262;
/** So that the index stays within 25 KiB up to a hundred patterns: each takes room for its titles, and what is left is for words. Beyond them it grows, since fewer would find nothing. */
const bitsForWords = (patterns: number): number => Math.min(bitsPerPattern * patterns, Math.max(196_000 - 900 * patterns, leastBitsPerPattern * patterns));
const leastBitsPerPattern = 1060;

/** One document for each pattern, then one for each problem, in the order in which they come. */
export function postingsOf(table: SynonymTable, patterns: readonly PatternSource[], problems: readonly ProblemSource[], questions: ReadonlyMap<string, readonly string[]>, kin: KinTable): Map<string, readonly Posting[]> {
  const ofProblem = problems.map(({ data }) => [data.description, ...data.symptoms]);
  const sentences = patterns.map(({ slug, data }): Sentence[] => [
    ...[data.title, ...data.alsoKnownAs, data.description, ...data.symptoms, ...data.useWhen, ...data.errorTexts, ...data.alsoSaid].map((text) => ({ text, worth: ownWorth })),
    ...(questions.get(slug) ?? []).map((text) => ({ text, worth: 1 })),
  ]);
  const counts = countsOf(table, sentences);
  const weights = weightsOf(withKin(counts, kin), patterns.length, doubtOfPatterns);
  const taken = new Map(chosen(weights, counts, bitsForWords(patterns.length)).map((stem) => [stem, weights.get(stem) ?? []]));
  const problemWeights = weightsOf(countsOf(table, problems.map(({ data }, at) => [data.title, data.title, ...ofProblem[at] ?? []]
    .map((text) => ({ text, worth: ownWorth })))), patterns.length + problems.length, doubtOfProblems);
  const titles = new Set(problems.flatMap(({ data }) => table.terms(data.title).map(({ stem }) => stem)));
  // A problem's other words wait until some pattern holds them, too.
  const stems = new Set([...taken.keys(), ...[...problemWeights.keys()].filter((stem) => titles.has(stem))]);
  return new Map([...stems].sort().map((stem): [string, Posting[]] => [stem, [
    ...(taken.get(stem) ?? patterns.map(() => 0)).map(toLevel), ...(problemWeights.get(stem) ?? problems.map(() => 0)).map((weight) => (weight > leastOfProblem ? levelOfProblem : 0)),
  ].flatMap((level, document) => (level > 0 ? [{ document, level }] : []))]));
}

/** What a word adds to the right page over the average one, for each bit. What a page says only once may be chance: a sentence is taken off. */
function chosen(weights: WeightRows, counts: WeightRows, room: number): string[] {
  let left = room;
  return [...weights].flatMap(([stem, own]) => {
    const pages = own.filter((weight) => toLevel(weight) > 0).length;
    if (pages === 0) return [];
    const mean = own.reduce((sum, weight) => sum + weight, 0) / own.length;
    const gain = own.reduce((sum, weight, page) => sum + Math.max(0, (counts.get(stem)?.[page] ?? 0) - 1) * (weight - mean), 0);
    const bits = bitsOfWord + pages * (Math.log2(own.length / pages + 1) + bitsOfLevel);
    return [{ stem, bits, worth: gain / bits }];
  }).sort((a, b) => b.worth - a.worth || (a.stem < b.stem ? -1 : 1)).filter(({ bits }) => {
    left -= bits;
    return left >= 0;
  }).map(({ stem }) => stem);
}

const bitsOfWord = 18;
const bitsOfLevel = 2.6;

/** The level whose points are nearest. */
function toLevel(weight: number): number {
  return levelPoints.reduce((best: number, points, level) => (Math.abs(points - weight * pointsPerWeight) < Math.abs((levelPoints[best] ?? 0) - weight * pointsPerWeight) ? level : best), 0);
}

/** Brings what the rarest words say to four points, by which the answers of a reader are measured. */
const pointsPerWeight = 2.2;
