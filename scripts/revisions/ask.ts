/** Asks the finder of a revision: its own code, over its own content, through `find --batch`. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { rank } from '../../src/finder/rank.ts';
import { openFinder } from '../open-finder.ts';
import { RevisionError } from './revision.ts';
import type { Revision } from './revision.ts';

export interface Answers {
  /** Slugs, best first, at most ten, in the order of the queries. */
  ranked: (readonly string[])[];
  /** Said where today's finder had to answer for the revision's own. */
  note: string | undefined;
}

/**
 * @param root the clone; its packages serve the code of the revision
 * @throws RevisionError when neither the finder of the revision nor that of the clone can read its content
 */
export async function ask(root: string, revision: Revision, queries: readonly string[]): Promise<Answers> {
  const folder = mkdtempSync(join(tmpdir(), 'pattern-atlas-finder-'));
  const packages = join(folder, 'node_modules');
  // A junction needs no rights on Windows; elsewhere the type is passed over.
  symlinkSync(join(root, 'node_modules'), packages, 'junction');
  try {
    for (const file of revision.files) {
      const path = join(folder, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, revision.read(file) ?? '');
    }
    return await answersIn(folder, revision.name, queries);
  } finally {
    // By itself and first, so that nothing behind it can go with the folder.
    unlinkSync(packages);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function answersIn(folder: string, name: string, queries: readonly string[]): Promise<Answers> {
  const own = await askItself(folder, queries);
  if (typeof own !== 'string') return { ranked: own, note: undefined };
  try {
    const { corpus } = openFinder(folder);
    return { ranked: queries.map((query) => rank(corpus, query).patterns.slice(0, 10).map(({ slug }) => slug)), note: `The finder of ${name} could not be asked (${own}), so its pages were ranked by the finder of this clone.` };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new RevisionError(`The finder cannot read ${name}; mend this first, npm run check tells more. ${said}${own.includes(said) ? '' : `\nIts own finder says: ${own}`}`);
  }
}

/** @returns the answers, or why there are none */
async function askItself(folder: string, queries: readonly string[]): Promise<string[][] | string> {
  const batch = join(folder, 'asked.jsonl');
  writeFileSync(batch, queries.map((query, at) => JSON.stringify({ id: String(at), query })).join('\n'));
  const { status, stdout, stderr } = await run(folder, [join(folder, 'scripts/find.ts'), '--batch', batch]);
  const lines = stdout.split('\n').filter(Boolean);
  if (status !== 0) return stderr.trim().slice(0, 2_000) || `it ended with ${status}`;
  if (lines.length !== queries.length) return `${lines.length} answers to ${queries.length} questions`;
  const ranked = new Array<string[]>(queries.length);
  for (const line of lines) {
    const { id, ranked: slugs } = JSON.parse(line) as { id: string; ranked: string[] };
    ranked[Number(id)] = slugs;
  }
  return ranked;
}

function run(cwd: string, args: readonly string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout: Buffer.concat(out).toString('utf8'), stderr: Buffer.concat(err).toString('utf8') }));
  });
}
