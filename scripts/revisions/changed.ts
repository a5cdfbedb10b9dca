import { parse } from 'yaml';
import { addressOf } from '../../src/catalogue/loader.ts';
import { countWords } from './count-words.ts';
import type { Range, Revision } from './revision.ts';

/** What of a page changed. `example` and `code` differ: code is what the page shows. */
export type ChangedPart = 'page' | 'code' | 'example' | 'tests' | 'glyph' | 'sources' | 'questions';

export interface ChangedPage {
  file: string;
  /** Below the base path, with its slash at the end. */
  address: string;
  title: string;
  state: 'new' | 'changed' | 'gone';
  parts: readonly ChangedPart[];
  versionBefore: string | null;
  versionAfter: string | null;
  /** What the newest entry of `changes` says, where it is new. */
  what: string | null;
  wordsAdded: number;
  wordsRemoved: number;
}

export interface ChangedReport { before: string; after: string; pages: readonly ChangedPage[]; /** Changed files of the content that belong to no page. */ other: readonly string[] }

/** Every page whose source, example, glyph, sources or questions differ. A page that cannot be read is listed by its file. */
export function changedBetween({ before, after }: Range): ChangedReport {
  const changed = new Set([...new Set([...before.files, ...after.files])].filter((file) => before.read(file) !== after.read(file)));
  const files = [...new Set([...before.files, ...after.files])].filter(isPage).sort();
  const touched = files.map((file) => ({ file, parts: partsOf(file, before, after, changed) }));
  const told = new Set(touched.flatMap(({ parts }) => [...parts.values()].flat()));
  return {
    before: before.name, after: after.name,
    pages: touched.filter(({ parts }) => parts.size > 0).map(({ file, parts }) => changedPage(file, [...parts.keys()], before, after)),
    other: [...changed].filter((file) => /^(content|src\/examples|src\/components\/glyphs)\//.test(file) && !told.has(file)).sort(),
  };
}

function isPage(file: string): boolean {
  return file.startsWith('content/docs/') && file.endsWith('.mdx') && !file.split('/').at(-1)?.startsWith('_');
}

/** The changed files of each part of a page. */
function partsOf(file: string, before: Revision, after: Revision, changed: ReadonlySet<string>): Map<ChangedPart, string[]> {
  const slug = slugOf(file);
  const [old, fresh] = [headOf(before.read(file)), headOf(after.read(file))];
  const keys = new Set([...old.sources, ...fresh.sources]);
  const shown = new Set([...shownIn(before.read(file)), ...shownIn(after.read(file))]);
  const parts = new Map<ChangedPart, string[]>();
  for (const each of changed) {
    const part = partOf(each, file, slug, keys, shown);
    if (part !== undefined) parts.set(part, [...parts.get(part) ?? [], each]);
  }
  return new Map(order.flatMap((part) => (parts.has(part) ? [[part, parts.get(part) ?? []]] : [])));
}

const order: readonly ChangedPart[] = ['page', 'code', 'example', 'tests', 'glyph', 'sources', 'questions'];

function partOf(each: string, file: string, slug: string, keys: ReadonlySet<string>, shown: ReadonlySet<string>): ChangedPart | undefined {
  if (each === file) return 'page';
  if (shown.has(each)) return 'code';
  if (each.startsWith(`src/examples/${slug}/`)) return each.endsWith('.test.ts') ? 'tests' : 'example';
  if (each === `src/components/glyphs/${slug}.svg`) return 'glyph';
  if (each === `content/data/questions/${slug}.yaml`) return 'questions';
  return each.startsWith('content/data/sources/') && keys.has(slugOf(each)) ? 'sources' : undefined;
}

function changedPage(file: string, parts: readonly ChangedPart[], before: Revision, after: Revision): ChangedPage {
  const [textBefore, textAfter] = [before.read(file), after.read(file)];
  const [old, fresh] = [headOf(textBefore), headOf(textAfter)];
  const { added, removed } = countWords(textBefore ?? '', textAfter ?? '');
  return {
    file, parts,
    address: addressOfPage(file),
    title: fresh.title ?? old.title ?? slugOf(file),
    state: textBefore === undefined ? 'new' : textAfter === undefined ? 'gone' : 'changed',
    versionBefore: old.version ?? null, versionAfter: fresh.version ?? null,
    what: fresh.version !== old.version ? fresh.what ?? null : null,
    wordsAdded: added, wordsRemoved: removed,
  };
}

function addressOfPage(file: string): string {
  const path = addressOf(file.slice('content/docs/'.length)).replace(/(^|\/)index$/, '');
  return path === '404' ? '/404.html' : `/${path}${path === '' ? '' : '/'}`;
}

interface Head { title?: string; version?: string; what?: string; sources: readonly string[] }

function headOf(text: string | undefined): Head {
  let head: unknown;
  try {
    head = parse(/^---\n([\s\S]*?)\n---/.exec(text ?? '')?.[1] ?? '');
  } catch {
    // `npm run check` tells its author.
  }
  const { title, changes, sources } = (head !== null && typeof head === 'object' ? head : {}) as Record<string, unknown>;
  const newest: unknown = Array.isArray(changes) ? changes[0] : undefined;
  const { version, what } = (newest !== null && typeof newest === 'object' ? newest : {}) as Record<string, unknown>;
  return {
    ...(typeof title === 'string' ? { title } : {}), ...(version === undefined ? {} : { version: String(version) }), ...(typeof what === 'string' ? { what } : {}),
    sources: Array.isArray(sources) ? sources.map(String) : [],
  };
}

function shownIn(text: string | undefined): string[] {
  return [...(text ?? '').matchAll(/<Snippet\b[^>]*?\bfile="([^"]+)"/g)].map(([, file]) => `src/examples/${file}`);
}

function slugOf(file: string): string {
  return file.split('/').at(-1)?.replace(/\.\w+$/, '') ?? '';
}
