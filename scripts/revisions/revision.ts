/** The files of the repository as they were in a commit, or as they lie in the work tree. Nothing is checked out. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Git could not say what was asked; the message says what to do. */
export class RevisionError extends Error {
  override name = 'RevisionError';
}

export interface Revision {
  /** As a person would say it. */
  name: string;
  /** Undefined for the work tree. */
  commit: string | undefined;
  /** Paths below the repository with forward slashes, sorted. */
  files: readonly string[];
  /** The text with line ends as \n, or undefined where the revision has no such file. */
  read(file: string): string | undefined;
}

export interface Range { before: Revision; after: Revision }

/** Every folder that a page, its example or the finder is made of. */
const folders = ['content/docs', 'content/data', 'src/catalogue', 'src/citing', 'src/components/glyphs', 'src/examples', 'src/finder', 'scripts', 'tests/finder', 'package.json'];

/**
 * @param text `base`: from where the work tree left it; `base..head`: exactly these two; `base...head`: from where head left base
 * @throws RevisionError for what git does not know, for a clone without history and outside a repository
 */
export function readRange(root: string, text: string): Range {
  const [, base = '', dots = '', head = ''] = /^(.*?)(\.{2,3})(.*)$/.exec(text) ?? [undefined, text];
  const start = commitOf(root, base || 'HEAD');
  const end = dots === '' ? undefined : commitOf(root, head || 'HEAD');
  const from = dots === '..' ? start : mergeBase(root, start, end ?? commitOf(root, 'HEAD'));
  const name = base || 'HEAD';
  return {
    before: atCommit(root, from, from === start ? `${name} (${from.slice(0, 9)})` : `${from.slice(0, 9)}, where ${name} was left`),
    after: end === undefined ? workTree(root) : atCommit(root, end, `${head || 'HEAD'} (${end.slice(0, 9)})`),
  };
}

function commitOf(root: string, name: string): string {
  const found = git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]);
  if (found.status === 0) return found.stdout.toString('utf8').trim();
  if (git(root, ['rev-parse', '--git-dir']).status !== 0) throw new RevisionError(`${root} is no git repository, so there is no "${name}" to compare with; clone the project with git.`);
  throw new RevisionError(isShallow(root)
    ? `Git does not know "${name}" here: this clone is shallow. Fetch its history with "git fetch --unshallow", or set "fetch-depth: 0" where a workflow checks out.`
    : `Git does not know the revision "${name}". Name a branch, a tag or a commit that this clone has; "git fetch origin" brings what is new, and "git branch --all" lists branches, for example origin/main.`);
}

function mergeBase(root: string, one: string, other: string): string {
  const found = git(root, ['merge-base', one, other]);
  if (found.status === 0) return found.stdout.toString('utf8').trim();
  throw new RevisionError(`${one.slice(0, 9)} and ${other.slice(0, 9)} have no common ancestor${isShallow(root) ? ' in this shallow clone; fetch the history with "git fetch --unshallow"' : '; name two revisions as "one..other" to compare them all the same'}.`);
}

function isShallow(root: string): boolean {
  return git(root, ['rev-parse', '--is-shallow-repository']).stdout.toString('utf8').trim() === 'true';
}

function atCommit(root: string, commit: string, name: string): Revision {
  const listed = texts(git(root, ['ls-tree', '-r', '-z', commit, '--', ...folders])).flatMap((line) => {
    const [, blob, file] = /^100\d+ blob ([0-9a-f]+)\t(.+)$/s.exec(line) ?? [];
    return blob === undefined || file === undefined ? [] : [{ blob, file }];
  });
  const contents = blobs(root, listed.map(({ blob }) => blob));
  const byFile = new Map(listed.map(({ file }, at) => [file, contents[at]]));
  return { name, commit, files: [...byFile.keys()].sort(), read: (file) => plain(byFile.get(file)) };
}

function workTree(root: string): Revision {
  const listed = texts(git(root, ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...folders]));
  const files = [...new Set(listed)].filter((file) => existsSync(join(root, file))).sort();
  const known = new Set(files);
  return { name: 'the work tree', commit: undefined, files, read: (file) => (known.has(file) ? plain(readFileSync(join(root, file))) : undefined) };
}

/** Blobs in the order in which they are named. */
function blobs(root: string, names: readonly string[]): Buffer[] {
  if (names.length === 0) return [];
  const { stdout } = git(root, ['cat-file', '--batch'], names.map((name) => `${name}\n`).join(''));
  let at = 0;
  return names.map((name) => {
    const end = stdout.indexOf('\n', at);
    const size = Number(/ blob (\d+)$/.exec(stdout.toString('latin1', at, end))?.[1] ?? NaN);
    if (Number.isNaN(size)) throw new RevisionError(`Git could not read ${name}; "git fsck" may say why. In a partial clone, "git fetch --refetch" brings what is missing.`);
    at = end + 1 + size + 1;
    return stdout.subarray(end + 1, end + 1 + size);
  });
}

function texts({ stdout }: { stdout: Buffer }): string[] {
  return stdout.toString('utf8').split('\0').filter(Boolean);
}

function plain(bytes: Buffer | undefined): string | undefined {
  return bytes?.toString('utf8').replaceAll('\r\n', '\n');
}

function git(root: string, args: readonly string[], input = ''): { status: number | null; stdout: Buffer } {
  const { status, stdout, error } = spawnSync('git', ['-c', 'core.quotePath=false', ...args], { cwd: root, input, maxBuffer: 2 ** 30 });
  if (error !== undefined) throw new RevisionError(`Git cannot be run (${error.message}); install git, or put it on the PATH.`);
  return { status, stdout };
}
