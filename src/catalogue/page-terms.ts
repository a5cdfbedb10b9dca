/** The terms that the text of a page links to, from its source: what the page takes as known. */
import { mdxToMdast } from 'satteri';
import type { Term } from './schema.ts';
import { termLinks } from './term-links.ts';

/** @param body MDX below the frontmatter */
export function pageTerms(body: string, slug: string, terms: readonly Term[]): Term[] {
  const links = termLinks(mdxToMdast(body, { features: { directive: true, headingAttributes: true } }), slug, terms);
  return links.flatMap(({ id }) => terms.find((term) => term.id === id) ?? []);
}
