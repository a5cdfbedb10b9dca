/** Citations of a page: files for reference managers, words as plain text, and all of them for the menu. */
import type { APIRoute } from 'astro';
import { pathOf } from '../citing/addresses.ts';
import { citationsOf, citationsText } from '../citing/citations.ts';
import type { CitedPage } from '../citing/cited-page.ts';
import { citedPages } from './cited-pages.ts';

const types: Record<string, string> = { 'cite.bib': 'application/x-bibtex', 'cite.ris': 'application/x-research-info-systems', 'cite.json': 'application/vnd.citationstyles.csl+json' };

export async function getStaticPaths() {
  return (await citedPages()).flatMap((page) => {
    const [, kind, slug] = pathOf(page.kind, page.slug).split('/');
    return filesOf(page).map(({ file, type }) => ({ params: { kind, slug, ending: file.replace('cite.', '') }, props: { page, file, type } }));
  });
}

export const GET: APIRoute = ({ props }) => {
  const { page, file, type } = props as { page: CitedPage; file: string; type: string };
  return new Response(filesOf(page).find((each) => each.file === file)?.text, { headers: { 'Content-Type': `${type}; charset=utf-8` } });
};

function filesOf(page: CitedPage): { file: string; type: string; text: string }[] {
  const citations = citationsOf(page);
  return [
    ...citations.citations.flatMap(({ file, text }) => (file === undefined ? [] : [{ file, type: types[file] ?? 'text/plain', text }])),
    { file: 'cite.txt', type: 'text/plain', text: citationsText(page) },
    { file: 'cite.menu.json', type: 'application/json', text: JSON.stringify(citations) },
  ];
}
