/** What decisions and comparisons read of the catalogue, gathered once for a build. */
import { bibliography, bodyOf, knownPatterns, listedProblems, patternPages } from '../catalogue/entries.ts';
import type { Facts } from '../citing/pattern-facts.ts';
import { pageWords } from '../citing/page-words.ts';
import type { Compared } from '../comparing/compared.ts';
import { gather } from '../comparing/gather.ts';
import { siteAddress } from '../components/site-address.ts';

let gathered: Promise<{ facts: Facts; compared: Compared[] }> | undefined;

export async function catalogueFacts(): Promise<Facts> {
  return (await all()).facts;
}

/** Every pattern as a comparison reads it, by title. */
export async function comparedPatterns(): Promise<Compared[]> {
  return (await all()).compared;
}

function all(): Promise<{ facts: Facts; compared: Compared[] }> {
  // While somebody edits, a page may have changed since.
  if (import.meta.env.DEV) return read();
  return gathered ??= read();
}

async function read(): Promise<{ facts: Facts; compared: Compared[] }> {
  const problems = await listedProblems();
  const bodies = new Map((await patternPages()).map(({ slug, entry }) => [slug, bodyOf(entry)]));
  const patterns = (await knownPatterns()).map(({ slug, data }) => ({ slug, data, body: bodies.get(slug) ?? '' }));
  return {
    facts: { patterns: patterns.map(({ slug, data, body }) => ({ slug, data, words: pageWords(body) })), problems, home: siteAddress },
    compared: gather(patterns, problems, await bibliography()),
  };
}
