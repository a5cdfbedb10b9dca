/** Cuts what a page shows out of a tested file. */

/**
 * The lines between `// #region name` and `// #endregion name`, without their common indent and without
 * the marks of inner regions; the whole file without any marks when no region is named.
 * @throws when the region is missing or not closed, naming file, region and the regions that exist
 */
export function cutRegion(file: string, text: string, region?: string): string {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  if (region === undefined) return withoutMarks(lines).join('\n').trimEnd();
  const start = lines.findIndex((line) => line.trim() === `// #region ${region}`);
  if (start < 0) {
    const known = lines.flatMap((line) => /^\s*\/\/ #region (.+)$/.exec(line)?.[1] ?? []);
    throw new Error(`region "${region}" not found in src/examples/${file}; it has ${known.length > 0 ? known.join(', ') : 'no regions'}. Mark it with "// #region ${region}" and "// #endregion ${region}".`);
  }
  const length = lines.slice(start + 1).findIndex((line) => line.trim() === `// #endregion ${region}`);
  if (length < 0) throw new Error(`region "${region}" in src/examples/${file}:${start + 1} is not closed. Add "// #endregion ${region}" below it.`);
  return withoutIndent(withoutMarks(lines.slice(start + 1, start + 1 + length))).join('\n').trimEnd();
}

/** Where a file stands on the page of its example's code. @param name its path in the folder of the example */
export function codeAnchor(name: string): string {
  return name.replace(/\.ts$/, '').replaceAll(/[./]/g, '-');
}

function withoutMarks(lines: readonly string[]): string[] {
  return lines.filter((line) => !/^\s*\/\/ #(end)?region\b/.test(line));
}

function withoutIndent(lines: readonly string[]): string[] {
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const common = Math.min(...indents);
  return lines.map((line) => line.slice(common));
}
