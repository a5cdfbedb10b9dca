/** Where the frontmatter of a page ends, and what stands below it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @param text of a page, with line ends as \n @returns the frontmatter with its lines of dashes, and then without them */
export function headOf(text: string): RegExpExecArray | null {
  return /^---\n([\s\S]*?)\n---(?:\n|$)/.exec(text);
}

/** What stands below the frontmatter, without the air around it. @param file below the repository */
export function readBody(file: string, root = process.cwd()): string {
  const text = readFileSync(join(root, file), 'utf8').replaceAll('\r\n', '\n');
  return text.slice(headOf(text)?.[0].length ?? 0).trim();
}
