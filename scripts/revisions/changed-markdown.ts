import { asCode, longTable } from './markdown-cells.ts';
import type { ChangedPage, ChangedReport } from './changed.ts';

export interface Places {
  /** Where the site is published, without a slash at the end. */
  published: string;
  /** Where this change can be looked at, if anywhere. */
  preview?: string | undefined;
}

export function changedMarkdown(report: ChangedReport, { published, preview }: Places, most = 60): string {
  const { pages, other } = report;
  const counts = (['new', 'changed', 'gone'] as const).map((state) => [state, pages.filter((page) => page.state === state).length] as const).filter(([, count]) => count > 0);
  const heads = ['page', 'what', 'version', 'words', 'says of itself', ...(preview === undefined ? [] : ['preview'])];
  return [
    '### Pages that changed',
    `From ${asCode(report.before)} to ${asCode(report.after)}: ${counts.length === 0 ? 'no page' : counts.map(([state, count]) => `${count} ${state}`).join(', ')}.`,
    longTable(`Pages: ${pages.length}`, heads, pages.map((page) => row(page, published, preview)), { most }),
    longTable(`Other files of the content: ${other.length}`, ['file'], other.map((file) => [asCode(file)]), { open: 5, most }),
  ].filter(Boolean).join('\n\n');
}

function row({ address, title, state, parts, versionBefore, versionAfter, what, wordsAdded, wordsRemoved }: ChangedPage, published: string, preview: string | undefined): string[] {
  return [
    state === 'changed' ? `[${asCode(title, 80)}](${published}${address})` : asCode(title, 80),
    state === 'changed' ? parts.join(', ') : `**${state}**`,
    versionBefore === versionAfter ? versionAfter ?? '–' : `${versionBefore ?? '–'} → ${versionAfter ?? '–'}`,
    wordsAdded + wordsRemoved === 0 ? '–' : `+${wordsAdded} −${wordsRemoved}`,
    what === null ? '–' : asCode(what, 200),
    ...(preview === undefined ? [] : [state === 'gone' ? '–' : `[${asCode(address, 80)}](${preview}${address})`]),
  ];
}
