/** Whether a text has the structure of a record after MADR 4.0 (https://adr.github.io/madr/), as a Markdown parser sees it. */
import { markdownToMdast } from 'satteri';
import type { MdastNode } from 'satteri';
import { parse } from 'yaml';

/** In the order of the template; a section below another of depth 2 names it. */
const sections: { title: string; below?: string; required?: true }[] = [
  { title: 'Context and Problem Statement', required: true },
  { title: 'Decision Drivers' },
  { title: 'Considered Options', required: true },
  { title: 'Decision Outcome', required: true },
  { title: 'Consequences', below: 'Decision Outcome' },
  { title: 'Confirmation', below: 'Decision Outcome' },
  { title: 'Pros and Cons of the Options' },
  { title: 'More Information' },
];
const keys = ['status', 'date', 'decision-makers', 'consulted', 'informed'];

/** @returns what is wrong, empty for a record as it should be */
export function madrViolations(markdown: string): string[] {
  const tree = markdownToMdast(markdown);
  const nodes = tree.type === 'root' ? tree.children : [];
  const rest = nodes.filter(({ type }) => type !== 'yaml');
  const options = itemsOf(bodyOf(rest, 'Considered Options'));
  return [
    ...frontMatter(nodes[0]),
    ...headings(rest, options),
    ...listed(rest, 'Decision Drivers'),
    ...listed(rest, 'Considered Options'),
    ...(new Set(options).size === options.length && options.length > 0 ? [] : [`Considered Options: each once; found ${options.join(' | ')}`]),
    ...outcome(rest, options),
    ...argued(rest, 'Consequences'),
    ...options.flatMap((option) => argued(rest, option)),
    ...strange(rest),
  ];
}

function frontMatter(node: MdastNode | undefined): string[] {
  if (node?.type !== 'yaml') return ['no front matter at the beginning'];
  const data = parse(node.value) as Record<string, unknown>;
  const { status, date } = data;
  return [
    ...Object.keys(data).filter((key) => !keys.includes(key)).map((key) => `front matter: "${key}" is no key of MADR`),
    ...(['proposed', 'rejected', 'accepted', 'deprecated'].includes(String(status)) || String(status).startsWith('superseded by ') ? [] : [`front matter: status "${status}"`]),
    ...(date === null || date === undefined || /^\d{4}-\d\d-\d\d$/.test(String(date)) ? [] : [`front matter: date "${date}"`]),
  ];
}

function headings(nodes: readonly MdastNode[], options: readonly string[]): string[] {
  const found = nodes.flatMap((node) => (node.type === 'heading' ? [{ depth: node.depth, title: textOf(node) }] : []));
  const [first, ...below] = found;
  const pros = below.findIndex(({ title }) => title === 'Pros and Cons of the Options');
  const ofOptions = pros === -1 ? [] : below.slice(pros + 1).slice(0, below.slice(pros + 1).findIndex(({ depth }) => depth === 2) >>> 0).map(({ title }) => title);
  const names = below.filter((_, at) => pros === -1 || at <= pros || at > pros + ofOptions.length);
  const places = names.map(({ title }) => sections.findIndex((section) => section.title === title));
  return [
    ...(first?.depth === 1 && nodes[0]?.type === 'heading' && !below.some(({ depth }) => depth === 1) ? [] : ['one title, and it comes first']),
    ...names.filter((_, at) => places[at] === -1).map(({ title }) => `"${title}" is no section of MADR`),
    ...names.filter(({ depth }, at) => depth !== (sections[places[at] ?? -1]?.below === undefined ? 2 : 3)).map(({ title, depth }) => `"${title}" stands at depth ${depth}`),
    ...(places.every((place, at) => at === 0 || place > (places[at - 1] ?? -1)) ? [] : [`order: ${names.map(({ title }) => title).join(', ')}`]),
    ...sections.filter(({ title, required }) => required && !names.some((each) => each.title === title)).map(({ title }) => `no "${title}"`),
    ...(pros === -1 || String(ofOptions) === String(options) ? [] : [`Pros and Cons: ${ofOptions.join(' | ')}; expected ${options.join(' | ')}`]),
    ...found.filter(({ title }) => bodyOf(nodes, title).length === 0 && title !== first?.title && title !== 'Pros and Cons of the Options').map(({ title }) => `"${title}" is empty`),
  ];
}

function listed(nodes: readonly MdastNode[], title: string): string[] {
  const body = bodyOf(nodes, title);
  return body.length === 0 || (body.length === 1 && body[0]?.type === 'list') ? [] : [`${title}: one list; found ${body.map(({ type }) => type).join(', ')}`];
}

function outcome(nodes: readonly MdastNode[], options: readonly string[]): string[] {
  const [chosen] = bodyOf(nodes, 'Decision Outcome');
  const text = chosen?.type === 'paragraph' ? textOf(chosen) : '';
  const [, title] = /^Chosen option: "(.+?)", because \S/.exec(text) ?? [];
  return title !== undefined && options.includes(title) ? [] : [`Decision Outcome: found "${text.slice(0, 80)}"; expected Chosen option: "…", because …, with an option that was considered`];
}

function argued(nodes: readonly MdastNode[], title: string): string[] {
  return bodyOf(nodes, title).filter(({ type }) => type === 'list').flatMap((list) => itemsOf([list]))
    .filter((item) => !/^(Good|Neutral|Bad), because \S.*[.?!]$/.test(item)).map((item) => `${title}: "${item}" does not begin with Good, Neutral or Bad, because`);
}

/** Nothing but paragraphs, lists, quotations and our own comments; links lead to a place by themselves. */
function strange(nodes: readonly MdastNode[]): string[] {
  const all = nodes.flatMap(function within(node: MdastNode): MdastNode[] {
    return [node, ...('children' in node ? node.children.flatMap((child) => within(child as MdastNode)) : [])];
  });
  const allowed = ['heading', 'paragraph', 'text', 'list', 'listItem', 'link', 'blockquote', 'html'];
  return [
    ...all.filter(({ type }) => !allowed.includes(type)).map(({ type }) => `a node "${type}"`),
    ...all.flatMap((node) => (node.type === 'html' && !/^<!-- [^<>]+ -->$/.test(node.value) ? [`HTML: ${node.value}`] : [])),
    ...all.flatMap((node) => (node.type === 'link' && !/^https?:\/\/[^\s]+$/.test(node.url) ? [`a link to ${node.url}`] : [])),
    ...all.flatMap((node) => (node.type === 'text' && /\b(undefined|null|NaN|\[object)\b/.test(node.value) ? [`"${node.value}"`] : [])),
  ];
}

/** What stands between a heading and the next. */
function bodyOf(nodes: readonly MdastNode[], title: string): MdastNode[] {
  const at = nodes.findIndex((node) => node.type === 'heading' && node.depth > 1 && textOf(node) === title);
  if (at === -1) return [];
  const rest = nodes.slice(at + 1);
  const end = rest.findIndex(({ type }) => type === 'heading');
  return end === -1 ? rest : rest.slice(0, end);
}

function itemsOf(nodes: readonly MdastNode[]): string[] {
  return nodes.flatMap((node) => (node.type === 'list' ? node.children.map(textOf) : []));
}

function textOf(node: MdastNode): string {
  if (node.type === 'text') return node.value;
  return 'children' in node ? node.children.map((child) => textOf(child as MdastNode)).join('') : '';
}
