/** Columns of equal width are for the terminal; Markdown does not mind. */
export function markdownTable([head, ...rows]: readonly (readonly [string, ...string[]])[]): string {
  const all = [head ?? [], ...rows];
  const widths = (head ?? []).map((_, column) => Math.max(3, ...all.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string => `| ${widths.map((width, column) => (column === 0 ? (row[column] ?? '').padEnd(width) : (row[column] ?? '').padStart(width))).join(' | ')} |`;
  return [line(head ?? []), `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`, ...rows.map(line)].join('\n');
}
