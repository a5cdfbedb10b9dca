import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What differs between two folders, one sentence a file; empty when they are the same, byte for byte. */
export function compareFolders(first: string, second: string): string[] {
  const [before, after] = [digests(first), digests(second)];
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.filter((name) => before.get(name) !== after.get(name)).map((name) => {
    if (!after.has(name)) return `${name} is only in the first`;
    if (!before.has(name)) return `${name} is only in the second`;
    return `${name} differs: ${before.get(name)?.slice(0, 12)} and ${after.get(name)?.slice(0, 12)}${firstDifference(join(first, name), join(second, name))}`;
  });
}

function digests(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(folder, name)).isFile());
  return new Map(names.map((name) => [name, createHash('sha256').update(readFileSync(join(folder, name))).digest('hex')]));
}

function firstDifference(first: string, second: string): string {
  const [a, b] = [readFileSync(first), readFileSync(second)];
  const at = a.findIndex((byte, index) => byte !== b[index]);
  if (at < 0 || a.includes(0)) return '';
  return `, first at byte ${at}: "${a.toString('utf8', at - 20, at + 40)}" and "${b.toString('utf8', at - 20, at + 40)}"`;
}
