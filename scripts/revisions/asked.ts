import { parse } from 'yaml';
import type { QuestionSet } from './question-sets.ts';
import type { Revision } from './revision.ts';

/** Something that a reader may type, and the patterns that should answer it. */
export interface Asked { set: QuestionSet; query: string; expected: readonly string[] }

interface Head { slug: string; kind?: string; symptoms?: unknown; candidates?: unknown }

/** Everything that a revision asks its finder: both files of the benchmark, symptoms and `content/data/questions`. */
export function askedIn(revision: Revision): Asked[] {
  const heads = revision.files.filter((file) => /^content\/docs\/(patterns|problems)\/.*\.mdx$/.test(file) && !slugOf(file).startsWith('_')).map((file) => headOf(revision, file));
  const patterns = heads.filter(({ kind }) => kind === 'pattern');
  const known = new Set(patterns.map(({ slug }) => slug));
  const all: Asked[] = [
    ...rows<{ query: string; pattern: string }>(revision, 'tests/finder/queries.jsonl').map(({ query, pattern }): Asked => ({ set: 'benchmark', query, expected: [pattern] })),
    ...rows<{ query: string; names_pattern: boolean; gold: { slug: string; grade: number }[] }>(revision, 'tests/finder/real-questions.jsonl')
      .filter(({ names_pattern: named }) => !named)
      .map(({ query, gold }): Asked => ({ set: 'real', query, expected: gold.filter(({ slug, grade }) => grade === 3 && known.has(slug)).map(({ slug }) => slug) })),
    ...patterns.flatMap(({ slug, symptoms }) => textsOf(symptoms).map((query): Asked => ({ set: 'symptoms', query, expected: [slug] }))),
    ...heads.filter(({ kind }) => kind === 'problem').flatMap(({ symptoms, candidates }) => textsOf(symptoms).map((query): Asked => ({ set: 'problems', query, expected: candidatesIn(candidates) }))),
    ...revision.files.filter((file) => /^content\/data\/questions\/[^/]+\.yaml$/.test(file))
      .flatMap((file) => textsOf(readYaml(revision.read(file) ?? '')).map((query): Asked => ({ set: 'questions', query, expected: [slugOf(file)] }))),
  ];
  return [...new Map(all.map((asked) => [keyOf(asked), asked])).values()];
}

/** The same question of the same set is one question, whatever is expected of it. */
export function keyOf({ set, query }: Pick<Asked, 'set' | 'query'>): string {
  return `${set} ${query}`;
}

function headOf(revision: Revision, file: string): Head {
  const head = readYaml(/^---\n([\s\S]*?)\n---/.exec(revision.read(file) ?? '')?.[1] ?? '');
  return { ...(head !== null && typeof head === 'object' ? head : {}), slug: slugOf(file) };
}

/** What cannot be read is nothing to ask; `npm run check` tells its author. */
function readYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

function rows<Row>(revision: Revision, file: string): Row[] {
  return (revision.read(file) ?? '').split('\n').filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as Row);
}

function textsOf(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((each): each is string => typeof each === 'string') : [];
}

function candidatesIn(list: unknown): string[] {
  return Array.isArray(list) ? list.flatMap((each: unknown) => (each !== null && typeof each === 'object' && 'pattern' in each && typeof each.pattern === 'string' ? [each.pattern] : [])) : [];
}

function slugOf(file: string): string {
  return file.split('/').at(-1)?.replace(/\.\w+$/, '') ?? '';
}
