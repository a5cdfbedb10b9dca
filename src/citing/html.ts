import { atlas } from './authorship.ts';
import type { CitedPage } from './cited-page.ts';
import { longDay } from './day.ts';
import { escaped } from './escaped.ts';

/** A reference for a page of one's own. */
export function html({ title, pinned, version, date }: CitedPage): string {
  return `<cite><a href="${escaped(pinned)}">${escaped(title.replaceAll(/\s+/g, ' ').trim())}</a></cite>, ${atlas}, version ${escaped(version)}, <time datetime="${date}">${longDay(date)}</time>`;
}
