/** What citation processors read: a list, since that is what their schema asks for, of one item. */
import { atlas, authors, language } from './authorship.ts';
import { citationKey } from './citation-key.ts';
import type { CitedPage } from './cited-page.ts';
import { dayOf } from './day.ts';

export function cslJson(page: CitedPage): string {
  const { title, description, pinned, version, date } = page;
  const { year, month, day } = dayOf(date);
  return `${JSON.stringify([{
    id: citationKey(page),
    type: 'webpage',
    title,
    author: [{ literal: authors }],
    'container-title': atlas,
    version,
    issued: { 'date-parts': [[year, month, day]] },
    language,
    abstract: description,
    URL: pinned,
  }], null, 2)}\n`;
}
