/** What tells patterns apart on forces and trade-offs, as a sign and as a word. */
import { tradeOffAxes } from '../catalogue/vocabulary.ts';
import type { Force, TradeOffAxis } from '../catalogue/vocabulary.ts';
import { patternDrivers } from '../citing/pattern-drivers.ts';
import type { Compared } from './compared.ts';

/** `apart`: one says yes where another says no. */
export type Verdict = 'apart' | 'differs' | 'same';

/** All that the axes need of a pattern. */
export interface Weighable { data: Pick<Compared['data'], 'title' | 'tradeOffs'> }

export interface Weighed { sign: string; word: string }

export interface ForceRow { force: Force; text: string; values: readonly number[]; verdict: Verdict }
export interface AxisRow { axis: TradeOffAxis; label: string; values: readonly ({ value: number; why: string } | undefined)[]; verdict: Verdict | undefined }

export const verdictWords: Record<Verdict, Weighed> = {
  apart: { sign: '≠', word: 'opposed' },
  differs: { sign: '≠', word: 'different' },
  same: { sign: '=', word: 'the same' },
};

/** Those that tell most come first; what speaks neither for nor against any of them is left out. */
export function forceRows(compared: readonly Compared[]): ForceRow[] {
  return patternDrivers(compared).map(({ force, text }) => {
    const values = compared.map(({ data }) => data.forces[force] ?? 0);
    return { force, text, values, verdict: verdictOf(values) };
  });
}

/** In the fixed order; axes of which no page says anything are left out. A verdict needs the word of all. */
export function axisRows(compared: readonly Weighable[]): AxisRow[] {
  return (Object.keys(tradeOffAxes) as TradeOffAxis[]).flatMap((axis) => {
    const values = compared.map(({ data }) => data.tradeOffs[axis] ?? (Object.keys(data.tradeOffs).length > 0 ? { value: 0, why: '' } : undefined));
    if (values.every((each) => each === undefined || each.why === '')) return [];
    const weights = values.flatMap((each) => each?.value ?? []);
    return [{ axis, label: tradeOffAxes[axis], values, verdict: weights.length < values.length ? undefined : verdictOf(weights) }];
  });
}

export function forceWord(value: number): Weighed {
  const word = ['speaks strongly against it', 'speaks against it', 'says nothing of it', 'speaks for it', 'speaks strongly for it'][value + 2];
  return { sign: signOf(value), word: word ?? '' };
}

export function axisWord(value: number): Weighed {
  const word = ['much worse', 'worse', 'about the same', 'better', 'much better'][value + 2];
  return { sign: signOf(value), word: word ?? '' };
}

export function verdictOf(values: readonly number[]): Verdict {
  if (values.every((value) => value === values[0])) return 'same';
  return values.some((value) => value > 0) && values.some((value) => value < 0) ? 'apart' : 'differs';
}

function signOf(value: number): string {
  return value === 0 ? '·' : (value > 0 ? '+' : '−').repeat(Math.abs(value));
}
