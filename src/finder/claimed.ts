/** Symptoms find their own page: where others would come first, its words are made to speak louder for it. */
import type { Corpus } from './corpus.ts';
import { levelPoints } from './levels.ts';
import type { Posting } from './levels.ts';
import type { PatternSource, ProblemSource } from './pages.ts';
import { slotsOf } from './slots.ts';
import type { Meanings } from './slots.ts';
import { sumOf, wordPoints } from './word-points.ts';

/** A symptom, the patterns that answer it, and among how many the first of them must be. */
interface Claimed { text: string; slugs: readonly string[]; within: number }

/** More rounds than this help nobody: what is left is claimed by two pages in the same words, and a check says so. */
const mostRounds = 6;
/** Of a problem's symptom each candidate is an answer, and the reader sees several. */
const withinForProblem = 3;

/** The corpus with levels raised, for each symptom as few as are needed, rare words first. */
export function settled(corpus: Corpus, patterns: readonly PatternSource[], problems: readonly ProblemSource[]): Corpus {
  const own = { ...corpus, postings: new Map(corpus.postings) };
  const symptoms = [
    ...patterns.flatMap(({ slug, data }) => data.symptoms.map((text): Claimed => ({ text, slugs: [slug], within: 1 }))),
    ...problems.flatMap(({ data }) => data.symptoms.map((text): Claimed => ({ text, slugs: data.candidates.flatMap(({ pattern }) => pattern ?? []), within: withinForProblem }))),
  ].filter(({ slugs }) => slugs.length > 0);
  for (let round = 0; round < mostRounds; round += 1) {
    const meanings: Meanings = new Map();
    const open = symptoms.filter((each) => !isSettled(own, each, meanings));
    if (open.length === 0) break;
    for (const symptom of open) raise(own, symptom);
  }
  return own;
}

function raise(corpus: Corpus, symptom: Claimed): void {
  const scores = scoresOf(corpus, symptom.text);
  const document = nearestOf(corpus, scores, symptom) ?? corpus.patterns.findIndex(({ slug }) => slug === symptom.slugs[0]);
  const stems = [...new Set(corpus.synonyms.terms(symptom.text).map(({ stem }) => stem))].sort((a, b) => breadth(corpus, a) - breadth(corpus, b) || (a < b ? -1 : 1));
  for (const stem of stems) {
    const postings = corpus.postings.get(stem) ?? [];
    const own = postings.find((posting) => posting.document === document);
    if (own?.level === levelPoints.length - 1) continue;
    const raised: Posting = { document, level: (own?.level ?? 0) + 1 };
    corpus.postings.set(stem, [...postings.filter((posting) => posting !== own), raised]);
    if (isSettled(corpus, symptom)) return;
  }
}

/** Words that the index holds come before those for which it would have to make room. */
function breadth(corpus: Corpus, stem: string): number {
  return corpus.postings.get(stem)?.length ?? corpus.patterns.length / 4;
}

function isSettled(corpus: Corpus, symptom: Claimed, meanings?: Meanings): boolean {
  const scores = scoresOf(corpus, symptom.text, meanings);
  const own = nearestOf(corpus, scores, symptom);
  return own !== undefined && scores.filter((_, other) => isBefore(corpus, scores, other, own)).length < symptom.within;
}

/** Of each pattern, as `rank` has it for a reader who gave no answers; it would order them all, problems too, thousands of times. */
function scoresOf(corpus: Corpus, text: string, meanings?: Meanings): number[] {
  const points = wordPoints(corpus, slotsOf(corpus, text, meanings));
  return corpus.patterns.map((_, document) => sumOf(points, document));
}

/** The first of those that answer the symptom; none where no word speaks for one of them. */
function nearestOf(corpus: Corpus, scores: readonly number[], { slugs }: Claimed): number | undefined {
  let nearest: number | undefined;
  corpus.patterns.forEach(({ slug }, at) => {
    if ((scores[at] ?? 0) > 0 && slugs.includes(slug) && (nearest === undefined || isBefore(corpus, scores, at, nearest))) nearest = at;
  });
  return nearest;
}

/** As `rank` orders them: the better first, equal ones by slug. */
function isBefore({ patterns }: Corpus, scores: readonly number[], one: number, other: number): boolean {
  const ahead = (scores[one] ?? 0) - (scores[other] ?? 0);
  return ahead > 0 || (ahead === 0 && (patterns[one]?.slug ?? '') < (patterns[other]?.slug ?? ''));
}
