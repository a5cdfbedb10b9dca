/** Cells of a comparison: what a row is called, whether its cells differ, and whose each is once they lie below each other. */
import { verdictWords } from './differences.ts';
import type { Verdict, Weighable } from './differences.ts';
import { part, sign } from './part.ts';
import type { Part, PartElement } from './part.ts';

export function letterOf(at: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + at);
}

export function rowHead(text: Part, verdict?: Verdict): PartElement {
  const { sign: mark, word } = verdict === undefined ? { sign: '', word: '' } : verdictWords[verdict];
  return part('th', { scope: 'row' }, text, ...(verdict === undefined ? [] : [' ', part('span', { class: 'verdict' }, sign(mark), ' ', word)]));
}

/** @param compared whose cell it is */
export function cell(compared: Weighable | undefined, ...children: readonly Part[]): PartElement {
  return part('td', { 'data-label': compared?.data.title ?? '' }, ...children);
}
