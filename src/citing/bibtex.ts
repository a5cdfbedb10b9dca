/** An entry for biblatex, which older styles understand as far as they go. */
import { atlas, authors } from './authorship.ts';
import { citationKey } from './citation-key.ts';
import type { CitedPage } from './cited-page.ts';
import { dayOf } from './day.ts';

export function bibtex(page: CitedPage): string {
  const { title, description, pinned, version, date } = page;
  const fields: [name: string, value: string][] = [
    // A second pair of braces keeps an organisation in one piece, and the capitals of a title.
    ['author', `{${latex(authors)}}`],
    ['title', `{${latex(title)}}`],
    ['organization', latex(atlas)],
    ['version', latex(version)],
    ['date', date],
    // Biblatex reads `date` and `url`; styles that are older than both read these two.
    ['year', String(dayOf(date).year)],
    ['howpublished', `\\url{${pinned}}`],
    ['url', pinned],
    ['langid', 'british'],
    ['abstract', latex(description)],
  ];
  const width = Math.max(...fields.map(([name]) => name.length));
  return `@online{${citationKey(page)},\n${fields.map(([name, value]) => `  ${name.padEnd(width)} = {${value}}`).join(',\n')}\n}\n`;
}

/** Text as LaTeX sets it. Braces become commands, since BibTeX counts those behind a backslash too; two hyphens would become a dash. */
function latex(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().replaceAll(/[\\{}~^$&%#_]|-(?=-)/g, (found) => commands[found] ?? `\\${found}`);
}

const commands: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '{': '\\textbraceleft{}',
  '}': '\\textbraceright{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '-': '-{}',
};
