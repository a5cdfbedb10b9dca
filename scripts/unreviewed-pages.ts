import { table } from './revisions/markdown-cells.ts';

export interface ReviewedPage { file: string; title: string; reviewed: string; address: string }

const dayMs = 24 * 60 * 60 * 1_000;

/** Markdown whose first line is the title; nothing follows where every page was read. @throws RangeError for a day that is none */
export function unreviewed(pages: readonly ReviewedPage[], today: string, days: number): string {
  const now = Date.parse(today);
  if (Number.isNaN(now) || !Number.isInteger(days) || days < 1) throw new RangeError(`"${today}" and "${days}": expected a day such as 2027-11-27 and a number of days`);
  const late = pages.map((page) => ({ ...page, ago: Math.round((now - Date.parse(page.reviewed)) / dayMs) })).filter(({ ago }) => ago > days).sort((a, b) => b.ago - a.ago || (a.file < b.file ? -1 : 1));
  const title = '# Pages that want a reading';
  return late.length === 0 ? `${title}\n` : [
    title,
    `${late.length} of ${pages.length} pages were last read from top to bottom more than ${days} days ago. Open the sources again, mend what is no longer so, and set \`reviewed\`; a page whose words change gets a new version.`,
    table(['page', 'read', 'days ago', 'source'], late.map(({ title: name, address, reviewed, ago, file }) => [`[${name.replaceAll('|', '¦')}](${address})`, reviewed, String(ago), `\`${file}\``])),
  ].join('\n\n') + '\n';
}
