/** The finder's answer as elements. The reader's words and the catalogue's sentences are only ever text nodes. */
import type { Corpus, PatternCard } from '../finder/corpus.ts';
import { explain } from '../finder/explain.ts';
import type { Because, Explanation } from '../finder/explain.ts';
import { anythingFits, fitLabels, fitOf, recommended } from '../finder/fit.ts';
import type { Answer } from '../finder/pages.ts';
import type { Hit, Ranking } from '../finder/rank.ts';

/** What `/find/answers/<slug>.json` holds. */
export type Answered = Answer & { /** SVG text. */ glyph: string };

export interface View {
  content: Node;
  fits: boolean;
  /** Titles in the order shown. */
  titles: string[];
}

export const mostShown = 5;
/** Fewer letters are the beginning of a word, not a question that nothing answers. */
const shortestQuestion = 4;

export interface Asked {
  question: string;
  /** Where a reader reports that the symptom is missing. */
  report: string;
  reasons: (slug: string) => Promise<Answered>;
}

export function answerView(corpus: Corpus, ranking: Ranking, { question, report, reasons }: Asked): View {
  const fits = anythingFits(ranking);
  const hits = recommended(ranking, mostShown);
  const cards = hits.flatMap((hit) => corpus.patterns.find(({ slug }) => slug === hit.slug) ?? []);
  const content = document.createDocumentFragment();
  if (fits) content.append(headline(corpus, ranking, cards.length));
  else content.append(...nothingFits(question, report, cards.length));
  if (cards.length > 0) {
    const list = node('ol', 'findings');
    hits.forEach((hit, place) => {
      const card = cards[place];
      if (card !== undefined) list.append(finding(corpus, ranking, hit, card, reasons(hit.slug)));
    });
    content.append(list);
  }
  return { content, fits, titles: cards.map(({ title }) => title) };
}

/** What a screen reader hears after the reader has paused. */
export function sentenceFor({ fits, titles }: View): string {
  const [first] = titles;
  if (first === undefined) return 'Nothing fits.';
  return fits ? `${titles.length} ${titles.length === 1 ? 'pattern' : 'patterns'}; first: ${first}.` : `Nothing fits well; the closest: ${first}.`;
}

function headline(corpus: Corpus, ranking: Ranking, patterns: number): HTMLElement {
  const line = node('h2', 'finder-headline');
  const [hit] = ranking.problems;
  const problem = corpus.problems.find(({ slug }) => slug === hit?.slug);
  if (hit !== undefined && problem !== undefined && ['strong', 'likely'].includes(fitOf(ranking, hit))) {
    line.append('Problem recognised: ', link(`/problems/${problem.slug}/`, problem.title), ' · ');
  }
  line.append(`${patterns} ${patterns === 1 ? 'pattern' : 'patterns'}`);
  return line;
}

function nothingFits(question: string, report: string, patterns: number): Node[] {
  const short = question.length < shortestQuestion;
  const advice = node('p', 'finder-advice', `Say what you see: what fails, how, and when; a line of the log helps too. ${patterns > 0 ? 'These are the closest; every problem of the catalogue stands below.' : 'Every problem of the catalogue stands below.'}`);
  if (!short) advice.append(' Or ', link(report, 'report that your symptom is missing'), '.');
  return [node('h2', 'finder-headline finder-nothing', short ? 'Say a little more' : 'Nothing in the catalogue fits well'), advice];
}

function finding(corpus: Corpus, ranking: Ranking, hit: Hit, card: PatternCard, answer: Promise<Answered>): HTMLElement {
  const fit = fitOf(ranking, hit);
  const glyph = node('span', 'glyph');
  glyph.ariaHidden = 'true';
  const title = node('h3', '');
  title.append(card.outline ? card.title : link(`/patterns/${card.slug}/`, card.title));
  const text = node('div', 'finding-text');
  const description = node('p', 'finding-line');
  text.append(node('p', 'kicker', card.outline ? `${card.categoryLabel}, in preparation` : card.categoryLabel), title, description);
  const why = node('dl', 'finding-reasons');
  text.append(why);
  const item = node('li', `finding in-${card.category}`);
  item.append(glyph, text, node('p', `finding-fit fit-${fit}`, fitLabels[fit]));
  answer.then((answered) => {
    glyph.append(drawing(answered.glyph));
    description.textContent = answered.description;
    why.append(...reasonsOf(explain(corpus, ranking, hit, answered), answered));
  }).catch(() => why.append(reason('Because', 'the reasons could not be loaded.')));
  return item;
}

function reasonsOf({ because, terms, but }: Explanation, { requires }: Answered): HTMLElement[] {
  const reasons: HTMLElement[] = [];
  if (because !== undefined) reasons.push(reason('Because', ...marked(because)));
  if (terms.length > 0) reasons.push(reason('Your words', terms.join(' · ')));
  if (but !== undefined) reasons.push(reason('Not if', `${but.when.replace(/\.$/, '')} `, instead(but.instead, but.see)));
  for (const { slug, title, why } of requires) reasons.push(reason('Requires', link(`/patterns/${slug}/`, title), `: ${why}`));
  return reasons;
}

function marked({ segments }: Because): Node[] {
  return segments.map(({ text, marked }) => (marked ? node('mark', '', text) : document.createTextNode(text)));
}

function instead(text: string, see: string | undefined): Node {
  const place = node('span', 'instead', '→ ');
  place.append(see === undefined ? text : link(`/patterns/${see}/`, text));
  return place;
}

function reason(name: string, ...content: (Node | string)[]): HTMLElement {
  const row = node('div', '');
  const value = node('dd', '');
  value.append(...content);
  row.append(node('dt', '', name), value);
  return row;
}

/** The catalogue's own drawing; parsed as a document of its own, where nothing runs. */
function drawing(svg: string): Node {
  return document.importNode(new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement, true);
}

function link(address: string, text: string): HTMLAnchorElement {
  const anchor = document.createElement('a');
  anchor.href = address;
  anchor.textContent = text;
  return anchor;
}

function node(tag: string, name: string, text = ''): HTMLElement {
  const element = document.createElement(tag);
  if (name !== '') element.className = name;
  element.textContent = text;
  return element;
}
