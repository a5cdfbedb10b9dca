import { nearestWord } from '../../src/catalogue/violations.ts';
import { headingsOf } from './page-text.ts';

/** Fixed headings in order; `optional` ones may be left out. */
export interface Outline { headings: readonly string[]; optional: readonly string[] }

/** Each way in which the headings of a page differ from the outline, as a sentence that says how to mend it. */
export function outlineProblems(file: string, found: readonly string[], { headings, optional }: Outline): string[] {
  const missing = headings.filter((heading) => !optional.includes(heading) && !found.includes(heading))
    .map((heading) => `${file}: the heading "## ${heading}" is missing; it belongs after "## ${headings[headings.indexOf(heading) - 1] ?? 'the lead'}"`);
  const extra = found.filter((heading) => !headings.includes(heading)).map((heading) => {
    const near = nearestWord(heading, headings);
    return `${file}: found "## ${heading}"; expected one of ${headings.join(', ')}.${near === undefined ? ' Use "###" below one of them.' : ` Did you mean "${near}"?`}`;
  });
  const twice = found.filter((heading, index) => found.indexOf(heading) !== index).map((heading) => `${file}: the heading "## ${heading}" stands there twice`);
  if (missing.length + extra.length + twice.length > 0) return [...missing, ...extra, ...twice];
  const ordered = headings.filter((heading) => found.includes(heading));
  const at = found.findIndex((heading, index) => heading !== ordered[index]);
  return at < 0 ? [] : [`${file}: found "## ${found[at]}" where "## ${ordered[at]}" belongs; the order is ${ordered.join(', ')}`];
}

/** The template is the specification of a pattern page. */
export function patternOutline(template: string): Outline {
  return { headings: headingsOf(template, 2), optional: ['Try it', 'Variants'] };
}

export const problemOutline: Outline = {
  headings: ['What you see', 'Tell them apart', 'What makes it worse', 'What to try, in order', 'Sources'],
  optional: [],
};

/** A guide finds its own way; it says where it stops, and what it rests on. */
export const lastOfGuide = ['When to stop', 'Sources'];
