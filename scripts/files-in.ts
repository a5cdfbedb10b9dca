/** All files of a folder, by their paths below it, with forward slashes, in order. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathBelow } from '../src/catalogue/path-below.ts';

export function filesIn(folder: string): Map<string, Buffer> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(entries.map(({ parentPath, name }) => join(parentPath, name)).sort().map((path) => [pathBelow(folder, path), readFileSync(path)]));
}
