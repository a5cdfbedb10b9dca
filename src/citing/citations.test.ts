import { readFileSync } from 'node:fs';
import { plugins } from '@citation-js/core';
import '@citation-js/plugin-bibtex';
import '@citation-js/plugin-ris';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { atlas, authors, licence } from './authorship.ts';
import { citationKey } from './citation-key.ts';
import { citationsOf, citationsText } from './citations.ts';
import type { CitedPage } from './cited-page.ts';
import { dayOf, longDay } from './day.ts';
import { markdownQuotation } from './markdown-citation.ts';

const saga: CitedPage = {
  kind: 'pattern', slug: 'saga', title: 'Saga', description: 'Carry a transaction through several services.',
  address: 'https://example.org/patterns/saga/', pinned: 'https://example.org/patterns/saga/1.0/', version: '1.0', date: '2026-11-27',
};
const golden: Record<string, string> = {
  'Markdown link': '[Saga (Pattern Atlas, version 1.0)](https://example.org/patterns/saga/1.0/)',
  Quotation: `> Carry a transaction through several services.
>
> — [Saga](https://example.org/patterns/saga/1.0/), Pattern Atlas, version 1.0, 27 November 2026, CC BY 4.0`,
  HTML: '<cite><a href="https://example.org/patterns/saga/1.0/">Saga</a></cite>, Pattern Atlas, version 1.0, <time datetime="2026-11-27">27 November 2026</time>',
  BibTeX: `@online{pattern-atlas-saga-1.0,
  author       = {{The Pattern Atlas authors}},
  title        = {{Saga}},
  organization = {Pattern Atlas},
  version      = {1.0},
  date         = {2026-11-27},
  year         = {2026},
  howpublished = {\\url{https://example.org/patterns/saga/1.0/}},
  url          = {https://example.org/patterns/saga/1.0/},
  langid       = {british},
  abstract     = {Carry a transaction through several services.}
}
`,
  RIS: `TY  - ELEC
TI  - Saga
AU  - The Pattern Atlas authors
T2  - Pattern Atlas
ET  - 1.0
DA  - 2026/11/27
PY  - 2026
LA  - en-GB
AB  - Carry a transaction through several services.
UR  - https://example.org/patterns/saga/1.0/
ER  - 
`.replaceAll('\n', '\r\n'),
  'CSL-JSON': `[
  {
    "id": "pattern-atlas-saga-1.0",
    "type": "webpage",
    "title": "Saga",
    "author": [
      {
        "literal": "The Pattern Atlas authors"
      }
    ],
    "container-title": "Pattern Atlas",
    "version": "1.0",
    "issued": {
      "date-parts": [
        [
          2026,
          11,
          27
        ]
      ]
    },
    "language": "en-GB",
    "abstract": "Carry a transaction through several services.",
    "URL": "https://example.org/patterns/saga/1.0/"
  }
]
`,
  APA: 'The Pattern Atlas authors. (2026, November 27). Saga (Version 1.0). Pattern Atlas. https://example.org/patterns/saga/1.0/',
};

describe('a citation', () => {
  const { citations } = citationsOf(saga);

  test('comes in these formats, in this order', () => {
    expect(citations.map(({ label }) => label)).toEqual(Object.keys(golden));
  });

  test.each(citations)('as $label reads letter for letter', ({ label, text }) => {
    expect(text).toBe(golden[label]);
  });

  test('leads to the version that was read, in every format, never to the latest', () => {
    expect(citations.filter(({ text }) => !text.includes(saga.pinned)).map(({ label }) => label)).toEqual([]);
    expect(citations.filter(({ text }) => text.replaceAll(saga.pinned, '').includes(saga.address)).map(({ label }) => label)).toEqual([]);
  });

  test('has a key of its own for each kind and version', () => {
    expect(citationKey(saga)).toBe('pattern-atlas-saga-1.0');
    expect(citationKey({ ...saga, kind: 'problem', version: '2.1' })).toBe('pattern-atlas-problem-saga-2.1');
  });

  test('is a file or a text that needs no script', () => {
    expect(citationsText(saga)).toBe(`Saga, Pattern Atlas, version 1.0
https://example.org/patterns/saga/1.0/

Markdown link

${golden['Markdown link']}


Quotation

${golden['Quotation']}


HTML

${golden['HTML']}


APA

${golden['APA']}
`);
  });

  test('signs as CITATION.cff does', () => {
    const cff = parse(readFileSync(new URL('../../CITATION.cff', import.meta.url), 'utf8')) as { authors: { name: string }[]; title: string; license: string[] };
    expect(cff.authors).toEqual([{ name: authors }]);
    expect(cff.title.startsWith(`${atlas}:`)).toBe(true);
    expect(cff.license).toContain(licence.name.replaceAll(' ', '-'));
  });
});

describe('hostile words', () => {
  const title = '  50 % of {braces} & "quotes"_$#~^\\ — Übergröße <b>[x](y)</b> --\n';
  const texts = Object.fromEntries(citationsOf({ ...saga, title, description: title }).citations.map(({ label, text }) => [label, text]));

  test('stay words in Markdown and HTML', () => {
    expect(texts['Markdown link']).toBe('[50 % of {braces} &amp; "quotes"\\_$\\#\\~^\\\\ — Übergröße \\<b\\>\\[x\\](y)\\</b\\> -- (Pattern Atlas, version 1.0)](https://example.org/patterns/saga/1.0/)');
    expect(texts['HTML']).toContain('>50 % of {braces} &amp; &quot;quotes&quot;_$#~^\\ — Übergröße &lt;b&gt;[x](y)&lt;/b&gt; --</a>');
  });

  test('are escaped for LaTeX, with as many braces that open as close', () => {
    expect(texts['BibTeX']).toContain('{{50 \\% of \\textbraceleft{}braces\\textbraceright{} \\& "quotes"\\_\\$\\#\\textasciitilde{}\\textasciicircum{}\\textbackslash{} — Übergröße <b>[x](y)</b> -{}-}}');
    expect(texts['BibTeX']?.match(/\{/g)?.length).toBe(texts['BibTeX']?.match(/\}/g)?.length);
  });

  test('stay on their line in RIS and APA', () => {
    expect(texts['RIS']?.trimEnd().split('\r\n')).toHaveLength(11);
    expect(texts['APA']).not.toContain('\n');
  });
});

describe('another program reads every field as it was written', () => {
  const titles = ['Saga', 'Do you need microservices?', 'A: b, and c -- d', '{', '}', '50 % {of} & "it"_$#~^\\', 'L\'été — naïve Übergröße, Łódź', '<b>[x](y)</b>'];
  const cases = titles.flatMap((title) => citationsOf({ ...saga, title, description: `${title}, again.` }).citations.filter(({ file }) => file !== undefined).map(({ label, text }) => ({ label, text, title })));

  test.each(cases)('$label: $title', ({ label, text, title }) => {
    const [read, ...more] = plugins.input.chain(text, { generateGraph: false });
    expect(more).toEqual([]);
    const { author, 'container-title': container, 'collection-title': collection, publisher, version, edition, ...rest } = read ?? {};
    expect({ ...rest, language: rest['language'] === 'british' ? 'en-GB' : rest['language'] }).toEqual({
      ...(label === 'RIS' ? {} : { id: citationKey(saga) }),
      ...(label === 'BibTeX' ? { 'citation-key': citationKey(saga) } : {}),
      type: 'webpage', title, abstract: `${title}, again.`, URL: saga.pinned, language: 'en-GB', issued: { 'date-parts': [[2026, 11, 27]] },
    });
    expect(author).toEqual([label === 'BibTeX' ? { family: authors } : { literal: authors }]);
    // Each format has a word of its own for where a page stands, and for which state of it.
    expect({ BibTeX: publisher, RIS: collection, 'CSL-JSON': container }[label]).toBe(atlas);
    expect(version ?? edition).toBe('1.0');
  });
});

describe('a quotation', () => {
  test('of several lines is one block', () => {
    expect(markdownQuotation('# One\n\n> two', '— there')).toBe('> \\# One\n>\n> \\> two\n>\n> — there');
  });
});

describe('a day', () => {
  test('is taken from its letters', () => {
    expect(dayOf('2026-01-09')).toEqual({ year: 2026, month: 1, day: 9, monthName: 'January' });
    expect(longDay('2026-01-09')).toBe('9 January 2026');
  });

  test('that is none is refused', () => {
    for (const date of ['', '2026-13-01', '2026-1-1', '2026-01-00', '27 November 2026']) expect(() => dayOf(date), date).toThrow(/is not a day such as/);
  });
});
