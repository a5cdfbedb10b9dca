/** A question that says what the title of a problem says has named the problem: those words count again, for it and for its candidates. */
import { rarityOf } from './slots.ts';
import type { Corpus } from './corpus.ts';
import type { Slot } from './slots.ts';

/** How much of the question the title must say, by rarity: a long question touches many titles. */
const leastOfQuestion = 0.6;
/** How much of the title the question must say: one word of it is no name. */
const leastOfTitle = 0.5;
const worth = 2;

/** Adds to the points of `wordPoints`: for each slot those of each document, patterns first. */
export function addTitlePoints(corpus: Corpus, slots: readonly Slot[], points: readonly Float64Array[]): void {
  const said = slots.reduce((sum, { rarity }) => sum + rarity, 0);
  const { place, problems } = titlesOf(corpus);
  // A title of which the question has no word is not named by it.
  const touched = new Set(slots.flatMap(({ matches }) => [...matches.keys()].flatMap((stem) => problems.get(stem) ?? [])));
  for (const index of [...touched].sort((a, b) => a - b)) {
    const { titleStems = [], candidates = [] } = corpus.problems[index] ?? {};
    if (titleStems.length < 2) continue;
    const matched = slots.map((slot) => Math.max(0, ...titleStems.map((stem) => slot.matches.get(stem) ?? 0)));
    const ofQuestion = slots.reduce((sum, { rarity }, at) => sum + rarity * (matched[at] ?? 0), 0) / Math.max(said, Number.EPSILON);
    if (ofQuestion < leastOfQuestion) continue;
    const rarities = titleStems.map((stem) => rarityOf(corpus, new Map([[stem, 1]])));
    const found = titleStems.map((stem) => Math.max(0, ...slots.map(({ matches }) => matches.get(stem) ?? 0)));
    const ofTitle = found.reduce((sum, share, at) => sum + share * (rarities[at] ?? 0), 0) / Math.max(rarities.reduce((sum, each) => sum + each, 0), Number.EPSILON);
    if (ofTitle < leastOfTitle) continue;
    const documents = [corpus.patterns.length + index, ...candidates.flatMap((slug) => place.get(slug) ?? [])];
    points.forEach((own, at) => {
      for (const document of documents) own[document] = (own[document] ?? 0) + worth * ofTitle ** 2 * (slots[at]?.rarity ?? 0) * (matched[at] ?? 0);
    });
  }
}

interface Titles { /** Of a pattern, by its slug. */ place: ReadonlyMap<string, number>; /** By a stem of their titles. */ problems: ReadonlyMap<string, readonly number[]> }

const titles = new WeakMap<readonly unknown[], Titles>();

/** Gathered once: each key that is pressed asks. */
function titlesOf({ patterns, problems }: Corpus): Titles {
  let known = titles.get(problems);
  if (known === undefined) {
    const byStem = new Map<string, number[]>();
    problems.forEach(({ titleStems }, index) => {
      for (const stem of titleStems) byStem.set(stem, [...byStem.get(stem) ?? [], index]);
    });
    titles.set(problems, known = { place: new Map(patterns.map(({ slug }, index) => [slug, index])), problems: byStem });
  }
  return known;
}
