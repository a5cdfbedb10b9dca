/** The finder's answer as elements. */
import type { Corpus, PatternCard } from '../finder/corpus.ts';
import { anythingFits, fitLabels, fitOf, recommended } from '../finder/fit.ts';
import type { Hit, Ranking } from '../finder/rank.ts';
import { cardOf, mostShown } from './answered.ts';
import type { FinderSources } from './finder-sources.ts';
import { link, node } from './nodes.ts';

export interface View {
  content: Node;
  fits: boolean;
  /** Those shown, in their order. */
  cards: readonly PatternCard[];
}

type Fill = typeof import('./finder-beside.ts').fillCard;

/** Kept, since a module that is there still comes in a task of its own: reasons would be gone for a picture at each key. */
let fill: Fill | undefined;

export async function fetchFill(): Promise<Fill> {
  const { fillCard } = await import('./finder-beside.ts');
  return fill = fillCard;
}

/** Fewer letters are the beginning of a word, not a question that nothing answers. */
const shortestQuestion = 4;

export interface Asked {
  question: string;
  /** Where a reader reports that the symptom is missing. */
  report: string;
  sources: FinderSources;
}

export function answerView(corpus: Corpus, ranking: Ranking, { question, report, sources }: Asked): View {
  const fits = anythingFits(ranking);
  const hits = recommended(ranking, mostShown);
  const cards = hits.flatMap((hit) => cardOf(corpus, hit.slug) ?? []);
  const content = document.createDocumentFragment();
  if (fits) content.append(headline(corpus, ranking, cards.length));
  else content.append(...nothingFits(question, report, cards.length));
  if (cards.length > 0) {
    const list = node('ol', 'findings');
    hits.forEach((hit, place) => {
      const card = cards[place];
      if (card !== undefined) list.append(finding(corpus, ranking, hit, card, sources));
    });
    content.append(list);
  }
  return { content, fits, cards };
}

/** What a screen reader hears after the reader has paused. */
export function sentenceFor({ fits, cards }: View, question: boolean): string {
  const [first] = cards;
  if (first === undefined) return 'Nothing fits.';
  const next = question ? ' One question would help.' : '';
  return fits ? `${cards.length} ${cards.length === 1 ? 'pattern' : 'patterns'}; first: ${first.title}.${next}` : `Nothing fits well; the closest: ${first.title}.`;
}

function headline(corpus: Corpus, ranking: Ranking, patterns: number): HTMLElement {
  const line = node('h2', 'finder-headline');
  const [hit] = ranking.problems;
  const problem = corpus.problems.find(({ slug }) => slug === hit?.slug);
  if (hit !== undefined && problem !== undefined && ['strong', 'likely'].includes(fitOf(ranking, hit))) {
    line.append('Problem recognised: ', link(`/problems/${problem.slug}/`, problem.title), ' · ');
  }
  const words = ranking.patterns[0]?.points.filter((points) => points > 0).length ?? 0;
  line.append(`${patterns} ${patterns === 1 ? 'pattern' : 'patterns'}`);
  if (words > 0) line.append(`, the first on ${words} of your words`);
  return line;
}

function nothingFits(question: string, report: string, patterns: number): Node[] {
  const short = question.length < shortestQuestion;
  const advice = node('p', 'finder-advice', `Say what you see: what fails, how, and when; a line of the log helps too. ${patterns > 0 ? 'These are the closest; every problem of the catalogue stands below.' : 'Every problem of the catalogue stands below.'}`);
  if (!short) advice.append(' Or ', link(report, 'report that your symptom is missing'), '.');
  return [node('h2', 'finder-headline finder-nothing', short ? 'Say a little more' : 'Nothing in the catalogue fits well'), advice];
}

function finding(corpus: Corpus, ranking: Ranking, hit: Hit, card: PatternCard, sources: FinderSources): HTMLElement {
  const fit = fitOf(ranking, hit);
  const glyph = node('span', 'glyph');
  glyph.ariaHidden = 'true';
  const title = node('h3');
  title.append(card.outline ? card.title : link(`/patterns/${card.slug}/`, card.title));
  // One stop of the arrow keys for each result, with a page or without.
  if (card.outline) title.tabIndex = -1;
  const description = node('p', 'finding-line');
  const why = node('dl', 'finding-reasons');
  const text = node('div', 'finding-text', node('p', 'kicker', card.outline ? `${card.categoryLabel} · page in preparation` : card.categoryLabel), title, description, why);
  const side = node('div', 'finding-side', node('p', `finding-fit fit-${fit}`, fitLabels[fit]));
  const places = { card, glyph, description, why, text, side };
  const fillLater = async (): Promise<void> => {
    // To begin requests takes longer than to rank: names are shown first.
    await new Promise((resume) => { setTimeout(resume); });
    const answer = sources.answer(hit.slug);
    (await fetchFill())(places, corpus, ranking, hit, await answer);
  };
  const there = sources.arrived.get(hit.slug);
  if (fill !== undefined && there !== undefined) fill(places, corpus, ranking, hit, there);
  else fillLater().catch(() => why.append(node('div', '', node('dt', '', 'Because'), node('dd', '', 'the reasons could not be loaded.'))));
  return node('li', `finding in-${card.category}`, glyph, text, side);
}
