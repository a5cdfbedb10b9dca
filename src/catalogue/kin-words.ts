/** Reads the finder's words of like company, for the build, the terminal and tests alike. `npm run kin-words` writes them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const kinWordsFile = 'content/data/kin-words.txt';

export function readKinWords(root = process.cwd()): string {
  return readFileSync(join(root, kinWordsFile), 'utf8');
}
