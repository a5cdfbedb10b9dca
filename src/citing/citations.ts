/** Every way in which a page can be cited, in the order in which it is offered. */
import { apa } from './apa.ts';
import { atlas } from './authorship.ts';
import { bibtex } from './bibtex.ts';
import type { CitedPage } from './cited-page.ts';
import { cslJson } from './csl-json.ts';
import { html } from './html.ts';
import { attribution, markdownLink, markdownQuotation } from './markdown-citation.ts';
import { ris } from './ris.ts';

export interface Citation {
  label: string;
  text: string;
  /** The file beside the page that holds the same text. */
  file?: string;
}

/** What the menu of a page fetches. The attribution goes under words that a reader selects. */
export interface Citations { citations: Citation[]; attribution: string }

export const quotationLabel = 'Quotation';

export function citationsOf(page: CitedPage): Citations {
  const source = attribution(page);
  return {
    citations: [
      { label: 'Markdown link', text: markdownLink(page) },
      { label: quotationLabel, text: markdownQuotation(page.description, source) },
      { label: 'HTML', text: html(page) },
      { label: 'BibTeX', text: bibtex(page), file: 'cite.bib' },
      { label: 'RIS', text: ris(page), file: 'cite.ris' },
      { label: 'CSL-JSON', text: cslJson(page), file: 'cite.json' },
      { label: 'APA', text: apa(page) },
    ],
    attribution: source,
  };
}

/** The formats that are words rather than files, for whoever has no script. */
export function citationsText(page: CitedPage): string {
  const { title, version, pinned } = page;
  const texts = citationsOf(page).citations.filter(({ file }) => file === undefined);
  return `${title}, ${atlas}, version ${version}\n${pinned}\n\n${texts.map(({ label, text }) => `${label}\n\n${text}\n`).join('\n\n')}`;
}
