import { atlas, authors } from './authorship.ts';
import type { CitedPage } from './cited-page.ts';
import { dayOf } from './day.ts';

/** A reference in the seventh edition of APA. It has no day of retrieval, because the address keeps saying what it says. */
export function apa({ title, pinned, version, date }: CitedPage): string {
  const { year, day, monthName } = dayOf(date);
  return `${authors}. (${year}, ${monthName} ${day}). ${title.replaceAll(/\s+/g, ' ').trim()} (Version ${version}). ${atlas}. ${pinned}`;
}
