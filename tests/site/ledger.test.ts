/** Addresses are for ever: each that was given out is there, or leads on to where it is told now. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JSDOM } from 'jsdom';
import { describe, expect, test } from 'vitest';
import { extendLedger, ledgerFile, readLedger } from '../../scripts/ledger.ts';
import { addressesOf, givenOut } from '../../scripts/site-addresses.ts';
import { readCatalogue } from '../../src/catalogue/files.ts';
import { readRedirects } from '../../src/catalogue/redirects.ts';
import type { Redirect } from '../../src/catalogue/redirects.ts';
import { root } from '../architecture/repository.ts';
import { pages, siteFiles } from './built-site.ts';
import { lostAddresses } from './lost-addresses.ts';

const built = addressesOf(pages, siteFiles);

describe('the ledger of addresses', () => {
  test('holds: nothing that was given out is lost', () => {
    expect(readLedger(root).length).toBeGreaterThan(0);
    expect(lostAddresses(readLedger(root), built, readRedirects(root))).toEqual([]);
  });

  test('is complete: `npm run build && npm run ledger` adds what is new, of drafts nothing', () => {
    const known = new Set(readLedger(root));
    expect(givenOut(built, readCatalogue(root)).filter((address) => !known.has(address))).toEqual([]);
  });

  test('a heading that is taken out is missed, with what to do', () => {
    const page = pages.find(({ address }) => address === '/patterns/saga/');
    const { document } = new JSDOM(page?.html ?? '').window;
    const heading = document.querySelector('main h2#what-to-watch');
    expect(heading).not.toBeNull();
    heading?.remove();
    const lost = lostAddresses(readLedger(root), addressesOf([...pages.filter((each) => each !== page), { address: '/patterns/saga/', document }], siteFiles), readRedirects(root));
    expect(lost).toEqual(['/patterns/saga/#what-to-watch is lost: nothing on /patterns/saga/ has the id "what-to-watch" any more. If its words changed, keep the id, as in "## New words {#what-to-watch}"; if it moved or went, say where readers shall go in content/data/redirects.yaml']);
  });

  test('a page and a file that are gone are missed, unless they lead on', () => {
    const known = ['/patterns/old/', '/patterns/old/#problem', '/patterns/old/cite.bib', '/patterns/new/'];
    const without = ['/patterns/new/', '/patterns/new/#problem', '/patterns/new/cite.bib'];
    expect(lostAddresses(known, without, [])).toEqual([
      '/patterns/old/ is lost: the site has no page there. Say where readers shall go in content/data/redirects.yaml',
      '/patterns/old/cite.bib is lost: the site has no file there. Make it again',
    ]);
    const moved: Redirect[] = [{ from: '/patterns/old/', to: '/patterns/new/', since: '2026-12-01' }];
    expect(lostAddresses(known, without, moved)).toEqual([]);
    expect(lostAddresses(known, without.slice(0, 2), moved)).toEqual(['/patterns/old/cite.bib is lost: it leads on to /patterns/new/cite.bib, which is not there either']);
  });

  test('only grows', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ledger-'));
    mkdirSync(join(folder, 'content/data'), { recursive: true });
    expect(extendLedger(folder, ['/b/', '/a/#x', '/a/'])).toEqual(['/b/', '/a/#x', '/a/']);
    expect(extendLedger(folder, ['/c/', '/a/'])).toEqual(['/c/']);
    expect(readFileSync(join(folder, ledgerFile), 'utf8').split('\n').slice(1)).toEqual(['/a/', '/a/#x', '/b/', '/c/', '']);
    rmSync(folder, { recursive: true });
  });
});
