/** What goes into a pull request, a decision record or a chat. */
import { atlas, licence } from './authorship.ts';
import type { CitedPage } from './cited-page.ts';
import { longDay } from './day.ts';
import { link, quotation } from './markdown.ts';

export function markdownLink({ title, pinned, version }: CitedPage): string {
  return link(`${title} (${atlas}, version ${version})`, pinned);
}

/** Words of the page above the line that says where they stand. */
export function markdownQuotation(words: string, attributed: string): string {
  return `${quotation(words)}\n>\n> ${attributed}`;
}

/** Source, version and licence of what is quoted. */
export function attribution({ title, pinned, version, date }: CitedPage): string {
  return `— ${link(title, pinned)}, ${atlas}, version ${version}, ${longDay(date)}, ${licence.name}`;
}
