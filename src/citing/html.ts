import { atlas } from './authorship.ts';
import type { CitedPage } from './cited-page.ts';
import { longDay } from './day.ts';

/** A reference for a page of one's own. */
export function html({ title, pinned, version, date }: CitedPage): string {
  return `<cite><a href="${escaped(pinned)}">${escaped(title)}</a></cite>, ${atlas}, version ${escaped(version)}, <time datetime="${date}">${longDay(date)}</time>`;
}

function escaped(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
