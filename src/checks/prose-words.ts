/** Words that an author wrote as prose: no imports, code blocks, components, headings, addresses of links. */
import { codeOf } from './mdx-page.ts';
import type { SourcePage } from './content-tree.ts';

export function proseWords(page: SourcePage): number {
  const prose = withoutCode(page)
    .replaceAll(/^(import|export)\b[^\n]*$/gm, '')
    .replaceAll(/^#+ .*$/gm, '')
    .replaceAll(/<\/?[A-Z][^>]*>/g, '')
    .replaceAll(/^:::.*$/gm, '')
    .replaceAll(/\]\([^)]*\)/g, ']');
  return prose.match(/[\p{L}\p{N}][\p{L}\p{N}'’./:_-]*/gu)?.length ?? 0;
}

function withoutCode(page: SourcePage): string {
  let [text, at] = ['', page.bodyStart];
  for (const { start, end } of codeOf(page)) {
    text += page.text.slice(at, start);
    at = end;
  }
  return text + page.text.slice(at);
}
