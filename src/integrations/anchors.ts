/** Gives headings, and each claim of the sections that a reader may want to hold us to, an id and a link to it. */
import { defineHastPlugin, type HastNode, type HastPluginDefinition, type HastVisitorContext } from 'satteri';

type Element = Extract<HastNode, { type: 'element' }>;

/** Ids of the headings below which each sentence, and each point of a list, is a claim. */
const claimSections = ['when-it-goes-wrong', 'what-it-costs', 'when-not-to-use-it'];
/** So many words name a claim whose first words are not set in bold. */
const namingWords = 5;

/** Stands behind a plugin that gives headings their ids. Sätteri calls it once per document. */
export function anchors(): HastPluginDefinition {
  return defineHastPlugin({
    name: 'anchors',
    before(root, context) {
      const used = new Set(root.children.flatMap((node) => idOf(node) ?? []));
      let section = '';
      for (const node of root.children) {
        if (node.type !== 'element') continue;
        if (node.tagName === 'h2') section = idOf(node) ?? '';
        if (/^h[2-6]$/.test(node.tagName)) withLink(node, context);
        else if (claimSections.includes(section)) claims(node, used, context);
      }
    },
  });
}

function withLink(heading: Element, context: HastVisitorContext): void {
  const id = idOf(heading);
  if (id === undefined) return;
  const properties = { class: `sl-heading-wrapper level-${heading.tagName}` };
  context.replaceNode(heading, element('div', properties, [heading, linkTo(id, 'sl-anchor-link', `Section “${context.textContent(heading)}”`)]));
}

function claims(node: Element, used: Set<string>, context: HastVisitorContext): void {
  if (node.tagName === 'p') {
    const sentences = linesOf(node).flatMap((line, index): HastNode[] => [...(index === 0 ? [] : [{ type: 'text', value: '\n' } as const]), claim('span', line, used, context)]);
    context.replaceNode(node, element('p', node.properties, sentences));
  }
  if (node.tagName !== 'ul' && node.tagName !== 'ol') return;
  for (const item of node.children) {
    if (item.type === 'element' && item.tagName === 'li') context.replaceNode(item, claim('li', item.children, used, context));
  }
}

/** The children of a paragraph line by line: the source has one sentence on each. */
function linesOf(paragraph: Element): HastNode[][] {
  const lines: HastNode[][] = [[]];
  for (const child of paragraph.children) {
    if (child.type !== 'text') lines.at(-1)?.push(child);
    else child.value.split('\n').forEach((value, index) => {
      if (index > 0) lines.push([]);
      if (value !== '') lines.at(-1)?.push({ type: 'text', value });
    });
  }
  return lines.filter((line) => line.length > 0);
}

function claim(tagName: string, children: readonly HastNode[], used: Set<string>, context: HastVisitorContext): HastNode {
  const id = claimId(children, used, context);
  const link = linkTo(id, 'claim', 'Link to this claim');
  const last = children.findLast((child) => child.type === 'element');
  // In a list with air between its points the text stands in paragraphs.
  const withMark = last?.type === 'element' && last.tagName === 'p'
    ? children.map((child) => (child === last ? element('p', last.properties, [...last.children, link]) : child))
    : [...children, link];
  return element(tagName, { id }, withMark);
}

/** From the words in bold at its beginning, else from its first words. */
function claimId(children: readonly HastNode[], used: Set<string>, context: HastVisitorContext): string {
  const text = (node: HastNode): string => (node.type === 'text' ? node.value : context.textContent(node));
  const first = children.find((child) => text(child).trim() !== '');
  const bold = first?.type === 'element' && first.tagName === 'strong' ? text(first) : undefined;
  const words = (bold ?? children.map(text).join('').trim().split(/\s+/, namingWords).join(' ')).normalize('NFKD').toLowerCase();
  const name = words.replaceAll(/['’\u0300-\u036f]/g, '').replaceAll(/[^a-z\d]+/g, '-').replaceAll(/^-|-$/g, '') || 'claim';
  const id = [name, ...Array.from({ length: used.size }, (_, index) => `${name}-${index + 2}`)].find((each) => !used.has(each)) ?? name;
  used.add(id);
  return id;
}

function linkTo(id: string, className: string, label: string): Element {
  return element('a', { class: className, href: `#${id}`, 'aria-label': label }, []);
}

function element(tagName: string, properties: Element['properties'], children: HastNode[]): Element {
  return { type: 'element', tagName, properties, children: children as Element['children'] };
}

function idOf(node: HastNode): string | undefined {
  const id = node.type === 'element' ? node.properties['id'] : undefined;
  return typeof id === 'string' ? id : undefined;
}
