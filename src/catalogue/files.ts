/** Reads and checks the catalogue from its files, without Astro: for the build, the terminal and tests alike. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { headOf } from './page-body.ts';
import { pathBelow } from './path-below.ts';
import { questionViolations } from './questions.ts';
import type { QuestionFile } from './questions.ts';
import { crossChecks } from './rules.ts';
import type { LocatedEntry } from './rules.ts';
import { contributionSchema, entrySchema, guidePageSchema, patternPageSchema, plainSchema, problemPageSchema, sourceSchema } from './schema.ts';
import type { Guide, Pattern, Problem, Source } from './schema.ts';
import { CatalogueError, notYaml, violationsOf } from './violations.ts';
import type { Violation } from './violations.ts';
import { isPublished } from './vocabulary.ts';
import { parsedYaml } from './yaml-text.ts';

export interface Page<Data> { slug: string; file: string; data: Data; /** MDX below the frontmatter. */ body: string }

export interface Catalogue {
  patterns: Page<Pattern>[];
  problems: Page<Problem>[];
  guides: Page<Guide>[];
  sources: Map<string, Source>;
  /** By the slug of the pattern that answers them; not every pattern has any. */
  questions: Map<string, readonly string[]>;
}

/** What can be read although something else is broken, and what is. */
export interface Survey extends Catalogue { violations: readonly Violation[] }

export interface ParsedPage {
  /** What stands in the frontmatter; undefined where it is not YAML. */
  raw: unknown;
  page: (LocatedEntry & { body: string }) | undefined;
  body: string;
  /** Where the body begins in the text. */
  bodyStart: number;
  violations: readonly Violation[];
}
export interface ParsedSource { source: Source | undefined; violations: readonly Violation[] }
export interface ParsedQuestions { questions: QuestionFile | undefined; violations: readonly Violation[] }

/** Where files come from; paths are below the repository. */
export interface CatalogueFiles {
  /** Files whose name starts with `_` are left out. */
  filesIn(folder: string, ending: string): readonly string[];
  page(file: string): ParsedPage;
  source(file: string): ParsedSource;
  questions(file: string): ParsedQuestions;
}

/**
 * Reads `content/` below `root` and checks every rule.
 * @throws CatalogueError with all violations at once
 */
export function readCatalogue(root = process.cwd()): Catalogue {
  const { violations, ...catalogue } = readSurvey(root);
  if (violations.length > 0) throw new CatalogueError(violations);
  return catalogue;
}

/** What can be read of the files below `root`, and what is wrong with the rest. */
export function readSurvey(root: string): Survey {
  const read = (file: string): string => readText(root, file);
  return surveyCatalogue({
    filesIn: (folder, ending) => filesBelow(root, folder, ending),
    page: (file) => parsePage(file, read(file)),
    source: (file) => parseSource(file, read(file)),
    questions: (file) => parseQuestions(file, read(file)),
  });
}

/** The whole catalogue at once, with everything that is wrong with it; what is broken in one file hides nothing in another. */
export function surveyCatalogue({ filesIn, page, source, questions }: CatalogueFiles): Survey {
  const violations: Violation[] = [];
  const sourceFiles = filesIn('content/data/sources', '.yaml');
  const sources = new Map<string, Source>();
  for (const file of sourceFiles) {
    const parsed = source(file);
    violations.push(...parsed.violations);
    if (parsed.source !== undefined) sources.set(slugOf(file, '.yaml'), parsed.source);
  }
  const files = filesIn('content/docs', '.mdx');
  const parsed = files.map(page);
  violations.push(...parsed.flatMap((each) => each.violations));
  const pages = parsed.flatMap((each) => each.page ?? []);
  const broken = new Set(violations.map(({ file }) => file));
  const unreadable = files.filter((file) => file.startsWith('content/docs/patterns/') && broken.has(file)).map((file) => slugOf(file, '.mdx'));
  violations.push(...crossChecks(pages, new Set(sourceFiles.map((file) => slugOf(file, '.yaml'))), unreadable));
  const patterns = pages.filter((each): each is Page<Pattern> => each.data.kind === 'pattern');
  const asked = filesIn('content/data/questions', '.yaml').map(questions);
  violations.push(...asked.flatMap((each) => each.violations));
  const questionFiles = asked.flatMap((each) => each.questions ?? []);
  violations.push(...questionViolations(questionFiles, new Map([...unreadable.map((slug): [string, null] => [slug, null]), ...patterns.map(({ slug, data }): [string, Pattern] => [slug, data])])));
  return {
    patterns,
    problems: pages.filter((each): each is Page<Problem> => each.data.kind === 'problem'),
    guides: pages.filter((each): each is Page<Guide> => each.data.kind === 'guide'),
    sources,
    questions: questionsIn(questionFiles),
    violations,
  };
}

/** As readers get it: problems and guides that nobody has reviewed are left out; patterns are known before their pages are. */
export function withoutDrafts(catalogue: Catalogue): Catalogue {
  return { ...catalogue, problems: catalogue.problems.filter(({ data }) => isPublished(data)), guides: catalogue.guides.filter(({ data }) => isPublished(data)) };
}

/** The questions alone, for those who know the patterns from elsewhere; what is no question is left out. */
export function readQuestions(root = process.cwd()): Map<string, readonly string[]> {
  return questionsIn(filesBelow(root, 'content/data/questions', '.yaml').flatMap((file) => parseQuestions(file, readText(root, file)).questions ?? []));
}

function questionsIn(files: readonly QuestionFile[]): Map<string, readonly string[]> {
  return new Map(files.map(({ slug, raw }) => [slug, Array.isArray(raw) ? raw.filter((each): each is string => typeof each === 'string') : []]));
}

/** Paths below the repository, sorted, with forward slashes on every system. @param all also those whose name starts with `_` */
export function filesBelow(root: string, folder: string, ending: string, all = false): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending) && (all || !entry.name.startsWith('_')))
    .map((entry) => pathBelow(root, join(entry.parentPath, entry.name)))
    .sort();
}

/** @param text of a page, with line ends as \n */
export function parsePage(file: string, text: string): ParsedPage {
  const parts = headOf(text);
  const bodyStart = parts?.[0].length ?? 0;
  const body = text.slice(bodyStart);
  const violations: Violation[] = [];
  const raw = readYaml(file, parts?.[1] ?? '', violations);
  if (raw === undefined) return { raw, page: undefined, body, bodyStart, violations };
  const result = entrySchema.safeParse(raw);
  if (result.success) return { raw, page: { file, slug: slugOf(file, '.mdx'), data: result.data, body }, body, bodyStart, violations };
  return { raw, page: undefined, body, bodyStart, violations: violationsOf(file, raw, result.error, (path) => keysAt(schemaFor(raw), path)) };
}

export function parseSource(file: string, text: string): ParsedSource {
  const violations: Violation[] = [];
  const raw = readYaml(file, text, violations);
  if (raw === undefined) return { source: undefined, violations };
  const result = sourceSchema.safeParse(raw);
  return result.success ? { source: result.data, violations } : { source: undefined, violations: violationsOf(file, raw, result.error, (path) => keysAt(sourceSchema, path)) };
}

export function slugOf(file: string, ending: string): string {
  return file.split('/').at(-1)?.slice(0, -ending.length) ?? '';
}

export function parseQuestions(file: string, text: string): ParsedQuestions {
  const violations: Violation[] = [];
  const raw = readYaml(file, text, violations);
  return { questions: raw === undefined ? undefined : { file, slug: slugOf(file, '.yaml'), raw }, violations };
}

/** Line ends as \n, no byte order mark. */
function readText(root: string, file: string): string {
  return readFileSync(join(root, file), 'utf8').replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
}

function readYaml(file: string, text: string, violations: Violation[]): unknown {
  try {
    return parsedYaml(text) ?? {};
  } catch (error) {
    violations.push(notYaml(file, 'frontmatter', error));
    return undefined;
  }
}

function schemaFor(raw: unknown): z.ZodType {
  const byKind: Record<string, z.ZodType> = { pattern: patternPageSchema, problem: problemPageSchema, guide: guidePageSchema, contribution: contributionSchema, plain: plainSchema };
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
