/** Why a pattern was found, what speaks against it, and what stands on a page where there is none. */
import type { Corpus, PatternCard } from '../finder/corpus.ts';
import { explain, sentenceOf } from '../finder/explain.ts';
import type { Because } from '../finder/explain.ts';
import type { NotWhen } from '../finder/pages.ts';
import type { Hit, Ranking } from '../finder/rank.ts';
import { cardOf } from './answered.ts';
import type { Answered } from './answered.ts';
import { fromRoot } from './from-root.ts';
import { button, copyWith, link, node } from './nodes.ts';
import type { Child } from './nodes.ts';

/** Of a card that was shown without what its page says. */
export interface CardPlaces { card: PatternCard; glyph: HTMLElement; description: HTMLElement; why: HTMLElement; text: HTMLElement; side: HTMLElement }

export function fillCard({ card, glyph, description, why, text, side }: CardPlaces, corpus: Corpus, ranking: Ranking, hit: Hit, answered: Answered): void {
  glyph.append(drawing(answered.glyph));
  description.textContent = answered.description;
  why.append(...reasonsOf(corpus, ranking, hit, answered));
  if (card.outline) text.append(...inPreparation(corpus, card.slug, answered));
  else side.append(citing(card, answered));
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

/** What stands on a page, where there is none yet or only a draft. */
function inPreparation(corpus: Corpus, slug: string, { useWhen, notWhen, elsewhere, draft }: Answered): HTMLElement[] {
  const use = node('details', 'finding-outline', node('summary', '', 'When to use it, and when not'));
  use.append(
    node('p', '', 'Use it when'), node('ul', '', ...useWhen.map((text) => node('li', '', text))),
    node('p', '', 'Not when'), node('ul', '', ...notWhen.map((each) => node('li', '', ...notWhenLine(corpus, each)))),
  );
  const begun = draft === true ? [node('p', 'finding-elsewhere', link(`/patterns/${slug}/`, 'Read the draft'), ', which nobody has reviewed yet.')] : [];
  if (elsewhere.length === 0) return [use, ...begun];
  return [use, ...begun, node('p', 'finding-elsewhere', 'Meanwhile, in other catalogues: ', ...elsewhere.flatMap(({ name, url }, at): Child[] => [...(at > 0 ? [' · '] : []), link(url, name)]))];
}

function citing({ slug, title }: PatternCard, { version }: Answered): HTMLElement {
  const text = `[${title}](${location.origin}${fromRoot(`/patterns/${slug}/`)})${version === undefined ? '' : `, Pattern Atlas, version ${version}`}`;
  const cite = button('quiet', 'Cite', (pressed) => void copyWith(pressed, text));
  cite.setAttribute('aria-label', `Cite ${title}: copy a Markdown link with the version`);
  return cite;
}

export function notWhenLine(corpus: Corpus, { when, instead, see }: NotWhen): Child[] {
  const text = instead.replace(/\.$/, '');
  return [`${when.replace(/\.$/, '')} `, node('span', 'instead', '→ ', see === undefined || cardOf(corpus, see)?.outline !== false ? text : link(`/patterns/${see}/`, text))];
}

/** A link where there is a page to go to. */
export function named(corpus: Corpus, slug: string): Child {
  const card = cardOf(corpus, slug);
  return card === undefined || card.outline ? card?.title ?? slug : link(`/patterns/${slug}/`, card.title);
}

function marked({ segments }: Because): Node[] {
  return segments.map(({ text, marked }) => (marked ? node('mark', '', text) : document.createTextNode(text)));
}

function reason(name: string, ...lines: Child[][]): HTMLElement {
  return node('div', '', node('dt', '', name), ...lines.map((line) => node('dd', '', ...line)));
}

/** The catalogue's own drawing; parsed as a document of its own, where nothing runs. */
function drawing(svg: string): Node {
  return document.importNode(new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement, true);
}
