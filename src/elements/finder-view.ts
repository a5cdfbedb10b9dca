/** The finder's answer as elements. */
import { combinationsOf } from '../finder/combinations.ts';
import type { Combination } from '../finder/combinations.ts';
import type { Corpus, PatternCard } from '../finder/corpus.ts';
import { explain, sentenceOf } from '../finder/explain.ts';
import type { Because } from '../finder/explain.ts';
import { anythingFits, fitLabels, fitOf, recommended } from '../finder/fit.ts';
import { forceTexts } from '../finder/force-texts.ts';
import { missesOf, suspects } from '../finder/misses.ts';
import type { Miss } from '../finder/misses.ts';
import type { Answer, NotWhen } from '../finder/pages.ts';
import type { Hit, Ranking } from '../finder/rank.ts';
import { copyWith, drawing, link, node, button } from './nodes.ts';
import type { Child } from './nodes.ts';

/** What `/find/answers/<slug>.json` holds. */
export type Answered = Answer & { /** SVG text. */ glyph: string };

export interface View {
  content: Node;
  fits: boolean;
  /** Those shown, in their order. */
  cards: readonly PatternCard[];
  /** All that comes later is there. */
  complete: Promise<void>;
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
  const cards = hits.flatMap((hit) => cardOf(corpus, hit.slug) ?? []);
  const shown = cards.map(({ slug }) => slug);
  const content = document.createDocumentFragment();
  if (fits) content.append(headline(corpus, ranking, cards.length));
  else content.append(...nothingFits(question, report, cards.length));
  const answers = new Map(hits.map((hit) => [hit.slug, reasons(hit.slug)]));
  if (cards.length > 0) {
    const list = node('ol', 'findings');
    hits.forEach((hit, place) => {
      const [card, answer] = [cards[place], answers.get(hit.slug)];
      if (card !== undefined && answer !== undefined) list.append(finding(corpus, ranking, hit, card, answer));
    });
    content.append(list);
  }
  const together = node('div', 'finder-together');
  const instead = node('div', 'finder-misses');
  content.append(together, instead);
  const complete = (async () => {
    const known = await settled(answers);
    if (!fits) return;
    together.append(...combinationsOf(shown, known).slice(0, 2).map((pair) => combination(corpus, pair)));
    const doubtful = await settled(new Map(suspects(ranking, shown).map(({ slug }) => [slug, reasons(slug)])));
    const misses = missesOf(corpus, ranking, shown, doubtful);
    if (misses.length > 0) instead.append(node('h3', '', 'What not to use'), node('ul', '', ...misses.map((miss) => missed(corpus, miss))));
  })();
  return { content, fits, cards, complete };
}

/** What a screen reader hears after the reader has paused. */
export function sentenceFor({ fits, cards }: View, question: boolean): string {
  const [first] = cards;
  if (first === undefined) return 'Nothing fits.';
  const next = question ? ' One question would help.' : '';
  return fits ? `${cards.length} ${cards.length === 1 ? 'pattern' : 'patterns'}; first: ${first.title}.${next}` : `Nothing fits well; the closest: ${first.title}.`;
}

/** Those that could be loaded. */
export async function settled(answers: ReadonlyMap<string, Promise<Answered>>): Promise<Map<string, Answered>> {
  const known = new Map<string, Answered>();
  await Promise.allSettled([...answers].map(async ([slug, answer]) => known.set(slug, await answer)));
  return known;
}

export function cardOf(corpus: Corpus, slug: string): PatternCard | undefined {
  return corpus.patterns.find((card) => card.slug === slug);
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

function finding(corpus: Corpus, ranking: Ranking, hit: Hit, card: PatternCard, answer: Promise<Answered>): HTMLElement {
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
  answer.then((answered) => {
    glyph.append(drawing(answered.glyph));
    description.textContent = answered.description;
    why.append(...reasonsOf(corpus, ranking, hit, answered));
    if (card.outline) text.append(...inPreparation(corpus, answered));
    else side.append(citing(card, answered));
  }).catch(() => why.append(reason('Because', ['the reasons could not be loaded.'])));
  return node('li', `finding in-${card.category}`, glyph, text, side);
}

function reasonsOf(corpus: Corpus, ranking: Ranking, hit: Hit, answered: Answered): HTMLElement[] {
  const { because, terms, but, moves } = explain(corpus, ranking, hit, answered);
  const speaking = (sign: number): Child[][] => (['claim', 'force'] as const).flatMap((kind) => {
    const texts = moves.filter((move) => move.kind === kind && move.points * sign > 0).map(sentenceOf);
    return texts.length === 0 ? [] : [[`${kind === 'claim' ? 'You said' : 'Your system'}: ${texts.join(' · ')}`]];
  });
  const pros: Child[][] = [
    ...(because === undefined ? [] : [marked(because)]),
    ...speaking(1),
    ...(terms.length > 0 ? [[node('span', 'finding-words', `Your words: ${terms.join(' · ')}`)]] : []),
  ];
  const cons: Child[][] = [
    ...speaking(-1),
    ...(but === undefined ? [] : [['Not if: ', ...notWhenLine(corpus, but)]]),
    ...answered.companions.filter(({ as }) => as === 'requires').map(({ slug, why }): Child[] => ['Requires ', named(corpus, slug), `: ${why}`]),
  ];
  const often = answered.companions.filter(({ as }) => as === 'complements').slice(0, 3);
  return [
    ...(pros.length > 0 ? [reason('Because', ...pros)] : []),
    ...(cons.length > 0 ? [reason('But', ...cons)] : []),
    ...(often.length > 0 ? [reason('Often with', often.flatMap(({ slug }, at): Child[] => [...(at > 0 ? [' · '] : []), named(corpus, slug)]))] : []),
  ];
}

/** What stands on a page, where there is none yet. */
function inPreparation(corpus: Corpus, { useWhen, notWhen, elsewhere }: Answered): HTMLElement[] {
  const use = node('details', 'finding-outline', node('summary', '', 'When to use it, and when not'));
  use.append(
    node('p', '', 'Use it when'), node('ul', '', ...useWhen.map((text) => node('li', '', text))),
    node('p', '', 'Not when'), node('ul', '', ...notWhen.map((each) => node('li', '', ...notWhenLine(corpus, each)))),
  );
  if (elsewhere.length === 0) return [use];
  return [use, node('p', 'finding-elsewhere', 'Meanwhile, in other catalogues: ', ...elsewhere.flatMap(({ name, url }, at): Child[] => [...(at > 0 ? [' · '] : []), link(url, name)]))];
}

function citing({ slug, title }: PatternCard, { version }: Answered): HTMLElement {
  const text = `[${title}](${location.origin}/patterns/${slug}/)${version === undefined ? '' : `, Pattern Atlas, version ${version}`}`;
  const cite = button('quiet', 'Cite', (pressed) => void copyWith(pressed, text));
  cite.setAttribute('aria-label', `Cite ${title}: copy a Markdown link with the version`);
  return cite;
}

function combination(corpus: Corpus, { first, second, as, why }: Combination): HTMLElement {
  return node('p', '', node('strong', '', 'They work together: '), named(corpus, first), as === 'requires' ? ' requires ' : ' goes with ', named(corpus, second), `. ${why.replace(/\.$/, '')}.`);
}

function missed(corpus: Corpus, { slug, notWhen, force, hard }: Miss): HTMLElement {
  const item = node('li', '', named(corpus, slug), ': ');
  if (notWhen !== undefined) item.append('not when ', ...notWhenLine(corpus, { ...notWhen, when: lowered(notWhen.when) }));
  else if (force !== undefined) item.append(`${hard === true ? 'ruled out, since you said that this must hold' : 'speaks against it'}: ${forceTexts[force]}.`);
  return item;
}

function notWhenLine(corpus: Corpus, { when, instead, see }: NotWhen): Child[] {
  const text = instead.replace(/\.$/, '');
  return [`${when.replace(/\.$/, '')} `, node('span', 'instead', '→ ', see === undefined || cardOf(corpus, see)?.outline !== false ? text : link(`/patterns/${see}/`, text))];
}

/** A link where there is a page to go to. */
function named(corpus: Corpus, slug: string): Child {
  const card = cardOf(corpus, slug);
  return card === undefined || card.outline ? card?.title ?? slug : link(`/patterns/${slug}/`, card.title);
}

/** In the middle of a sentence; a word with more capitals is a name. */
function lowered(text: string): string {
  return /^(The|A|An|You|Your|It|There|One|Two|No|Nothing|Nobody|All|Each|Every)\b/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

function marked({ segments }: Because): Node[] {
  return segments.map(({ text, marked }) => (marked ? node('mark', '', text) : document.createTextNode(text)));
}

function reason(name: string, ...lines: Child[][]): HTMLElement {
  return node('div', '', node('dt', '', name), ...lines.map((line) => node('dd', '', ...line)));
}
