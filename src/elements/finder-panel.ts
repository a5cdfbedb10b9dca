/** What a reader can answer beside the words: the one question that would help, forces, and symptoms. */
import type { Claim } from '../finder/claims.ts';
import type { Corpus } from '../finder/corpus.ts';
import type { Evidence, ForceAnswer } from '../finder/evidence.ts';
import { allForces, forceTexts } from '../finder/force-texts.ts';
import type { Force } from '../finder/force-texts.ts';
import { leading, questionsFor } from '../finder/questions.ts';
import type { Proposal, Question } from '../finder/questions.ts';
import type { Ranking } from '../finder/rank.ts';
import { button, node } from './nodes.ts';

/** How many rows are open before the reader asks for more. */
const shownForces = 5;
const shownSymptoms = 5;

export interface PanelInput {
  corpus: Corpus;
  ranking: Ranking;
  evidence: Evidence;
  claims: readonly Claim[];
  /** Of those that are shown. */
  shown: readonly string[];
  given: Given;
  skipped: ReadonlySet<string>;
  /** False when enough was asked. */
  mayAsk: boolean;
  answer: (question: Question, given: boolean | undefined) => void;
  takeBack: () => void;
}

export interface Given { forces: ReadonlyMap<Force, ForceAnswer>; claims: ReadonlyMap<string, boolean> }

/** Fills the panel. @returns the question, when there is one */
export function fillPanel(panel: HTMLElement, { corpus, ranking, evidence, claims, shown, given, skipped, mayAsk, answer, takeBack }: PanelInput): HTMLElement | undefined {
  // Conditions are asked only of patterns that are shown: of the others the reader has no idea.
  const open = claims.filter(({ kind, patterns }) => kind === 'symptom' || patterns.some((slug) => shown.includes(slug)));
  const proposals = questionsFor(corpus, ranking, evidence, open, skipped);
  const [best] = proposals;
  const titleOf = (slug: string): string => corpus.patterns.find((card) => card.slug === slug)?.title ?? slug;
  const card = best === undefined || !mayAsk ? undefined : questionCard(best, leading(ranking.patterns), titleOf, (value) => answer(best.question, value));
  const old = panel.querySelector('.question-card');
  const hadFocus = old?.contains(document.activeElement) === true;
  if (panel.querySelector('.panel-lists')?.contains(document.activeElement) === true) {
    // Rows that jump under the reader's hands cannot be answered.
    old?.remove();
    if (card !== undefined) panel.prepend(card);
  } else {
    const others = card === undefined ? proposals : proposals.slice(1);
    const symptoms = symptomList(others, evidence.claims.map(({ claim }) => claim), given);
    const lists = node('div', 'panel-lists', ...(symptoms === undefined ? [] : [symptoms]), forceList(others, given, panel.querySelector<HTMLDetailsElement>('.more-forces')?.open ?? false));
    if (given.forces.size + given.claims.size > 0) lists.append(button('quiet', 'Take all answers back', takeBack));
    panel.replaceChildren(...(card === undefined ? [] : [card]), lists);
  }
  if (hadFocus) (card?.querySelector('button') ?? panel.querySelector<HTMLElement>('input'))?.focus();
  return card;
}

/** On a narrow screen the question stands far below. */
export function wayTo({ id }: HTMLElement): HTMLElement {
  const way = node('a', 'to-question', 'One question would help');
  way.href = `#${id}`;
  return way;
}

/** @param now the leading patterns at present */
function questionCard({ question, yes, no }: Proposal, now: readonly string[], titleOf: (slug: string) => string, answer: (given: boolean | undefined) => void): HTMLElement {
  const text = node('p', 'question-text', wording(question));
  text.id = 'one-question-text';
  let given = false;
  const press = (value: boolean | undefined) => () => {
    // The card stays until the next is there.
    if (!given) answer(value);
    given = true;
  };
  const choices = node('div', 'pills', button('chip', 'Yes', press(true)), button('chip', 'No', press(false)), button('chip', 'Don’t know', press(undefined)));
  choices.role = 'group';
  choices.setAttribute('aria-labelledby', text.id);
  const card = node(
    'section', 'question-card', node('h3', 'kicker', 'One question would help'), node('p', 'question-ask', asking(question)), text, choices,
    node('p', 'question-effect', node('strong', '', 'Yes: '), `${effect(now, yes, titleOf)}. `, node('strong', '', 'No: '), `${effect(now, no, titleOf)}.`),
  );
  card.id = 'one-question';
  card.tabIndex = -1;
  return card;
}

/** Those answered, then those that tell most, the others behind a summary. */
function forceList(proposals: readonly Proposal[], given: Given, open: boolean): HTMLElement {
  const telling = proposals.flatMap(({ question }) => (question.kind === 'force' ? [question.force] : []));
  const first = [...new Set([...given.forces.keys(), ...telling])].slice(0, Math.max(shownForces, given.forces.size));
  const others = allForces.filter((force) => !first.includes(force));
  const rest = node('details', 'more-forces', node('summary', '', first.length === 0 ? `${others.length} things that may be true` : `${others.length} more`), ...others.map((force) => forceRow(force, given.forces.get(force))));
  rest.open = open;
  return node('section', 'panel-forces', node('h3', '', 'What is true of your system?'), ...first.map((force) => forceRow(force, given.forces.get(force))), rest);
}

function symptomList(proposals: readonly Proposal[], answered: readonly Claim[], given: Given): HTMLElement | undefined {
  const telling = proposals.flatMap(({ question }) => (question.kind === 'claim' && question.claim.kind === 'symptom' ? [question.claim] : []));
  const claims = [...answered, ...telling.slice(0, Math.max(0, shownSymptoms - answered.length))];
  return claims.length === 0 ? undefined : node('section', 'panel-symptoms', node('h3', '', 'What else do you see?'), ...claims.map((claim) => claimRow(claim, given.claims.get(claim.id))));
}

function forceRow(force: Force, given: ForceAnswer | undefined): HTMLElement {
  return row(force, 'force', forceTexts[force], [['applies', 'Yes'], ['must', 'Must hold'], ['not', 'No'], ['', 'Don’t know']], given ?? '');
}

function claimRow({ id, text }: Claim, given: boolean | undefined): HTMLElement {
  return row(id, 'claim', text, [['yes', 'Yes'], ['no', 'No'], ['', 'Don’t know']], given === undefined ? '' : given ? 'yes' : 'no');
}

/** Radio buttons: one stop of the tabulator a row, arrows choose. */
function row(name: string, kind: string, text: string, choices: readonly (readonly [string, string])[], given: string): HTMLElement {
  const pills = choices.map(([value, label]) => {
    const input = node('input');
    Object.assign(input, { type: 'radio', name, value, checked: value === given });
    return node('label', value === '' ? 'chip unknown' : 'chip', input, label);
  });
  const fieldset = node('fieldset', 'answer-row', node('legend', '', text), node('div', 'pills', ...pills));
  fieldset.dataset['kind'] = kind;
  return fieldset;
}

function wording(question: Question): string {
  return question.kind === 'force' ? forceTexts[question.force] : question.claim.text;
}

function asking(question: Question): string {
  if (question.kind === 'force') return 'Is this true of your system?';
  return question.claim.kind === 'symptom' ? 'Do you see this, too?' : 'Is this so?';
}

function effect(now: readonly string[], after: readonly string[], titleOf: (slug: string) => string): string {
  const [first = ''] = after;
  if (first !== now[0]) return `${titleOf(first)} comes first`;
  const joining = after.find((slug) => !now.includes(slug));
  if (joining !== undefined) return `${titleOf(first)} stays first, ${titleOf(joining)} moves up`;
  return after[1] === now[1] ? `${titleOf(first)} stays first` : `${titleOf(first)} stays first, ${titleOf(after[1] ?? '')} comes second`;
}
