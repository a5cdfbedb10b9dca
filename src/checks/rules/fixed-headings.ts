import { atOffset } from '../breach.ts';
import type { ContentTree, SourcePage } from '../content-tree.ts';
import { headingsOf } from '../mdx-page.ts';
import { differences, lastOfGuide, optionalInPattern, problemOutline } from '../outline.ts';
import type { Difference, Outline } from '../outline.ts';
import { writtenPages } from '../page-kinds.ts';
import type { Breach, Edit, Rule } from '../rule.ts';

export const fixedHeadings: Rule = {
  id: 'fixed-headings',
  title: 'A page has its fixed headings, in order',
  holds: 'always',
  check(tree) {
    const patternOutline: Outline = { headings: titlesIn(tree.read('content/docs/patterns/_template.mdx')), optional: optionalInPattern };
    return [
      ...writtenPages(tree, 'pattern').flatMap((page) => breaches(tree, page, patternOutline)),
      ...writtenPages(tree, 'problem').flatMap((page) => breaches(tree, page, problemOutline)),
      ...writtenPages(tree, 'guide').flatMap((page) => endings(tree, page)),
    ];
  },
};

/** Headings of the second level, outside code. */
function titlesIn(template: string): string[] {
  return [...template.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/^## (.+)$/gm)].map(([, title = '']) => title);
}

function breaches(tree: ContentTree, page: SourcePage, outline: Outline): Breach[] {
  return differences(headingsOf(page, 2), outline).map((difference) => breach(tree, page, difference, outline.headings)).sort((a, b) => a.line - b.line);
}

function breach(tree: ContentTree, { file, text }: SourcePage, difference: Difference, headings: readonly string[]): Breach {
  if (difference.kind === 'missing') {
    const { title, behind, before } = difference;
    const place = behind === undefined ? 'below the lead' : `behind "## ${behind}"`;
    return atOffset(tree, file, before?.start ?? text.trimEnd().length, { found: `no heading "## ${title}"`, expected: `one ${place}`, mend: `add the heading and what it announces ${place}` });
  }
  const { heading } = difference;
  const found = `"## ${heading.text}"`;
  if (difference.kind === 'misspelt') {
    return atOffset(tree, file, heading.start, { found, expected: `"## ${difference.title}"`, nearest: difference.title, mend: 'write the heading as every page has it', fix: renamed(file, text, heading.start, heading.text, difference.title) });
  }
  if (difference.kind === 'extra') {
    return atOffset(tree, file, heading.start, { found, expected: `one of ${headings.join(', ')}`, mend: 'use "###" below one of them' });
  }
  if (difference.kind === 'twice') return atOffset(tree, file, heading.start, { found: `${found} a second time`, expected: 'each heading once', mend: 'put both parts together below the first' });
  const place = difference.behind === undefined ? 'before all others' : `behind "## ${difference.behind}"`;
  return atOffset(tree, file, heading.start, { found: `${found} in another place`, expected: `${found} ${place}`, mend: `move the heading and what stands below it ${place}` });
}

function renamed(file: string, text: string, start: number, from: string, to: string): Edit | undefined {
  const at = text.indexOf(from, start);
  return at < 0 || text.slice(start, at).includes('\n') ? undefined : { file, start: at, end: at + from.length, text: to };
}

function endings(tree: ContentTree, page: SourcePage): Breach[] {
  const found = headingsOf(page, 2);
  const last = found.slice(-lastOfGuide.length);
  if (last.map(({ text }) => text).join() === lastOfGuide.join()) return [];
  const titles = lastOfGuide.map((title) => `"## ${title}"`).join(' and ');
  return [atOffset(tree, page.file, last.at(0)?.start ?? page.bodyStart, { found: last.length === 0 ? 'no headings' : last.map(({ text }) => `"## ${text}"`).join(' and '), expected: `${titles} at the end of a guide`, mend: 'end with where to stop, then with the sources' })];
}
