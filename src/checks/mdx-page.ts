/** A page as its syntax tree, also where its MDX is broken: what cannot be read is reported, left out, and the rest is read. */
import { mdxToMdast } from 'satteri';
import type { MdastNode } from 'satteri';
import type { SourcePage } from './content-tree.ts';

/** Half open, as offsets in the file. */
export interface Span { start: number; end: number }
export interface Fault { offset: number; message: string }
export interface Located extends Span { node: MdastNode; parents: readonly MdastNode[] }

export interface MdxPage {
  faults: readonly Fault[];
  /** Each node behind the one that holds it, in the order of the file. */
  nodes: readonly Located[];
}

const known = new Map<string, MdxPage>();

export function mdxOf({ text, bodyStart }: SourcePage): MdxPage {
  const page = known.get(text) ?? parse(text, bodyStart);
  known.set(text, page);
  return page;
}

export interface Heading extends Span { depth: number; text: string }

export function headingsOf(page: SourcePage, depth: number): Heading[] {
  return mdxOf(page).nodes.flatMap(({ node, start, end, parents }) => (node.type === 'heading' && node.depth === depth && parents.length === 1 ? [{ depth, text: wordsOf(node), start, end }] : []));
}

export interface Component extends Span {
  name: string;
  /** Those with a plain text; a computed one is undefined. */
  attributes: Readonly<Record<string, string | undefined>>;
  /** Where the text of an attribute stands, without its quotes; its name, where it has none. */
  at: (attribute: string) => Span;
  block: boolean;
}

/** Components and HTML alike. */
export function componentsOf(page: SourcePage): Component[] {
  return mdxOf(page).nodes.flatMap(({ node, start, end }) => {
    if (node.type !== 'mdxJsxFlowElement' && node.type !== 'mdxJsxTextElement') return [];
    const attributes = Object.fromEntries(node.attributes.flatMap((each) => (each.type !== 'mdxJsxAttribute' ? [] : [[each.name, typeof each.value === 'string' ? each.value : each.value == null ? '' : undefined]])));
    return [{ name: node.name ?? '', attributes, start, end, at: (attribute: string) => attributeAt(page.text, start, attribute), block: node.type === 'mdxJsxFlowElement' }];
  });
}

export interface CodeBlock extends Span {
  language: string;
  meta: string;
  code: string;
  /** Offset of the first line of code. */
  codeStart: number;
  /** How many columns the block is indented by. */
  indent: number;
}

export function codeOf(page: SourcePage): CodeBlock[] {
  return mdxOf(page).nodes.flatMap(({ node, start, end }) => (node.type === 'code'
    ? [{ language: node.lang ?? '', meta: node.meta ?? '', code: node.value, start, end, codeStart: page.text.indexOf('\n', start) + 1, indent: start - (page.text.lastIndexOf('\n', start) + 1) }]
    : []));
}

/** Offset in the file. @param line of the code, from 1, like the column */
export function placeInCode(text: string, { codeStart, indent }: CodeBlock, line: number, column: number): number {
  let start = codeStart;
  for (let count = 1; count < line; count++) start = text.indexOf('\n', start) + 1;
  const end = text.indexOf('\n', start);
  return Math.min(start + indent + column - 1, end < 0 ? text.length : end);
}

export function wordsOf(node: MdastNode): string {
  if (node.type === 'text' || node.type === 'inlineCode') return node.value;
  return 'children' in node ? node.children.map((child) => wordsOf(child as MdastNode)).join('') : '';
}

/** The text of the file with everything but its body blank, so that places stay what they are. */
export function bodyInPlace({ text, bodyStart }: Pick<SourcePage, 'text' | 'bodyStart'>): string {
  return blanked(text, 0, bodyStart);
}

/** @param line from 1, like the column */
export function offsetOf(text: string, line: number, column: number): number {
  const start = text.split('\n').slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  return Math.min(text.length, start + column - 1);
}

/** More mistakes than anybody makes on one page; each costs one more parsing. */
const mostFaults = 40;

function parse(text: string, bodyStart: number): MdxPage {
  const faults: Fault[] = [];
  let source = bodyInPlace({ text, bodyStart });
  while (faults.length < mostFaults) {
    try {
      const root = mdxToMdast(source, { features: { directive: true, headingAttributes: true } });
      return { faults, nodes: located(root, []).slice(1) };
    } catch (error) {
      const { offset, message } = faultOf(error, source);
      if (!faults.some((fault) => fault.offset === offset)) faults.push({ offset, message });
      source = without(source, offset, faults.at(-1)?.offset === offset);
    }
  }
  return { faults, nodes: [] };
}

function faultOf(error: unknown, text: string): Fault {
  const [, line, column, message] = /^(\d+):(\d+): ([\s\S]*?)(?: \([\w-]+:[\w-]+\))?$/.exec(error instanceof Error ? error.message : '') ?? [];
  if (message === undefined) throw error;
  return { offset: offsetOf(text, Number(line), Number(column)), message };
}

/** Takes out the tag or the braces at a place; where there are none, or that did not help, the whole line. */
function without(source: string, offset: number, isNew: boolean): string {
  const [lineStart, lineEnd] = [source.lastIndexOf('\n', offset - 1) + 1, endOfLine(source, offset)];
  const open = Math.max(source.lastIndexOf('<', offset), source.lastIndexOf('{', offset));
  if (!isNew || open < lineStart) return blanked(source, lineStart, lineEnd);
  const piece = /^(?:<\/?[A-Za-z][^<>\n]*>|<!--.*?-->|\{[^{}\n]*\}|[<{])/.exec(source.slice(open, lineEnd))?.[0] ?? '';
  return blanked(source, open, open + piece.length);
}

function endOfLine(source: string, offset: number): number {
  const end = source.indexOf('\n', offset);
  return end < 0 ? source.length : end;
}

function blanked(text: string, start: number, end: number): string {
  return text.slice(0, start) + text.slice(start, end).replaceAll(/[^\n]/g, ' ') + text.slice(end);
}

function located(node: MdastNode, parents: readonly MdastNode[]): Located[] {
  const start = node.position?.start.offset ?? 0;
  const own = { node, parents, start, end: node.position?.end.offset ?? start };
  return 'children' in node ? [own, ...node.children.flatMap((child) => located(child as MdastNode, [...parents, node]))] : [own];
}

function attributeAt(text: string, start: number, name: string): Span {
  const tag = text.slice(start);
  const match = new RegExp(`\\s${name}(?:\\s*=\\s*(?:"([^"]*)"|'([^']*)'))?`).exec(tag);
  if (match === null) return { start, end: start };
  const value = match[1] ?? match[2];
  const end = start + match.index + match[0].length;
  return value === undefined ? { start: start + match.index + 1, end } : { start: end - 1 - value.length, end: end - 1 };
}
