/** The files beside each page that has versions, read by another program. */
import { plugins } from '@citation-js/core';
import '@citation-js/plugin-bibtex';
import '@citation-js/plugin-ris';
import { describe, expect, test } from 'vitest';
import { readCatalogue, withoutDrafts } from '../../src/catalogue/files.ts';
import { isPublished } from '../../src/catalogue/vocabulary.ts';
import type { Citations } from '../../src/citing/citations.ts';
import { root } from '../architecture/repository.ts';
import { pageAt, siteFiles, siteText } from './built-site.ts';

const origin = 'https://pattern-atlas.github.io';
const { patterns, problems, guides } = withoutDrafts(readCatalogue(root));
const cited = [
  ...patterns.filter(({ data }) => isPublished(data)).map(({ slug, data }) => ({ folder: `patterns/${slug}`, data })),
  ...problems.map(({ slug, data }) => ({ folder: `problems/${slug}`, data })),
  ...guides.map(({ slug, data }) => ({ folder: `guides/${slug}`, data })),
];

describe('citations of every page that has versions', () => {
  test.each(['cite.bib', 'cite.ris', 'cite.json'])('%s says title, signature, day and the address of this version', (file) => {
    expect(cited.length).toBeGreaterThan(20);
    for (const { folder, data } of cited) {
      const [read, ...more] = plugins.input.chain(siteText(`${folder}/${file}`), { generateGraph: false });
      const [current] = data.changes;
      expect(more, folder).toEqual([]);
      expect(read, folder).toMatchObject({
        type: 'webpage', title: data.title, abstract: data.description, URL: `${origin}/${folder}/${current?.version}/`,
        issued: { 'date-parts': [current?.date.split('-').map(Number)] },
      });
      expect(Object.values(read?.['author'] as object[]).flatMap((name) => Object.values(name))).toEqual(['The Pattern Atlas authors']);
      expect(read?.['version'] ?? read?.['edition'], folder).toBe(current?.version);
    }
  });

  test('keys are unique, so that one bibliography holds them all', () => {
    const keys = cited.map(({ folder }) => /^@online\{([^,]+),/.exec(siteText(`${folder}/cite.bib`))?.[1]);
    expect(new Set(keys).size).toBe(cited.length);
    expect(keys.filter((key) => key === undefined || !/^[a-z\d.-]+$/.test(key))).toEqual([]);
  });

  test('what the menu copies is what the files hold', () => {
    for (const { folder } of cited) {
      const { citations } = JSON.parse(siteText(`${folder}/cite.menu.json`)) as Citations;
      for (const { file, text } of citations) if (file !== undefined) expect(text, `${folder}/${file}`).toBe(siteText(`${folder}/${file}`));
      const words = siteText(`${folder}/cite.txt`);
      expect(citations.filter(({ file, text }) => file === undefined && !words.includes(text)).map(({ label }) => label), folder).toEqual([]);
    }
  });

  test('the page links each file, without a script', () => {
    for (const { folder } of cited) {
      const links = [...pageAt(`/${folder}/`).document.querySelectorAll('cite-menu details a')].map((link) => (link.getAttribute('href') ?? '').slice(1));
      expect(links, folder).toEqual(expect.arrayContaining(['cite.bib', 'cite.ris', 'cite.json', 'cite.txt'].map((file) => `${folder}/${file}`)));
      expect(links.filter((link) => !siteFiles.includes(link)), folder).toEqual([]);
    }
  });
});
