/** The lines around a place, with a mark at its line and column, for messages. */
export function codeFrame(text: string, line: number, column?: number): string {
  const lines = text.split('\n');
  const first = Math.max(1, line - 2);
  const shown = lines.slice(first - 1, line + 2);
  return shown
    .flatMap((content, index) => {
      const number = first + index;
      const row = `${number === line ? '>' : ' '} ${String(number).padStart(4)} | ${content}`;
      return number === line && column !== undefined && column > 1 ? [row, `       | ${' '.repeat(column - 1)}^`] : [row];
    })
    .join('\n');
}
