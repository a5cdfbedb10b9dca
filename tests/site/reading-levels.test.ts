/** Every pattern page in sections: one for each heading, each in the table of levels, with what a minute needs. */
import { describe, expect, test } from 'vitest';
import { openFrom } from '../../src/components/reading-levels.ts';
import { listedPages, pages } from './built-site.ts';

const patterns = pages.filter(({ address }) => /^\/patterns\/[^/]+\/$/.test(address));

describe('every pattern page', () => {
  test('there is one', () => {
    expect(patterns.length).toBeGreaterThan(0);
  });

  test('each second-level heading of the text begins a section, which is open without a script, and which the table of levels names', () => {
    const wrong = patterns.flatMap(({ address, document }) => [...document.querySelectorAll('.sl-markdown-content h2')].flatMap((heading) => {
      const section = heading.closest('details');
      const ways = [
        section?.parentElement?.classList.contains('sl-markdown-content') === true && heading.parentElement?.parentElement === section && section?.firstElementChild === heading.parentElement ? [] : ['is not the heading of a section'],
        section?.hasAttribute('open') === true ? [] : ['is closed'],
        heading.id in openFrom ? [] : ['is not in src/components/reading-levels.ts'],
      ];
      return ways.flat().map((way) => `${address}#${heading.id} ${way}`);
    }));
    expect(wrong).toEqual([]);
  });

  test('the table names no heading that no page has', () => {
    const found = new Set(patterns.flatMap(({ document }) => [...document.querySelectorAll('.sl-markdown-content h2')].map(({ id }) => id)));
    expect(Object.keys(openFrom).filter((id) => !found.has(id))).toEqual([]);
  });

  test('a minute has the lead, when to use it and when not, and a drawing; five minutes are five', () => {
    const wrong = patterns.filter((page) => listedPages.includes(page)).flatMap(({ address, document }) => {
      const minutes = [...document.querySelectorAll('reading-level button')].map((button) => Number(/\d+/.exec(button.textContent ?? '')?.[0]));
      const [one = 0, five = 0, all = 0] = minutes;
      return [
        document.querySelector('.sl-markdown-content > p') === null ? 'no lead' : [],
        document.querySelector('.sl-markdown-content > .use-when') === null ? 'no use-when above its sections' : [],
        document.querySelector('.gist > .diagram') === null ? 'no drawing in its solution' : [],
        minutes.length === 3 && one === 1 && five <= 5 && five > one && all > five ? [] : `its minutes are ${minutes.join(', ')}`,
      ].flat().map((message) => `${address}: ${message}`);
    });
    expect(wrong).toEqual([]);
  });
});

test('no other page has sections or the switch', () => {
  const others = pages.filter(({ document }) => document.querySelector('reading-level, .gist, .deep') !== null && !patterns.some((pattern) => pattern.document === document));
  expect(others.map(({ address }) => address)).toEqual([]);
});
