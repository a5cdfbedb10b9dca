/** The fixed headings of a kind of page, and how those of a page differ from them. */
import { nearestWord } from '../catalogue/nearest.ts';
import type { Heading } from './mdx-page.ts';

/** In order; `optional` ones may be left out. */
export interface Outline { headings: readonly string[]; optional: readonly string[] }

export type Difference =
  | { kind: 'missing'; title: string; /** Fixed heading that stands behind it, and the heading before which it belongs. */ behind: string | undefined; before: Heading | undefined }
  | { kind: 'misspelt'; heading: Heading; title: string }
  | { kind: 'extra'; heading: Heading }
  | { kind: 'twice'; heading: Heading }
  | { kind: 'moved'; heading: Heading; behind: string | undefined };

export const problemOutline: Outline = {
  headings: ['What you see', 'Tell them apart', 'What makes it worse', 'What to try, in order', 'Sources'],
  optional: [],
};

/** Those of a pattern page that may be left out; the others are the headings of `_template.mdx`. */
export const optionalInPattern = ['Try it', 'Variants'];

/** A guide finds its own way; it says where it stops, and what it rests on. */
export const lastOfGuide = ['When to stop', 'Sources'];

/** All differences at once; a heading that is nearly a fixed one counts as that one. */
export function differences(found: readonly Heading[], { headings, optional }: Outline): Difference[] {
  const result: Difference[] = [];
  const first = new Map<string, Heading>();
  const absent = headings.filter((title) => !found.some(({ text }) => text === title));
  for (const heading of found) {
    const near = headings.includes(heading.text) ? undefined : nearestWord(heading.text, absent.filter((title) => !first.has(title)));
    const title = near ?? heading.text;
    if (near !== undefined) result.push({ kind: 'misspelt', heading, title: near });
    else if (!headings.includes(title)) result.push({ kind: 'extra', heading });
    else if (first.has(title)) result.push({ kind: 'twice', heading });
    if (headings.includes(title) && !first.has(title)) first.set(title, heading);
  }
  const inPlace = longestRising([...first].sort(([, a], [, b]) => a.start - b.start).map(([title]) => headings.indexOf(title))).map((index) => headings[index] ?? '');
  for (const [title, heading] of first) {
    if (!inPlace.includes(title)) result.push({ kind: 'moved', heading, behind: inPlace.filter((each) => headings.indexOf(each) < headings.indexOf(title)).at(-1) });
  }
  for (const title of headings.filter((each) => !first.has(each) && !optional.includes(each))) {
    const place = headings.indexOf(title);
    result.push({ kind: 'missing', title, behind: headings[place - 1], before: first.get(headings.slice(place + 1).find((each) => inPlace.includes(each)) ?? '') });
  }
  return result;
}

/** The most numbers that already stand in rising order: what is left of them has to move. */
function longestRising(numbers: readonly number[]): number[] {
  const best = numbers.map((): number[] => []);
  numbers.forEach((number, index) => {
    const before = best.slice(0, index).filter((row) => (row.at(-1) ?? -1) < number).reduce<number[]>((longest, row) => (row.length > longest.length ? row : longest), []);
    best[index] = [...before, number];
  });
  return best.reduce<number[]>((longest, row) => (row.length > longest.length ? row : longest), []);
}
