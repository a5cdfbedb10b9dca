import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface PlannedFile {
  /** Below the repository, with forward slashes. */
  file: string;
  text: string;
  /** What the file has to say before; undefined where there must be none. */
  replaces?: string | undefined;
}

/** All of them, or none: what was written before something failed is taken back. */
export function writeFiles(root: string, files: readonly PlannedFile[]): void {
  const undo: (() => void)[] = [];
  try {
    for (const { file, text, replaces } of files) {
      const path = join(root, ...file.split('/'));
      const made = mkdirSync(dirname(path), { recursive: true });
      if (made !== undefined) undo.push(() => rmSync(made, { recursive: true, force: true }));
      if (replaces === undefined) {
        // Fails where a file has come in between.
        writeFileSync(path, text, { flag: 'wx' });
        undo.push(() => rmSync(path, { force: true }));
      } else {
        if (!existsSync(path) || readFileSync(path, 'utf8') !== replaces) throw new Error(`${file} changed meanwhile`);
        writeFileSync(path, text);
        undo.push(() => writeFileSync(path, replaces));
      }
    }
  } catch (error) {
    for (const step of undo.reverse()) step();
    throw error;
  }
}
