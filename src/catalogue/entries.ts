/** The only door to `astro:content`: typed entries, sorted, for components and routes. */
import { getCollection } from 'astro:content';
import type { CollectionEntry } from 'astro:content';
import { readBody } from './page-body.ts';
import type { Contribution, Guide, Pattern, Problem, Published, Source } from './schema.ts';
import { unlistedAmong } from './unlisted.ts';
import { isCurrent, isPublished } from './vocabulary.ts';
import type { PublishedStatus } from './vocabulary.ts';

export interface PatternPage { slug: string; address: string; data: Published<Pattern>; entry: CollectionEntry<'docs'> }
export interface ProblemPage { slug: string; address: string; data: Published<Problem>; entry: CollectionEntry<'docs'> }
export interface GuidePage { slug: string; address: string; data: Published<Guide>; entry: CollectionEntry<'docs'> }
/** A page that nobody has reviewed: it stands at its address, and in no list but that of drafts. */
export interface DraftPage { slug: string; address: string; data: Exclude<Pattern | Problem | Guide, { status: 'outline' | PublishedStatus }>; entry: CollectionEntry<'docs'> }
export interface ContributionPage { id: string; address: string; data: Contribution }
export interface HousePage { address: string; data: { title: string; description?: string | undefined; borrows?: Contribution['borrows'] }; entry: CollectionEntry<'docs'> }

/** Patterns that have a page which somebody reviewed, by title. */
export function patternPages(): Promise<PatternPage[]> {
  return once('patternPages', async () => {
    const entries = await getCollection('docs');
    return entries.flatMap((entry) => (entry.data.kind === 'pattern' && isPublished(entry.data)
      ? [{ slug: slugOf(entry.id), address: `/patterns/${slugOf(entry.id)}/`, data: entry.data, entry }] : []))
      .sort(byTitle);
  });
}

/** Those that no other page took the place of: what lists show. */
export function listedPatterns(): Promise<PatternPage[]> {
  return once('listedPatterns', async () => (await patternPages()).filter(({ data }) => isCurrent(data)));
}

/** Every pattern the catalogue knows, drafts and those without a page included, by title. */
export function knownPatterns(): Promise<{ slug: string; data: Pattern }[]> {
  return once('knownPatterns', async () => {
    const outlines = await getCollection('outlines');
    const drafts = (await draftPages()).flatMap(({ slug, data }) => (data.kind === 'pattern' ? [{ slug, data }] : []));
    return [...await patternPages(), ...drafts, ...outlines.map(({ id, data }) => ({ slug: id, data }))].sort(byTitle);
  });
}

/** Of every kind, by title. */
export function draftPages(): Promise<DraftPage[]> {
  return once('draftPages', async () => {
    const entries = await getCollection('docs');
    return entries.flatMap((entry) => ('status' in entry.data && entry.data.status === 'draft'
      ? [{ slug: slugOf(entry.id), address: `/${entry.data.kind}s/${slugOf(entry.id)}/`, data: entry.data, entry }] : []))
      .sort(byTitle);
  });
}

export function problemPages(): Promise<ProblemPage[]> {
  return once('problemPages', async () => {
    const entries = await getCollection('docs');
    return entries.flatMap((entry) => (entry.data.kind === 'problem' && isPublished(entry.data)
      ? [{ slug: slugOf(entry.id), address: `/problems/${slugOf(entry.id)}/`, data: entry.data, entry }] : []))
      .sort(byTitle);
  });
}

export function listedProblems(): Promise<ProblemPage[]> {
  return once('listedProblems', async () => (await problemPages()).filter(({ data }) => isCurrent(data)));
}

/** Those that a pattern may answer, the one first that looks to it first. */
export async function problemsAnsweredBy(slug: string): Promise<ProblemPage[]> {
  const place = ({ data }: ProblemPage): number => data.candidates.findIndex(({ pattern }) => pattern === slug);
  return (await listedProblems()).filter((page) => place(page) >= 0).sort((a, b) => place(a) - place(b));
}

/** In the order in which they are read. */
export function guidePages(): Promise<GuidePage[]> {
  return once('guidePages', async () => {
    const entries = await getCollection('docs');
    return entries.flatMap((entry) => (entry.data.kind === 'guide' && isPublished(entry.data)
      ? [{ slug: slugOf(entry.id), address: `/guides/${slugOf(entry.id)}/`, data: entry.data, entry }] : []))
      .sort((a, b) => a.data.order - b.data.order);
  });
}

export function listedGuides(): Promise<GuidePage[]> {
  return once('listedGuides', async () => (await guidePages()).filter(({ data }) => isCurrent(data)));
}

/** The page that took the place of another of its kind; undefined where none did. */
export async function successorOf(data: Pattern | Problem | Guide): Promise<{ address: string; title: string } | undefined> {
  if (data.status !== 'superseded') return undefined;
  const pages = { pattern: listedPatterns, problem: listedProblems, guide: listedGuides }[data.kind];
  const page = (await pages()).find(({ slug }) => slug === data.supersededBy);
  return page && { address: page.address, title: page.data.title };
}

/** Whether no search engine shall keep the page at a path of the site. */
export async function isUnlisted(path: string): Promise<boolean> {
  return (await once('isUnlisted', async () => {
    const entries = await getCollection('docs');
    return unlistedAmong(entries.flatMap(({ id, data }) => ('status' in data ? [{ folder: `${data.kind}s`, slug: slugOf(id), status: data.status }] : [])));
  }))(path);
}

/** Home, and what tells how to contribute; not what answers at addresses that lead nowhere. */
export async function housePages(): Promise<HousePage[]> {
  const entries = await getCollection('docs');
  return entries.flatMap((entry) => ((entry.data.kind === 'plain' || entry.data.kind === 'contribution') && entry.id !== '404'
    ? [{ address: entry.id === '' || entry.id === 'index' ? '/' : `/${entry.id}/`, data: entry.data, entry }] : []))
    .sort((a, b) => (a.address < b.address ? -1 : 1));
}

/** The way through what tells how to contribute: pages that have a place on it, in order. */
export function contributionPages(): Promise<ContributionPage[]> {
  return once('contributionPages', async () => {
    const entries = await getCollection('docs');
    return entries.flatMap((entry) => (entry.data.kind === 'contribution' && entry.data.order !== undefined ? [{ id: entry.id, address: `/${entry.id}/`, data: entry.data }] : []))
      .sort((a, b) => (a.data.order ?? 0) - (b.data.order ?? 0));
  });
}

/** Address of the page to which an example belongs: a pattern's, or a guide's. */
export async function homeOfExample(slug: string): Promise<string> {
  const guides = [...await guidePages(), ...await draftPages()].filter(({ data }) => data.kind === 'guide');
  return guides.find((guide) => guide.slug === slug)?.address ?? `/patterns/${slug}/`;
}

export function bibliography(): Promise<Map<string, Source>> {
  return once('bibliography', async () => new Map((await getCollection('sources')).map((entry) => [entry.id, entry.data])));
}

/** The pattern of the page being rendered, or the one whose facts it borrows. @throws when a component for patterns stands on another page */
export async function patternOf(entry: ShownEntry, component: string): Promise<{ slug: string; data: Pattern }> {
  if (entry.data.kind === 'pattern') return { slug: slugOf(entry.id), data: entry.data as Pattern };
  const borrowed = (await patternPages()).find(({ slug }) => slug === borrowedBy(entry)?.pattern);
  if (borrowed === undefined) throw new Error(`<${component}> stands on "${entry.id}", which is not a pattern page`);
  return borrowed;
}

/** The problem of the page being rendered, or the one whose facts it borrows. @throws when a component for problems stands on another page */
export async function problemOf(entry: ShownEntry, component: string): Promise<Problem> {
  if (entry.data.kind === 'problem') return entry.data as Problem;
  const borrowed = (await problemPages()).find(({ slug }) => slug === borrowedBy(entry)?.problem);
  if (borrowed === undefined) throw new Error(`<${component}> stands on "${entry.id}", which is not a problem page`);
  return borrowed.data;
}

/** Keys of the sources on which the page being rendered rests; a page that borrows a pattern has those of the pattern. */
export async function sourcesOf(entry: ShownEntry): Promise<string[]> {
  if (borrowedBy(entry) !== undefined) return (await patternOf(entry, 'Sources')).data.sources;
  return 'sources' in entry.data ? entry.data.sources as string[] : [];
}

const answers = new Map<string, Promise<unknown>>();

/** Every page asks, and Astro copies all entries for each who does: a build asks it once. While somebody edits, an answer may have changed since. */
function once<Answer>(name: string, ask: () => Promise<Answer>): Promise<Answer> {
  if (import.meta.env.DEV) return ask();
  const answer = answers.get(name) as Promise<Answer> | undefined ?? ask();
  answers.set(name, answer);
  return answer;
}

/** MDX below the frontmatter, from its file: the store, which a build holds twice, does without it. */
export function bodyOf({ filePath }: { filePath?: string | undefined }): string {
  return filePath === undefined ? '' : readBody(filePath);
}

interface ShownEntry { id: string; data: { kind?: string } }

function borrowedBy({ data }: ShownEntry): Contribution['borrows'] {
  return data.kind === 'contribution' ? (data as Contribution).borrows : undefined;
}

function slugOf(id: string): string {
  return id.split('/').at(-1) ?? id;
}

function byTitle(a: { data: { title: string } }, b: { data: { title: string } }): number {
  return a.data.title.localeCompare(b.data.title, 'en');
}
