/** Patterns on the fixed axes: a figure that shows where each stands, and a table that says why. */
import { axisRows, axisWord } from './differences.ts';
import type { AxisRow, Weighable } from './differences.ts';
import { joined, part, sign } from './part.ts';
import type { Part, PartElement } from './part.ts';
import { cell, letterOf, rowHead } from './table-view.ts';

const scale = [-2, -1, 0, 1, 2];

/** Only where pages weigh trade-offs is there something to draw. */
export function weighed<Pattern extends Weighable>(compared: readonly Pattern[]): Pattern[] {
  return compared.filter(({ data }) => Object.keys(data.tradeOffs).length > 0);
}

/** Says the same as the table beside it, so that it is only for the eye. */
export function tradeOffFigure(compared: readonly Weighable[]): PartElement {
  const drawn = weighed(compared);
  const letter = (each: Weighable): string => letterOf(compared.indexOf(each));
  return part(
    'figure', { class: 'axes' },
    part('figcaption', {}, ...joined(drawn.map((each) => part('span', {}, badge(letter(each)), ' ', each.data.title)), ' ')),
    part(
      'div', { class: 'axes-drawn', 'aria-hidden': 'true' },
      part('p', { class: 'axes-scale' }, ...scale.map((value) => part('span', {}, axisWord(value).word))),
      ...axisRows(drawn).map((row) => axisLine(row, drawn.map(letter))),
    ),
  );
}

/** A row an axis: marks as sign and word, with the reason. */
export function axisTableRows(compared: readonly Weighable[]): PartElement[] {
  return axisRows(compared).map(({ label, values, verdict }) => part(
    'tr', { class: `weighs ${verdict ?? ''}`.trim() },
    rowHead(label, verdict),
    ...values.map((value, at) => cell(compared[at], ...reason(value))),
  ));
}

function reason(given: AxisRow['values'][number]): Part[] {
  if (given === undefined) return [part('span', { class: 'unsaid' }, 'not weighed yet')];
  const { sign: mark, word } = axisWord(given.value);
  return [part('p', { 'data-value': String(given.value) }, sign(mark), ' ', word), ...(given.why === '' ? [] : [part('p', { class: 'why' }, given.why)])];
}

function axisLine({ label, values }: AxisRow, letters: readonly string[]): PartElement {
  const weights = values.map((given) => given?.value ?? 0);
  const [low, high] = [Math.min(...weights), Math.max(...weights)];
  return part(
    'div', { class: 'axis' },
    part('span', { class: 'axis-name' }, label),
    part(
      'span', { class: 'axis-line' },
      ...(low === high ? [] : [part('span', { class: `axis-span from${low + 2} to${high + 2}` })]),
      ...scale.map((value) => part('span', { class: 'axis-place' }, ...weights.flatMap((weight, at) => (weight === value ? [badge(letters[at] ?? '')] : [])))),
    ),
  );
}

/** The table of one problem: its candidates, as far as their pages are written. */
export function tradeOffTable(compared: readonly Weighable[]): PartElement {
  return part(
    'table', { class: 'axes-table stacks' },
    part('thead', {}, part('tr', {}, part('th', { scope: 'col' }, 'Axis'), ...compared.map(({ data }, at) => part('th', { scope: 'col' }, badge(letterOf(at)), ' ', data.title)))),
    part('tbody', {}, ...axisTableRows(compared)),
  );
}

export function badge(letter: string): PartElement {
  return part('b', { class: 'badge' }, letter);
}
