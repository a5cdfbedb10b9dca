import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JSDOM } from 'jsdom';
import { describe, expect, test } from 'vitest';
import type { Redirect } from '../catalogue/redirects.ts';
import { writeMovedPages } from './moved-pages.ts';

describe('a page that has moved', () => {
  function site(redirects: Redirect[]): { folder: string; write: () => number } {
    const folder = mkdtempSync(join(tmpdir(), 'moved-'));
    for (const [file, text] of [['index.html', '<title>Saga | Atlas</title>'], ['1.0/index.html', '<title>Saga, version 1.0</title>'], ['cite.bib', '@online{saga}']] as const) {
      mkdirSync(join(folder, 'patterns/new', file, '..'), { recursive: true });
      writeFileSync(join(folder, 'patterns/new', file), text);
    }
    return { folder, write: () => writeMovedPages(folder, redirects, 'https://example.org', '/atlas') };
  }

  test('leads on with all that stood below it, and files are there at both addresses', () => {
    const { folder, write } = site([{ from: '/patterns/old/', to: '/patterns/new/', since: '2026-12-01' }, { from: '/patterns/new/#a', to: '/patterns/new/#b', since: '2026-12-01' }]);
    expect(write()).toBe(3);
    const { document } = new JSDOM(readFileSync(join(folder, 'patterns/old/index.html'), 'utf8')).window;
    expect(document.title).toBe('Moved: Saga | Atlas');
    expect(document.querySelector('meta[http-equiv="refresh"]')?.getAttribute('content')).toBe('0; url=/atlas/patterns/new/');
    expect(document.querySelector('link[rel="canonical"]')?.getAttribute('href')).toBe('https://example.org/atlas/patterns/new/');
    expect(document.querySelector('meta[name="robots"]')?.getAttribute('content')).toBe('noindex');
    expect(document.querySelector('a')?.getAttribute('href')).toBe('/atlas/patterns/new/');
    expect(readFileSync(join(folder, 'patterns/old/1.0/index.html'), 'utf8')).toContain('url=/atlas/patterns/new/1.0/"');
    expect(readFileSync(join(folder, 'patterns/old/cite.bib'), 'utf8')).toBe('@online{saga}');
    rmSync(folder, { recursive: true });
  });

  test('must be gone, and must have somewhere to lead', () => {
    const there = site([{ from: '/patterns/new/1.0/', to: '/patterns/new/', since: '2026-12-01' }]);
    expect(there.write).toThrow('the site has a page there');
    const nowhere = site([{ from: '/patterns/old/', to: '/patterns/newer/', since: '2026-12-01' }]);
    expect(nowhere.write).toThrow('"/patterns/old/" leads to "/patterns/newer/", where the site has no page');
    [there, nowhere].forEach(({ folder }) => rmSync(folder, { recursive: true }));
  });
});
