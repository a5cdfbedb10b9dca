/** Reads and checks the catalogue from its files, without Astro: for the build, the terminal and tests alike. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { questionViolations } from './questions.ts';
import type { QuestionFile } from './questions.ts';
import { crossChecks } from './rules.ts';
import type { LocatedEntry } from './rules.ts';
import { contributionSchema, entrySchema, guideSchema, patternPageSchema, plainSchema, problemSchema, sourceSchema } from './schema.ts';
import type { Guide, Pattern, Problem, Source } from './schema.ts';
import { CatalogueError, violationsOf } from './violations.ts';
import type { Violation } from './violations.ts';

export interface Page<Data> { slug: string; file: string; data: Data; /** MDX below the frontmatter. */ body: string }

export interface Catalogue {
  patterns: Page<Pattern>[];
  problems: Page<Problem>[];
  guides: Page<Guide>[];
  sources: Map<string, Source>;
  /** By the slug of the pattern that answers them; not every pattern has any. */
  questions: Map<string, readonly string[]>;
}

/**
 * Reads `content/` below `root` and checks every rule. Files whose name starts with `_` are left out.
 * @throws CatalogueError with all violations at once
 */
export function readCatalogue(root = process.cwd()): Catalogue {
  const violations: Violation[] = [];
  const sources = readSources(root, violations);
  const files = filesBelow(root, 'content/docs', '.mdx');
  const pages = files.flatMap((file) => readPage(root, file, violations));
  const broken = new Set(violations.map(({ file }) => file));
  const unreadable = files.filter((file) => file.startsWith('content/docs/patterns/') && broken.has(file)).map((file) => slugOf(file, '.mdx'));
  const sourceFiles = filesBelow(root, 'content/data/sources', '.yaml');
  violations.push(...crossChecks(pages, new Set(sourceFiles.map((file) => slugOf(file, '.yaml'))), unreadable));
  const patterns = pages.filter((page): page is Page<Pattern> => page.data.kind === 'pattern');
  const questionFiles = readQuestionFiles(root, violations);
  violations.push(...questionViolations(questionFiles, new Map([...unreadable.map((slug): [string, null] => [slug, null]), ...patterns.map(({ slug, data }): [string, Pattern] => [slug, data])])));
  if (violations.length > 0) throw new CatalogueError(violations);
  return {
    patterns,
    problems: pages.filter((page): page is Page<Problem> => page.data.kind === 'problem'),
    guides: pages.filter((page): page is Page<Guide> => page.data.kind === 'guide'),
    sources,
    questions: questionsIn(questionFiles),
  };
}

/** The questions alone, for those who know the patterns from elsewhere; what is no question is left out. */
export function readQuestions(root = process.cwd()): Map<string, readonly string[]> {
  return questionsIn(readQuestionFiles(root, []));
}

function readQuestionFiles(root: string, violations: Violation[]): QuestionFile[] {
  return filesBelow(root, 'content/data/questions', '.yaml').flatMap((file) => {
    const raw = readYaml(file, readFileSync(join(root, file), 'utf8'), violations);
    return raw === undefined ? [] : [{ file, slug: slugOf(file, '.yaml'), raw }];
  });
}

function questionsIn(files: readonly QuestionFile[]): Map<string, readonly string[]> {
  return new Map(files.map(({ slug, raw }) => [slug, Array.isArray(raw) ? raw.filter((each): each is string => typeof each === 'string') : []]));
}

/** Paths below the repository, sorted, with forward slashes on every system. */
export function filesBelow(root: string, folder: string, ending: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.split(sep).join('/')}`)
    .filter((file) => file.endsWith(ending) && !file.split('/').at(-1)?.startsWith('_'))
    .sort();
}

function readPage(root: string, file: string, violations: Violation[]): (LocatedEntry & { body: string })[] {
  const text = readFileSync(join(root, file), 'utf8').replaceAll('\r\n', '\n');
  const parts = /^---\n([\s\S]*?)\n---\n?([\s\S]*)$/.exec(text);
  const raw = readYaml(file, parts?.[1] ?? '', violations);
  if (raw === undefined) return [];
  const result = entrySchema.safeParse(raw);
  const slug = slugOf(file, '.mdx');
  if (result.success) return [{ file, slug, data: result.data, body: parts?.[2] ?? '' }];
  violations.push(...violationsOf(file, raw, result.error, (path) => keysAt(schemaFor(raw), path)));
  return [];
}

function readSources(root: string, violations: Violation[]): Map<string, Source> {
  const sources = new Map<string, Source>();
  for (const file of filesBelow(root, 'content/data/sources', '.yaml')) {
    const raw = readYaml(file, readFileSync(join(root, file), 'utf8'), violations);
    if (raw === undefined) continue;
    const result = sourceSchema.safeParse(raw);
    if (result.success) sources.set(slugOf(file, '.yaml'), result.data);
    else violations.push(...violationsOf(file, raw, result.error, (path) => keysAt(sourceSchema, path)));
  }
  return sources;
}

function slugOf(file: string, ending: string): string {
  return file.split('/').at(-1)?.slice(0, -ending.length) ?? '';
}

function readYaml(file: string, text: string, violations: Violation[]): unknown {
  try {
    return parse(text) ?? {};
  } catch (error) {
    violations.push({ file, key: 'frontmatter', found: 'text that is not YAML', expected: `YAML; ${error instanceof Error ? error.message.split('\n')[0] : error}` });
    return undefined;
  }
}

function schemaFor(raw: unknown): z.ZodType {
  const byKind: Record<string, z.ZodType> = { pattern: patternPageSchema, problem: problemSchema, guide: guideSchema, contribution: contributionSchema, plain: plainSchema };
  const kind = raw !== null && typeof raw === 'object' && 'kind' in raw ? String(raw.kind) : '';
  return byKind[kind] ?? plainSchema;
}

/** The keys that a schema allows at a path; the JSON Schema of zod is the one public way to walk it. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  type Node = { properties?: Record<string, Node>; items?: Node; propertyNames?: { enum?: string[] } };
  let node = z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }) as Node | undefined;
  for (const step of path) node = typeof step === 'number' ? node?.items : node?.properties?.[String(step)];
  return node?.propertyNames?.enum ?? Object.keys(node?.properties ?? {});
}
