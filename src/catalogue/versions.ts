/** Versions of pages that are kept as they were: files in `content/versions/`, written once by `npm run freeze`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { filesBelow } from './files.ts';
import type { Catalogue, Page } from './files.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Violation } from './violations.ts';
import type { Guide, Pattern, Problem } from './schema.ts';
import { isPublished } from './vocabulary.ts';

export interface FrozenVersion {
  kind: 'pattern' | 'problem' | 'guide';
  slug: string;
  version: string;
  /** Below the repository. */
  file: string;
  /** The Markdown twin of the page as it was, without the line about its freezing. */
  text: string;
  frozen: Frozen;
}

/** What was true when the version was frozen. */
export interface Frozen extends Said {
  /** The whole source of the page, as Software Heritage calls it. */
  source: string;
  /** The text that was kept. */
  kept: string;
}

/** What a page says itself, part by part; what it gathers from other pages and from the bibliography is left out. */
export interface Said { frontmatter: string; text: string; code: string }

export type VersionedPage = Page<Pattern | Problem | Guide>;

const folder = 'content/versions';
const mark = 'frozen: ';
/** What tells of the reading and not of the page. */
const ofTheReading = ['status', 'reviewed', 'changes', 'supersededBy'];
/** What only the finder reads; a problem shows its symptoms, a pattern does not. */
const ofTheFinder = { pattern: ['symptoms', 'errorTexts', 'alsoSaid'], problem: [], guide: [] };

export function frozenFile(kind: FrozenVersion['kind'], slug: string, version: string): string {
  return `${folder}/${kind}s/${slug}/${version}.md`;
}

export function readVersions(root = process.cwd()): FrozenVersion[] {
  return filesBelow(root, folder, '.md').map((file) => readVersion(file, root));
}

export function readVersion(file: string, root = process.cwd()): FrozenVersion {
  return parseVersion(file, readFileSync(join(root, file), 'utf8').replaceAll('\r\n', '\n'));
}

/** @throws when the first line is not the one that `npm run freeze` writes */
export function parseVersion(file: string, whole: string): FrozenVersion {
  const [, kind = '', slug = '', version = ''] = /^content\/versions\/(pattern|problem|guide)s\/([^/]+)\/([^/]+)\.md$/.exec(file) ?? [];
  const { text, frozen } = thawed(file, whole);
  return { kind: kind as FrozenVersion['kind'], slug, version, file, text, frozen };
}

/** The text of a frozen file. @param twin begins with front matter */
export function frozenText(twin: string, source: string, said: Said): string {
  const frozen: Frozen = { source, kept: nameOf(twin), ...said };
  return twin.replace('---\n', () => `---\n${mark}${JSON.stringify(frozen)}\n`);
}

/** @param code the regions of code that the page shows */
export function saidBy({ data, body }: VersionedPage, code: readonly string[]): Said {
  const unsaid: readonly string[] = [...ofTheReading, ...ofTheFinder[data.kind]];
  const fields = Object.entries(data).filter(([key]) => !unsaid.includes(key)).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    frontmatter: nameOf(JSON.stringify(fields, (key, value: unknown) => (key === 'checked' ? undefined : value))),
    text: nameOf(body.trim()),
    code: nameOf(JSON.stringify(code)),
  };
}

/** @param codeOf the regions of code that a page shows; undefined when they cannot be cut, which is another mistake */
export function versionViolations(catalogue: Catalogue, versions: readonly FrozenVersion[], codeOf: (page: VersionedPage) => readonly string[] | undefined): Violation[] {
  // Before the first page is frozen, nothing has been promised.
  if (versions.length === 0) return [];
  const pages: VersionedPage[] = [...catalogue.patterns, ...catalogue.problems, ...catalogue.guides].filter(({ data }) => isPublished(data));
  const frozenOf = (page: VersionedPage, version: string): FrozenVersion | undefined => versions.find((each) => each.kind === page.data.kind && each.slug === page.slug && each.version === version);
  return [...versions.flatMap((each) => strayOrTouched(each, pages)), ...pages.flatMap((page): Violation[] => {
    const [current, ...earlier] = page.data.changes;
    const lost: Violation[] = earlier.filter(({ version }) => frozenOf(page, version) === undefined).map(({ version }): Violation => ({
      rule: 'version-lost', file: page.file, key: 'changes', found: `version ${version}, which nothing has kept`,
      expected: `the file ${frozenFile(page.data.kind, page.slug, version)} as it was published; a version that never was has no entry`,
    }));
    if (current === undefined) return lost;
    const frozen = frozenOf(page, current.version);
    // A draft is not yet promised to anybody.
    if (frozen === undefined) return page.data.status === 'draft' ? lost : [...lost, { rule: 'version-not-frozen', file: page.file, key: 'changes', found: `version ${current.version}, which is not frozen`, expected: 'a version whose address keeps saying what it said; when the page is ready, run `npm run freeze`' }];
    const code = codeOf(page);
    if (code === undefined) return lost;
    const said = saidBy(page, code);
    const changed = (['frontmatter', 'text', 'code'] as const).filter((part) => said[part] !== frozen.frozen[part]);
    return changed.length === 0 ? lost : [...lost, {
      rule: 'changed-without-version', file: page.file, key: changed.join(', '), found: `something else than version ${current.version} said when it was frozen`,
      expected: 'a new entry at the beginning of `changes` with the next version and what is different, then `npm run freeze`',
    }];
  })];
}

function strayOrTouched({ kind, slug, version, file, text, frozen }: FrozenVersion, pages: readonly VersionedPage[]): Violation[] {
  const page = pages.find((each) => each.data.kind === kind && each.slug === slug);
  const touched: Violation[] = nameOf(text) === frozen.kept ? [] : [{ rule: 'frozen-text-changed', file, key: 'text', found: 'a text that was changed after it was frozen', expected: 'the text as it was published, which git still has' }];
  if (page === undefined) return [...touched, { rule: 'version-without-page', file, key: 'slug', found: `"${slug}", which no ${kind} has`, expected: `the page as well; if it was renamed, move ${folder}/${kind}s/${slug}/ to the new name and add the old address to content/data/redirects.yaml` }];
  const known = page.data.changes.some((change) => change.version === version);
  return known ? touched : [...touched, { rule: 'version-without-page', file, key: 'version', found: `version ${version}, which \`changes\` in ${page.file} does not name`, expected: 'its entry back in `changes`' }];
}

function thawed(file: string, text: string): { text: string; frozen: Frozen } {
  const [line = ''] = /^---\nfrozen: .*\n/.exec(text) ?? [];
  const frozen = line === '' ? undefined : parse(line.slice('---\n'.length + mark.length)) as Frozen;
  if (frozen === undefined) throw new Error(`${file}: the first line of the front matter should begin with "${mark}"; \`npm run freeze\` writes it. Take the file back from git`);
  return { text: `---\n${text.slice(line.length)}`, frozen };
}

function nameOf(text: string): string {
  return fingerprintOf(Buffer.from(text)).blob;
}
