import { describe, expect, test } from 'vitest';
import { madrViolations } from '../content/madr.ts';
import { pages, siteFiles, siteText } from './built-site.ts';

const origin = 'https://pattern-atlas.github.io';
const cited = pages.filter(({ document }) => document.querySelector('meta[name="robots"]') === null).map(({ address }) => address).filter((address) => /^\/(patterns|problems|compare)\/[^/]+\/$/.test(address));
const records = siteFiles.filter((file) => file.endsWith('/decision.md')).map((file) => ({ file, text: siteText(file) }));

describe('a decision record to begin with', () => {
  test('stands beside every pattern, every problem and every two alternatives, and nowhere else', () => {
    expect(records.map(({ file }) => `/${file}`).sort()).toEqual(cited.map((address) => `${address}decision.md`).sort());
  });

  test('is one after MADR 4, without a date: none was decided', () => {
    expect(records.flatMap(({ file, text }) => madrViolations(text).map((violation) => `${file}: ${violation}`))).toEqual([]);
    expect(records.filter(({ text }) => !text.startsWith('---\nstatus: proposed\ndate:\n')).map(({ file }) => file)).toEqual([]);
  });

  test('links to pages in the version that it was drawn from, and to anchors that they have', () => {
    const links = [...new Set(records.flatMap(({ text }) => [...text.matchAll(/\]\((https:[^)]+)\)|<(https:[^>]+)>/g)].map(([, inText, bare]) => inText ?? bare ?? '')))];
    expect(links.length).toBeGreaterThan(cited.filter((address) => !address.startsWith('/compare/')).length);
    expect(links.filter((link) => {
      const [pinned = '', anchor] = link.split('#');
      // A pattern without a page is known from the catalogue alone.
      if (link === `${origin}/`) return false;
      const page = pages.find(({ address }) => `${origin}${address}` === pinned.replace(/\d+\.\d+\/$/, ''));
      return page === undefined || !siteText(`${page.address.slice(1)}index.md`).includes(`\npinned: "${pinned}"\n`) || (anchor !== undefined && page.document.getElementById(anchor) === null);
    })).toEqual([]);
  });
});
