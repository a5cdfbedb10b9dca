/** What a decision takes from the body of a pattern's page: the question that it answers, and what to watch. */
import { mdxToMdast } from 'satteri';
import type { MdastNode } from 'satteri';

export interface PageWords { question?: string; watch: readonly string[] }

/** @param body MDX below the frontmatter; empty where there is no page yet */
export function pageWords(body: string): PageWords {
  const tree = mdxToMdast(body, { features: { directive: true, headingAttributes: true } });
  const nodes = tree.type === 'root' ? tree.children : [];
  const [asked] = under(nodes, 'Problem').flatMap((node) => (node.type === 'paragraph' ? node.children.filter(({ type }) => type === 'strong') : []));
  const watch = under(nodes, 'What to watch').flatMap((node) => (node.type === 'list' ? node.children.map(textOf) : []));
  return { ...(asked === undefined ? {} : { question: textOf(asked) }), watch };
}

/** What stands below a heading of the second level, up to the next. */
function under(nodes: readonly MdastNode[], title: string): MdastNode[] {
  const isHeading = (node: MdastNode): boolean => node.type === 'heading' && node.depth === 2;
  const at = nodes.findIndex((node) => isHeading(node) && textOf(node) === title);
  if (at === -1) return [];
  const rest = nodes.slice(at + 1);
  const end = rest.findIndex(isHeading);
  return end === -1 ? rest : rest.slice(0, end);
}

/** Words alone: marks, links and components are left out. */
function textOf(node: MdastNode): string {
  return raw(node).replaceAll(/\s+/g, ' ').replaceAll(/ (?=[.,;:])/g, '').trim();
}

function raw(node: MdastNode): string {
  if (node.type === 'text' || node.type === 'inlineCode') return node.value;
  if (node.type === 'mdxJsxTextElement' || node.type === 'mdxJsxFlowElement') return '';
  return 'children' in node ? node.children.map((child) => raw(child as MdastNode)).join(node.type === 'list' || node.type === 'listItem' ? ' ' : '') : node.type === 'break' ? ' ' : '';
}
