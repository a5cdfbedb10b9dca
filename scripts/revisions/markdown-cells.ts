/** Text of others in Markdown that GitHub shows: it stays text, mentions nobody and makes no link. */

/** As code, on one line, cut where it is long. */
export function asCode(text: string, most = 160): string {
  // In a table a bar ends the cell even within code, and no backslash helps after another one.
  const line = text.replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, ' ').replaceAll('|', '¦').trim();
  const cut = [...line].length > most ? `${[...line].slice(0, most - 1).join('')}…` : line;
  const fence = '`'.repeat(Math.max(0, ...(cut.match(/`+/g) ?? []).map(({ length }) => length)) + 1);
  const padded = fence.length > 1 || cut === '' ? ` ${cut} ` : cut;
  return `${fence}${padded}${fence}`;
}

/** A table, or nothing without rows. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? '' : [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Folded when it has more than `open` rows, cut after `most` with the number of those left out. */
export function longTable(title: string, heads: readonly string[], rows: readonly (readonly string[])[], { open = 10, most = 60 } = {}): string {
  if (rows.length === 0) return '';
  const left = rows.length - most;
  const shown = table(heads, rows.slice(0, most));
  const all = left > 0 ? `${shown}\n\n… and ${left} more.` : shown;
  return rows.length <= open ? `${title}\n\n${all}` : `<details>\n<summary>${title}</summary>\n\n${all}\n\n</details>`;
}
