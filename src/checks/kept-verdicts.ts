/**
 * Asks judges in threads of their own, so that what takes long runs beside everything else, and keeps each verdict by its text:
 * a second run loads neither the judge nor what it needs.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { judgeThreads } from './judge-threads.ts';
import { keptFile } from './kept-file.ts';

interface Kept { fingerprint: string; verdicts: Record<string, unknown> }

/** Of texts that nobody asked for this time, such as those of another branch, so many are kept for each that somebody did. */
const othersKept = 2;

/**
 * @param root of the repository; verdicts are kept below its node_modules/.cache
 * @param judge a file in `judges/`; see `judge-threads.ts`
 * @param texts in any order; the same text is judged once
 * @param also what the verdicts depend on beside the judge and the packages of the repository
 */
export async function verdictsOn<Verdict>(root: string, judge: URL, texts: Iterable<string>, also = ''): Promise<ReadonlyMap<string, Verdict>> {
  const keys = new Map([...new Set(texts)].map((text) => [text, hash(text)]));
  const file = keptFile(root, judge);
  const fingerprint = hash(readFileSync(judge, 'utf8'), textOf(join(root, 'package-lock.json')), also);
  const kept = readKept(file, fingerprint);
  const fresh = [...keys].filter(([, key]) => !(key in kept));
  if (fresh.length === 0) return new Map([...keys].map(([text, key]) => [text, kept[key] as Verdict]));
  const judged = await judgeThreads.judge<Verdict>(judge, fresh.map(([text]) => text));
  const found = new Map([...keys].map(([text, key]) => [text, kept[key] as Verdict]));
  fresh.forEach(([text], index) => found.set(text, judged[index] as Verdict));
  // What somebody else has kept meanwhile stays; what nobody asked for in a long time goes.
  const asked = Object.fromEntries([...keys].map(([text, key]) => [key, found.get(text)]));
  const others = Object.entries({ ...kept, ...readKept(file, fingerprint) }).filter(([key]) => !(key in asked)).slice(0, othersKept * keys.size);
  write(file, { fingerprint, verdicts: { ...asked, ...Object.fromEntries(others) } });
  return found;
}

function readKept(file: string, fingerprint: string): Record<string, unknown> {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Kept;
    return kept.fingerprint === fingerprint ? kept.verdicts : {};
  } catch {
    // Missing, or half-written by a process that was ended: judged again.
    return {};
  }
}

function write(file: string, kept: Kept): void {
  mkdirSync(dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}.tmp`;
  writeFileSync(unfinished, JSON.stringify(kept));
  renameSync(unfinished, file);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function hash(...parts: readonly string[]): string {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part).update('\0');
  return sum.digest('base64url').slice(0, 16);
}
