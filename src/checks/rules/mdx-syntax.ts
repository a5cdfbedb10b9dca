import { mdxToJs } from 'satteri';
import { atOffset } from '../breach.ts';
import type { ContentTree, SourcePage } from '../content-tree.ts';
import { bodyInPlace, mdxOf, offsetOf } from '../mdx-page.ts';
import type { Fault } from '../mdx-page.ts';
import { writtenPages } from '../page-kinds.ts';
import type { Breach, Rule, Said } from '../rule.ts';

export const mdxSyntax: Rule = {
  id: 'mdx-syntax',
  title: 'A page can be read as MDX',
  holds: 'always',
  async check(tree) {
    return (await Promise.all(writtenPages(tree).map(async (page) => {
      const { faults } = mdxOf(page);
      return [...(faults.length > 0 ? faults : await faultOfImports(page))].sort((a, b) => a.offset - b.offset).map((fault) => breach(tree, page, fault));
    }))).flat();
  },
};

/** Only a compiler looks into imports. */
async function faultOfImports(page: SourcePage): Promise<Fault[]> {
  const text = bodyInPlace(page);
  if (!/^(?:import|export)\b/m.test(text)) return [];
  try {
    await mdxToJs(text, { features: { directive: true, headingAttributes: true } });
    return [];
  } catch (error) {
    const [, line, column, message = ''] = /^(\d+):(\d+): ([\s\S]*?)(?: \([\w-]+:[\w-]+\))?$/.exec(error instanceof Error ? error.message : '') ?? [];
    return [{ offset: offsetOf(text, Number(line), Number(column)), message }];
  }
}

function breach(tree: ContentTree, { file, text }: SourcePage, { offset, message }: Fault): Breach {
  const before = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset + 1);
  const open = offset + 1 - before.length + Math.max(before.lastIndexOf('<'), before.lastIndexOf('{'));
  const at = Math.max(before.lastIndexOf('<'), before.lastIndexOf('{')) < 0 ? offset : open;
  const [rest = ''] = text.slice(at).split('\n');
  const said = (place: number, words: Said): Breach => atOffset(tree, file, place, words);
  if (rest.startsWith('<!--')) return said(at, comment(file, text, at));
  if (message.includes('closing tag') && message.startsWith('Expected')) {
    const name = /`<(\/?[^>`]*)>`/.exec(message)?.[1] ?? '';
    return said(at, { found: `"<${name}>", which nothing closes`, expected: `"<${name} … />", or "</${name}>" behind what stands in it`, mend: 'close the tag' });
  }
  if (message.startsWith('Unexpected closing tag')) return said(at, { found: `"${/^<\/[^>]*>?/.exec(rest)?.[0] ?? rest}", which closes nothing`, expected: 'a tag that was opened before it', mend: 'take it out, or open the tag before it' });
  if (message.includes('closing brace')) return said(at, { found: '"{", which nothing closes', expected: '"}" behind the value, or "\\{" for the sign itself', mend: 'close the brace, or put a backslash before it' });
  if (message.includes('expression')) return said(at, { found: `${quoted(/^\{[^}]*\}?/.exec(rest)?.[0] ?? rest)}, which is no value: ${reason(message)}`, expected: 'a value in braces, or "\\{" for the sign itself', mend: 'put a backslash before the brace, or code between backticks' });
  if (message.includes('esm')) return said(offset, { found: `an import that cannot be read: ${reason(message)}`, expected: "a line such as import { Ref } from '~/components';", mend: 'write the line as other pages have it' });
  if (rest.startsWith('<')) return said(at, { found: `${quoted(rest.slice(0, 24))}, where "<" begins no tag`, expected: 'a component such as <Ref to="…" />, or the sign itself as "\\<"', mend: 'put a backslash before it, or code between backticks; an address becomes a link as [words](address)' });
  return said(offset, { found: reason(message), expected: 'MDX, which is Markdown with components', mend: 'mend what stands here' });
}

function comment(file: string, text: string, start: number): Said {
  const end = text.indexOf('-->', start) + 3;
  const words = { found: '"<!--", a comment of HTML', expected: 'a comment of MDX, "{/* … */}"', mend: 'write {/* and */} around it' };
  return end < 3 ? words : { ...words, fix: { file, start, end, text: `{/* ${text.slice(start + 4, end - 3).trim()} */}` } };
}

/** The compiler's own reason, without what it says about itself. */
function reason(message: string): string {
  const words = message.replace(/^Could not parse \w+ with oxc: /, '').replace(/ \(note:[\s\S]*$/, '').replaceAll(/\s+/g, ' ').replaceAll('`', '"').replace(/\.$/, '').trim();
  return words.charAt(0).toLowerCase() + words.slice(1);
}

function quoted(text: string): string {
  return `"${text.trim()}"`;
}
