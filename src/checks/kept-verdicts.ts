/**
 * Judges texts in a thread of its own, so that what takes long runs beside everything else, and keeps each verdict by its text:
 * a second run loads neither the judge nor what it needs.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

interface Kept { fingerprint: string; verdicts: Record<string, unknown> }

/**
 * @param root of the repository; verdicts are kept below its node_modules/.cache
 * @param judge a file in `judges/`; see `judges/judging.ts`
 * @param texts in any order; the same text is judged once
 * @param also what the verdicts depend on beside the judge and the packages of the repository
 */
export async function verdictsOn<Verdict>(root: string, judge: URL, texts: Iterable<string>, also = ''): Promise<ReadonlyMap<string, Verdict>> {
  const keys = new Map([...new Set(texts)].map((text) => [text, hash(text)]));
  const file = join(root, 'node_modules/.cache/checks', `${basename(judge.pathname, '.ts')}.json`);
  const fingerprint = hash(readFileSync(judge, 'utf8'), textOf(join(root, 'package-lock.json')), also);
  const kept = readKept(file, fingerprint);
  const fresh = [...keys].filter(([, key]) => !(key in kept));
  if (fresh.length > 0) {
    const judged = await inThread<Verdict>(judge, fresh.map(([text]) => text));
    fresh.forEach(([, key], index) => { kept[key] = judged[index]; });
    // What is not asked for any more goes.
    write(file, { fingerprint, verdicts: Object.fromEntries([...keys.values()].map((key) => [key, kept[key]])) });
  }
  return new Map([...keys].map(([text, key]) => [text, kept[key] as Verdict]));
}

function inThread<Verdict>(judge: URL, texts: readonly string[]): Promise<Verdict[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(judge, { workerData: texts, execArgv: [] });
    worker.once('message', (verdicts: Verdict[]) => {
      resolve(verdicts);
      void worker.terminate();
    });
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`${basename(fileURLToPath(judge))} ended without verdicts (exit code ${code})`)));
  });
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
