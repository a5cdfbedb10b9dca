/**
 * MDX to Markdown by its syntax tree. What is Markdown already stays as its author wrote it, line by line; only components,
 * links and asides are rewritten where they stand.
 */
import { mdxToMdast } from 'satteri';
import type { MdastNode } from 'satteri';

export interface Resolver {
  /** Markdown in place of a component. @throws when it knows none of that name */
  component: (name: string, attributes: Readonly<Record<string, string>>, inside?: Inside) => string;
  link: (url: string) => string;
}

/** What stands between the tags of a component: as it was written, and in Markdown. */
export interface Inside { source: string; text: string }

interface Edit { from: number; to: number; text: string }

/** @throws where a computed value stands, since only a browser or a build could tell it */
export function plainMarkdown(mdx: string, { component, link }: Resolver): string {
  const tree = mdxToMdast(mdx, { features: { directive: true, headingAttributes: true } });
  return applied(0, mdx.length, editsOf(tree)).trim();

  function editsOf(node: MdastNode): Edit[] {
    const [from, to] = spanOf(node);
    switch (node.type) {
      case 'mdxjsEsm':
        return [without(from, to)];
      case 'mdxFlowExpression':
      case 'mdxTextExpression':
        if (!/^\/\*[\s\S]*\*\/$/.test(node.value.trim())) throw new Error(`{${node.value}} cannot be told in Markdown; write its value`);
        return [without(from, to)];
      case 'mdxJsxFlowElement':
        return [{ from, to, text: indented(component(node.name ?? '', attributesOf(node), insideOf(node.children)), columnOf(node) - 1) }];
      case 'mdxJsxTextElement': {
        const text = component(node.name ?? '', attributesOf(node));
        // A note follows its sentence without a space.
        return [{ from: text.startsWith('[^') ? from - (/ *$/.exec(mdx.slice(0, from))?.[0].length ?? 0) : from, to, text }];
      }
      case 'link': {
        const url = link(node.url);
        const inner = node.children.flatMap(editsOf);
        if (url === node.url) return inner;
        const end = node.children.at(-1)?.position?.end.offset ?? from + 1;
        return [...inner, { from: end, to, text: `](${url}${titled(node.title)})` }];
      }
      case 'image':
        return [{ from, to, text: `![${node.alt ?? ''}](${link(node.url)}${titled(node.title)})` }];
      case 'definition':
        return [{ from, to, text: `[${node.label ?? node.identifier}]: ${link(node.url)}${titled(node.title)}` }];
      case 'containerDirective': {
        const [first, ...others] = node.children;
        const hasLabel = first !== undefined && mdx.slice(0, spanOf(first)[0]).endsWith(node.name) === true;
        const label = hasLabel ? mdx.slice(...spanOf(first)).replace(/^\[|\]$/g, '') : node.name.charAt(0).toUpperCase() + node.name.slice(1);
        const inside = hasLabel ? others : node.children;
        const [start, end] = [inside[0], inside.at(-1)].map((child) => (child === undefined ? undefined : spanOf(child)));
        const text = start === undefined || end === undefined ? '' : applied(start[0], end[1], inside.flatMap(editsOf));
        return [{ from, to, text: `**${label}**\n\n${text}`.trim().split('\n').map((line) => `> ${line}`.trimEnd()).join('\n') }];
      }
      default:
        return 'children' in node ? node.children.flatMap(editsOf) : [];
    }
  }

  function insideOf(children: readonly MdastNode[]): Inside | undefined {
    const [first, last] = [children[0], children.at(-1)];
    if (first === undefined || last === undefined) return undefined;
    const [from, to] = [spanOf(first)[0], spanOf(last)[1]];
    return { source: mdx.slice(from, to), text: applied(from, to, children.flatMap(editsOf)) };
  }

  function applied(from: number, to: number, edits: readonly Edit[]): string {
    let text = '';
    let at = from;
    for (const edit of edits) {
      text += mdx.slice(at, edit.from) + edit.text;
      at = edit.to;
    }
    return text + mdx.slice(at, to);
  }

  /** The white space behind it goes too. */
  function without(from: number, to: number): Edit {
    return { from, to: to + (/^\s*/.exec(mdx.slice(to))?.[0].length ?? 0), text: '' };
  }
}

function spanOf({ position }: MdastNode): [number, number] {
  const [from, to] = [position?.start.offset, position?.end.offset];
  if (from === undefined || to === undefined) throw new Error('a node of the syntax tree does not say where it stands');
  return [from, to];
}

function columnOf({ position }: MdastNode): number {
  return position?.start.column ?? 1;
}

type Component = Extract<MdastNode, { type: 'mdxJsxFlowElement' | 'mdxJsxTextElement' }>;

function attributesOf({ name, attributes }: Component): Record<string, string> {
  return Object.fromEntries(attributes.map((attribute) => {
    if (attribute.type !== 'mdxJsxAttribute' || typeof attribute.value === 'object' && attribute.value !== null) throw new Error(`<${name ?? ''}> has a computed attribute; write its value in quotes`);
    return [attribute.name, attribute.value ?? ''];
  }));
}

function indented(text: string, columns: number): string {
  return text.replaceAll(/\n(?=.)/g, `\n${' '.repeat(columns)}`);
}

function titled(title: string | null | undefined): string {
  return typeof title === 'string' ? ` ${JSON.stringify(title)}` : '';
}
