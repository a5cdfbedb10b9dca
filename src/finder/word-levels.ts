/** Which words the index takes along, and how strongly each speaks for each page, in a few levels. */
import { levelPoints } from './levels.ts';
import type { PatternSource, ProblemSource } from './pages.ts';
import type { SynonymTable } from './synonyms.ts';
import { countsOf, weigh } from './word-weights.ts';
import type { Sentence, WeightRows } from './word-weights.ts';

export interface Levels { patterns: WeightRows; problems: WeightRows }

/** A sentence of the page itself is chosen with more care than one of forty questions. */
const ownWorth = 3;
/** What is said of a problem is true of each pattern that may solve it, but does not tell them apart. */
const sharedWorth = 0.9;
/** How much a word must tell for each bit that it costs. */
const leastPerBit = 0.17;

export function levelsOf(table: SynonymTable, patterns: readonly PatternSource[], problems: readonly ProblemSource[], questions: ReadonlyMap<string, readonly string[]>): Levels {
  const ofProblem = problems.map(({ data }) => [data.title, data.title, data.description, ...data.symptoms]);
  const sentences = patterns.map(({ slug, data }): Sentence[] => [
    ...[data.title, ...data.alsoKnownAs, data.description, ...data.symptoms, ...data.useWhen, ...data.errorTexts, ...data.alsoSaid].map((text) => ({ text, worth: ownWorth })),
    ...(questions.get(slug) ?? []).map((text) => ({ text, worth: 1 })),
    ...problems.flatMap((problem, at) => (problem.data.candidates.some(({ pattern }) => pattern === slug) ? (ofProblem[at] ?? []).slice(1).map((text) => ({ text, worth: sharedWorth })) : [])),
  ]);
  const weights = weigh(table, sentences);
  const counts = countsOf(table, sentences);
  for (const [stem, own] of weights) if (worthOf(own, counts.get(stem) ?? []) < leastPerBit) weights.delete(stem);
  const patternLevels = toLevels(weights);
  const problemLevels = toLevels(weigh(table, ofProblem.map((texts) => texts.map((text) => ({ text, worth: ownWorth })))));
  const titles = new Set(problems.flatMap(({ data }) => table.terms(data.title).map(({ stem }) => stem)));
  for (const stem of problemLevels.keys()) if (!patternLevels.has(stem) && !titles.has(stem)) problemLevels.delete(stem);
  return { patterns: patternLevels, problems: problemLevels };
}

/** What a word adds to the right page over the average one, for each bit. What a page says only once may be chance: one sentence is taken off. */
function worthOf(weights: readonly number[], counts: readonly number[]): number {
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  const gain = weights.reduce((sum, weight, page) => sum + Math.max(0, (counts[page] ?? 0) - 1) * (weight - mean), 0);
  const pages = weights.filter((weight) => toLevel(weight) > 0).length;
  return pages === 0 ? 0 : gain / (bitsOfWord + pages * (Math.log2(weights.length / pages + 1) + bitsOfLevel));
}

const bitsOfWord = 18;
const bitsOfLevel = 2.6;

function toLevels(weights: WeightRows): WeightRows {
  return new Map([...weights].map(([stem, own]): [string, number[]] => [stem, own.map(toLevel)]).filter(([, own]) => own.some((level) => level > 0)));
}

/** The level whose points are nearest. */
function toLevel(weight: number): number {
  return levelPoints.reduce((best: number, points, level) => (Math.abs(points - weight * pointsPerWeight) < Math.abs((levelPoints[best] ?? 0) - weight * pointsPerWeight) ? level : best), 0);
}

/** Brings what the rarest words say to four points, by which the answers of a reader are measured. */
const pointsPerWeight = 2.2;
