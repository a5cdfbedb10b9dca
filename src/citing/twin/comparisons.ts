/** Twins of the pages that set two alternatives side by side. */
import { comparisonMarkdown } from '../comparison-markdown.ts';
import { blocks, plainLine } from '../markdown.ts';
import type { Facts } from '../pattern-facts.ts';
import type { Atlas } from './atlas.ts';
import { documentOf } from './document.ts';
import type { ListPage } from './lists.ts';

/** @param deciding the sentences with which its page begins */
export function pairTwin({ path, title, description }: ListPage, slugs: readonly string[], deciding: readonly string[], facts: Facts, atlas: Atlas): string {
  // The page has a title of its own.
  const [, ...compared] = comparisonMarkdown(facts, slugs).trimEnd().split('\n\n');
  return documentOf({ title, description, fields: { patterns: slugs }, address: atlas.absolute(path), facts: [], body: blocks('## What decides', ...deciding.map(plainLine), '## Side by side', ...compared) });
}
