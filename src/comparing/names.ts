/** How readers name patterns: by slug, by title, by another name. */
import type { Category } from '../catalogue/vocabulary.ts';
import { nearestWord } from '../catalogue/nearest.ts';

/** What is known of every pattern before one is chosen. */
export interface KnownName { slug: string; title: string; category: Category; hasPage: boolean; aliases: readonly string[]; /** Known to addresses, and offered to nobody. */ superseded?: true }

/** A name as an address writes it. */
export function slugOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\d]+/gu, '-').replaceAll(/^-|-$/g, '');
}

/** The pattern of that name, however it is written. */
export function namedPattern(name: string, known: readonly KnownName[]): KnownName | undefined {
  const wanted = slugOf(name);
  if (wanted === '') return undefined;
  return known.find(({ slug }) => slug === wanted) ?? known.find(({ title, aliases }) => [title, ...aliases].some((each) => slugOf(each) === wanted));
}

/** What somebody may have meant whose name is unknown: a slip of the pen, or a part of a name. */
export function meantPattern(name: string, known: readonly KnownName[]): KnownName | undefined {
  const wanted = slugOf(name).slice(0, longestName);
  if (wanted === '') return undefined;
  const slip = nearestWord(wanted, known.flatMap(({ slug, title, aliases }) => [slug, slugOf(title), ...aliases.map(slugOf)]));
  return (slip === undefined ? undefined : namedPattern(slip, known)) ?? foundNames(name, known)[0];
}

/** Those that fit what was typed, the best first; all of them for nothing. */
export function foundNames(typed: string, known: readonly KnownName[]): KnownName[] {
  const wanted = slugOf(typed).slice(0, longestName);
  if (wanted === '') return [...known];
  const scored = known.map((each) => ({ each, score: Math.max(likeness(wanted, slugOf(each.title)) + 0.5, ...each.aliases.map((alias) => likeness(wanted, slugOf(alias)))) }));
  return scored.filter(({ score }) => score >= 1).sort((a, b) => b.score - a.score).map(({ each }) => each);
}

/** Longer names nobody gives; made-up addresses hold anything. */
const longestName = 80;

function likeness(wanted: string, name: string): number {
  if (name === wanted) return 5;
  if (name.startsWith(wanted)) return 4;
  if (`-${name}`.includes(`-${wanted}`)) return 3;
  const words = wanted.split('-');
  if (words.every((word) => `-${name}`.includes(`-${word}`))) return 2;
  return wanted.length > 2 && name.includes(wanted) ? 1 : 0;
}
