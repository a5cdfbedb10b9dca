/** What a comparison takes from the text of a pattern's page: what it costs, and what it says of other patterns. */
import { mdxToMdast } from 'satteri';
import type { MdastNode } from 'satteri';
import type { Said } from './compared.ts';

export interface PageParts { costs: readonly string[]; says: readonly Said[] }

interface Named { slug: string; data: { title: string; alsoKnownAs: readonly string[] } }

/** @param body MDX below the frontmatter; empty where there is no page yet @param patterns all, by whose names a heading is understood */
export function pageParts(body: string, patterns: readonly Named[]): PageParts {
  const tree = mdxToMdast(body, { features: { directive: true, headingAttributes: true } });
  const sections = sectionsOf(tree.type === 'root' ? tree.children : []);
  return {
    costs: sections.filter(({ depth, title }) => depth === 2 && title === 'What it costs').flatMap(({ paragraphs }) => paragraphs),
    says: sections.flatMap(({ title, id, paragraphs }) => {
      const wanted = /^Compared with (.+)$/.exec(title)?.[1];
      if (wanted === undefined || paragraphs.length === 0) return [];
      return patternsNamed(wanted, patterns).map((about) => ({ about, heading: title, id, text: paragraphs.join(' ') }));
    }),
  };
}

/** Slugs of the patterns that a heading names, each by the longest of its names that stands in it. */
export function patternsNamed(heading: string, patterns: readonly Named[]): string[] {
  // "Client-side and server-side discovery" names two, which share their last word.
  const words = ` ${plain(heading)} | ${plain(heading.replace(/^(.+) and .+ (\S+)$/, '$1 $2'))} `;
  const found = patterns.flatMap(({ slug, data }) => {
    const names = [data.title, ...data.alsoKnownAs].map(plain).filter((name) => words.includes(` ${name} `)).sort((a, b) => b.length - a.length);
    return names[0] === undefined ? [] : [{ slug, name: names[0] }];
  });
  // "Service mesh" stands in "sidecar of a service mesh" by right; a name inside a longer name does not.
  return found.filter(({ name }) => !found.some((other) => other.name.length > name.length && ` ${other.name} `.includes(` ${name} `))).map(({ slug }) => slug);
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll('ised', 'ized').replaceAll(/[^a-z\d]+/g, ' ').trim();
}

interface Section { depth: number; title: string; id: string; paragraphs: string[] }

function sectionsOf(nodes: readonly MdastNode[]): Section[] {
  const sections: Section[] = [];
  for (const node of nodes) {
    if (node.type === 'heading') {
      const title = textOf(node);
      sections.push({ depth: node.depth, title, id: title.toLowerCase().replaceAll(/[^\p{L}\d\s-]/gu, '').trim().replaceAll(/\s+/g, '-'), paragraphs: [] });
    } else if (node.type === 'paragraph') sections.at(-1)?.paragraphs.push(textOf(node));
  }
  return sections;
}

/** Words alone: marks, links and components are left out. */
function textOf(node: MdastNode): string {
  return raw(node).replaceAll(/\s+/g, ' ').replaceAll(/ (?=[.,;:])/g, '').trim();
}

function raw(node: MdastNode): string {
  if (node.type === 'text' || node.type === 'inlineCode') return node.value;
  if (node.type === 'mdxJsxTextElement' || node.type === 'mdxJsxFlowElement') return '';
  return 'children' in node ? node.children.map((child) => raw(child as MdastNode)).join('') : node.type === 'break' ? ' ' : '';
}
