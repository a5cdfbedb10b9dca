import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every file that git knows or would add, as paths below the repository with forward slashes. */
export const files: string[] = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((file) => file !== '' && existsSync(join(root, file)))
  .sort();

export function read(file: string): string {
  return readFileSync(join(root, file), 'utf8').replaceAll('\r\n', '\n');
}

/** Every place where `pattern` (with the flag g) matches, as `file:line: text`. */
export function places(file: string, text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => `${file}:${lineAt(text, match.index)}: ${match[0].trim()}`);
}

export function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}

/** The text with everything but `kept` turned into spaces, so that positions and lines stay what they were. */
export function blankExcept(text: string, kept: readonly (readonly [start: number, end: number])[]): string {
  const spaces = text.replaceAll(/[^\n]/g, ' ');
  let result = '';
  let position = 0;
  for (const [start, end] of kept) {
    result += spaces.slice(position, start) + text.slice(start, end);
    position = end;
  }
  return result + spaces.slice(position);
}
