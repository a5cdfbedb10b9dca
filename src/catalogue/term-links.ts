/**
 * Which words of a page lead to the glossary: of each term the first use in running text, few a page, one a sentence, none beside
 * a link and none on a page that explains the term itself. Headings, links, code, tables, components and words in bold are let be.
 */
import type { Term } from './schema.ts';

/** So many links of this kind a page has at most. */
export const mostTermLinks = 8;

/** A node of a Markdown tree, as far as it matters here. */
export interface MarkdownNode { type: string; value?: string; children?: readonly MarkdownNode[] }

export interface TermLink<Node> {
  id: string;
  /** The text that holds the words. */
  node: Node;
  start: number;
  end: number;
}

type KnownTerm = Pick<Term, 'id' | 'words' | 'notOn' | 'patterns'>;

/** @param slug of the page @param most fewer or more than a page shows, for who wants to know all */
export function termLinks<Node extends MarkdownNode>(root: Node, slug: string, terms: readonly KnownTerm[], most = mostTermLinks): TermLink<Node>[] {
  const owners = new Map(terms.filter(({ notOn, patterns }) => !notOn.includes(slug) && !patterns.includes(slug)).flatMap(({ id, words }) => words.map((word) => [word.toLowerCase(), id] as const)));
  if (owners.size === 0) return [];
  // The longest words first: "trace context" before "trace".
  const words = [...owners.keys()].sort((a, b) => b.length - a.length).map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  const word = new RegExp(String.raw`(?<![\p{L}\d-])(?:${words.join('|')})(?![\p{L}\d-])`, 'giu');
  const used = new Set<string>();
  const links: TermLink<Node>[] = [];
  for (const paragraph of paragraphsOf(root)) {
    for (const line of linesOf(paragraph)) {
      const found = [...line.text.matchAll(word)].find((match) => !used.has(owners.get(match[0].toLowerCase()) ?? '') && standsApart(line.text, match.index, match.index + match[0].length));
      const piece = line.pieces.findLast(({ at }) => found !== undefined && at <= found.index);
      if (found === undefined || piece === undefined || links.length >= most) continue;
      const [id, start] = [owners.get(found[0].toLowerCase()) ?? '', found.index - piece.at + piece.start];
      used.add(id);
      links.push({ id, node: piece.node, start, end: start + found[0].length });
    }
  }
  return links;
}

const holders = new Set(['root', 'list', 'listItem', 'blockquote', 'containerDirective']);

function paragraphsOf<Node extends MarkdownNode>(node: Node): Node[] {
  if (node.type === 'paragraph') return [node];
  return holders.has(node.type) ? (node.children ?? []).flatMap((child) => paragraphsOf(child as Node)) : [];
}

/** In the place of a link, and of what else has no words for us. */
const linkMark = '\u0001';
const otherMark = '\u0002';

interface Line<Node> {
  text: string;
  /** Where in the line, and from where in the node, its text stands. */
  pieces: { node: Node; at: number; start: number }[];
}

/** The source has one sentence on each line. */
function linesOf<Node extends MarkdownNode>(paragraph: Node): Line<Node>[] {
  const lines: Line<Node>[] = [{ text: '', pieces: [] }];
  const add = (node: Node): void => {
    const line = lines.at(-1);
    if (line === undefined) return;
    if (node.type === 'emphasis') (node.children ?? []).forEach((child) => add(child as Node));
    else if (node.type !== 'text') line.text += node.type === 'link' ? linkMark : otherMark;
    else {
      let start = 0;
      for (const [index, text] of (node.value ?? '').split('\n').entries()) {
        if (index > 0) lines.push({ text: '', pieces: [] });
        const last = lines.at(-1);
        last?.pieces.push({ node, at: last.text.length, start });
        if (last !== undefined) last.text += text;
        start += text.length + 1;
      }
    }
  };
  (paragraph.children ?? []).forEach((child) => add(child as Node));
  return lines;
}

/** Words lie between it and the links on both sides. */
function standsApart(line: string, start: number, end: number): boolean {
  const before = line.slice(0, start).split(linkMark);
  const after = line.slice(end).split(linkMark);
  return (before.length === 1 || /\p{L}/u.test(before.at(-1) ?? '')) && (after.length === 1 || /\p{L}/u.test(after[0] ?? ''));
}
