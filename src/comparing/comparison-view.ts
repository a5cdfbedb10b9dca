/** Two to four patterns side by side: what decides first, then a table whose head stays in sight. */
import { categoryLabels } from '../catalogue/names.ts';
import { leading } from '../citing/pattern-option.ts';
import { hasPage } from './compared.ts';
import type { Compared } from './compared.ts';
import { decidingOf } from './deciding.ts';
import type { Deciding } from './deciding.ts';
import { forceRows, forceWord } from './differences.ts';
import { part, sign } from './part.ts';
import type { Part, PartElement } from './part.ts';
import { cell, letterOf, rowHead } from './table-view.ts';
import { axisTableRows, badge, tradeOffFigure, weighed } from './trade-off-view.ts';

/** @param deciding where more is known than the patterns say of each other */
export function comparisonView(compared: readonly Compared[], deciding = decidingOf(compared)): PartElement[] {
  return [
    decides(deciding),
    part('label', { class: 'only-differences' }, part('input', { type: 'checkbox' }), ' Hide what is the same for all'),
    part(
      'table', { class: `comparison stacks of${compared.length}` },
      part('caption', { class: 'sr-only' }, `${compared.map(({ data }) => data.title).join(', ')} side by side`),
      part('thead', {}, part('tr', {}, part('td', {}), ...compared.map((each, at) => columnHead(each, at)))),
      part(
        'tbody', {},
        listRow('problem', 'Problem', compared, (each) => problemOf(each, compared)),
        ...forces(compared),
        listRow('not-when', 'Not when', compared, (each) => notWhen(each, compared)),
        listRow('use-when', 'Use it when', compared, ({ data }) => [bullets(data.useWhen)]),
        ...tradeOffs(compared),
        ...(compared.some(({ costs }) => costs.length > 0) ? [listRow('costs', 'What it costs', compared, (each) => (each.costs.length === 0 ? [unsaid()] : [...each.costs.map((text) => part('p', {}, text)), way(each, 'what-it-costs', 'with its sources')]))] : []),
        ...(compared.some(({ words }) => words.watch.length > 0) ? [listRow('watch', 'What to watch', compared, ({ words }) => (words.watch.length === 0 ? [unsaid()] : [bullets(words.watch)]))] : []),
        ...says(compared),
        ...(compared.some(({ sources }) => sources.length > 0) ? [listRow('sources', 'Sources', compared, (each) => sources(each, compared))] : []),
      ),
    ),
  ];
}

function decides({ first, from, more }: Deciding): PartElement {
  return part(
    'section', { class: 'decides', 'aria-labelledby': 'what-decides' },
    part('h2', { class: 'kicker', id: 'what-decides' }, 'What decides'),
    part('p', { class: 'deciding' }, first),
    ...(from === undefined ? [] : [part('p', { class: 'deciding-from' }, 'From the problem ', part('a', { href: `/problems/${from.slug}/` }, from.title))]),
    ...(more.length === 0 ? [] : [part('ul', {}, ...more.map((text) => part('li', {}, text)))]),
  );
}

function columnHead(each: Compared, at: number): PartElement {
  const { slug, data: { title, category } } = each;
  return part(
    'th', { scope: 'col', class: `in-${category}` },
    badge(letterOf(at)), ' ',
    hasPage(each) ? part('a', { href: `/patterns/${slug}/` }, title) : title,
    part('small', {}, categoryLabels[category], each.data.status === 'superseded' ? ' · superseded' : hasPage(each) ? each.data.status === 'draft' ? ' · draft' : '' : ' · page in preparation'),
  );
}

/** @param id of its heading, so that a row can be linked */
function listRow(id: string, heading: string, compared: readonly Compared[], content: (each: Compared) => readonly Part[]): PartElement {
  return part('tr', {}, rowHead(rowName(id, heading)), ...compared.map((each) => cell(each, ...content(each))));
}

/** The head of a row takes no heading (HTML, content model of `th`). */
function rowName(id: string, name: string): PartElement {
  return part('span', { class: 'row-name', id }, name);
}

function groupRow(id: string, heading: string, note: string, compared: readonly Compared[], ...below: readonly Part[]): PartElement {
  return part('tr', { class: 'group' }, part('th', { scope: 'rowgroup', colspan: String(compared.length + 1) }, rowName(id, heading), part('p', {}, note), ...below));
}

/** Problems that others answer as well come first. */
function problemOf(each: Compared, compared: readonly Compared[]): Part[] {
  const { words: { question }, data: { description } } = each;
  const shared = each.problems.filter(({ slug }) => compared.some((other) => other !== each && other.problems.some((problem) => problem.slug === slug)));
  const problems = [...shared, ...each.problems.filter((problem) => !shared.includes(problem))];
  const shown = problems.slice(0, Math.max(mostProblems, shared.length));
  return [
    ...(question === undefined ? [] : [part('p', { class: 'asked' }, question)]),
    part('p', {}, description),
    ...(shown.length === 0 ? [] : [part('ul', { class: 'answers' }, ...shown.map((problem) => part('li', {}, part('a', { href: `/problems/${problem.slug}/` }, problem.title), ...(shared.includes(problem) ? alsoOfAnother() : []))))]),
    ...(problems.length > shown.length ? [part('p', { class: 'answers' }, `and ${problems.length - shown.length} more`)] : []),
  ];
}

const mostProblems = 3;

function alsoOfAnother(): Part[] {
  return [' ', part('span', { class: 'verdict' }, sign('='), ' also of another')];
}

function forces(compared: readonly Compared[]): PartElement[] {
  const rows = forceRows(compared);
  if (rows.length === 0) return [];
  return [
    groupRow('forces', 'Forces', 'What is true of your system, and what it says to each. Those that tell them apart come first.', compared),
    ...rows.map(({ text, values, verdict }) => part('tr', { class: `weighs ${verdict}` }, rowHead(text, verdict), ...values.map((value, at) => {
      const { sign: mark, word } = forceWord(value);
      return cell(compared[at], part('p', { 'data-value': String(value) }, sign(mark), ' ', word));
    }))),
  ];
}

/** Exceptions that lead to another of those compared come first, with its name. */
function notWhen(each: Compared, compared: readonly Compared[]): Part[] {
  const others = compared.filter((other) => other !== each);
  return [part('ul', {}, ...leading(each, ...others.map(({ slug }) => slug)).map(({ when, instead, see }) => {
    const to = others.find(({ slug }) => slug === see);
    const named = each.others.find(({ slug }) => slug === see);
    const text: Part = named?.hasPage === true && to === undefined ? part('a', { href: `/patterns/${named.slug}/` }, instead) : instead;
    return part('li', {}, `${when} `, part('span', { class: 'instead' }, sign('→'), ' ', part('span', { class: 'sr-only' }, 'Instead: '), ...(to === undefined ? [] : [part('strong', {}, to.data.title), ': ']), text));
  }))];
}

function tradeOffs(compared: readonly Compared[]): PartElement[] {
  const drawn = weighed(compared);
  if (drawn.length === 0) return [];
  return [
    groupRow('trade-offs', 'Trade-offs', 'What changes with the pattern, from much worse to much better.', compared, ...(drawn.length < 2 ? [] : [tradeOffFigure(compared)])),
    ...axisTableRows(compared),
  ];
}

function says(compared: readonly Compared[]): PartElement[] {
  const slugs = compared.map(({ slug }) => slug);
  const said = (each: Compared) => each.says.filter(({ about }) => slugs.includes(about) && about !== each.slug);
  if (compared.every((each) => said(each).length === 0)) return [];
  return [listRow('of-each-other', 'Of each other', compared, (each) => (said(each).length === 0 ? [unsaid('Its page does not compare them.')] : said(each).flatMap(({ heading, id, text }) => [part('p', {}, part('strong', {}, `${heading}: `), text), way(each, id, 'on its page')])))];
}

function sources({ slug, sources: own }: Compared, compared: readonly Compared[]): Part[] {
  if (own.length === 0) return [unsaid()];
  const elsewhere = (url: string): boolean => compared.some((other) => other.slug !== slug && other.sources.some((source) => source.url === url));
  return [part('ul', {}, ...own.map(({ title, name, url }) => part('li', {}, part('a', { href: url }, title), `, ${name}`, ...(elsewhere(url) ? alsoOfAnother() : []))))];
}

function bullets(items: readonly string[]): PartElement {
  return part('ul', {}, ...items.map((item) => part('li', {}, item)));
}

function way({ slug, data: { title } }: Compared, id: string, words: string): PartElement {
  return part('p', { class: 'way' }, part('a', { href: `/patterns/${slug}/#${id}`, 'aria-label': `${title}, ${words}` }, words));
}

function unsaid(text = 'Its page is still to be written.'): PartElement {
  return part('span', { class: 'unsaid' }, text);
}
