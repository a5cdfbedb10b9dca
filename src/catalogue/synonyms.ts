/** Reads the finder's synonyms, for the build, the terminal and tests alike. What they mean is the finder's business. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsedYaml } from './yaml-text.ts';

export const synonymsFile = 'content/data/synonyms.yaml';

/** The groups as they stand in the file; the parser's error names line and column when it is not YAML. */
export function readSynonyms(root = process.cwd()): unknown {
  return parsedYaml(readFileSync(join(root, synonymsFile), 'utf8'));
}
