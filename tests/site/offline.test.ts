/** What a reader may keep on the device, against the files of the built site. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { partOf, pathOf, postgresFiles } from '../../src/offline/kept-files.ts';
import { filesOf } from '../../src/offline/release.ts';
import type { Manifest } from '../../src/offline/release.ts';
import { pageAt, pages, siteDir, siteFiles, siteText, textOf } from './built-site.ts';

const manifest = JSON.parse(siteText('offline.json')) as Manifest;
const kept = filesOf(manifest, ['catalogue', 'postgres']);

describe('the list of files', () => {
  test('has every file that is to be kept with the bytes that are served: nothing was written after it', () => {
    const built = siteFiles.filter((file) => partOf(file) !== undefined).map((file) => {
      const content = readFileSync(join(siteDir, file));
      return [pathOf(file), [content.length, createHash('sha256').update(content).digest('hex').slice(0, 24)]];
    });
    expect(Object.entries(kept).sort(([a], [b]) => (a < b ? -1 : 1))).toEqual(built.sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1)));
  });

  test('is that of the worker', () => {
    expect(siteText('offline-worker.js')).toContain(manifest.release);
  });

  test('has what kept pages load and where they lead, but versions, pictures, raw files and what programs read', () => {
    const missing = pages.filter(({ address }) => address.slice(1) in kept).flatMap(({ address, document }) => [
      ...[...document.querySelectorAll('script[src], link[rel="stylesheet"], link[rel="preload"], link[rel="icon"]')].map((element) => element.getAttribute('src') ?? element.getAttribute('href') ?? ''),
      ...[...document.querySelectorAll('main a[href^="/"]')].map((link) => link.getAttribute('href') ?? ''),
    ].map((target) => target.replace(/[?#].*/, '').slice(1)).filter((path) => !(path in kept) && !/^examples\/|\.png$|\/\d+\.\d+\/$|^llms|^(patterns|problems|offline)\.json$|^schemas\/|\.xml$/.test(path)).map((path) => `${address}: /${path}`));
    expect([...new Set(missing)]).toEqual([]);
  });

  test('names the files of PostgreSQL, each of its places', () => {
    expect(postgresFiles.filter((place) => !siteFiles.some((file) => place.test(file)))).toEqual([]);
  });
});

describe('the page', () => {
  const { document, html } = pageAt('/offline/');

  test('tells sizes', () => {
    expect(html).not.toContain('@@');
    expect([...document.querySelectorAll('.keep-actions small')].map(textOf).filter((text) => /^\d+\.\d MB .*\d+\.\d MB /.test(text))).toHaveLength(2);
  });

  test('names every page of the catalogue', () => {
    const named = new Set([...document.querySelectorAll('.offline-pages a')].map((link) => link.getAttribute('href')));
    const own = pages.map(({ address }) => address).filter((address) => /^\/(patterns|problems|guides)\/[^/]+\/$/.test(address) && pageAt(address).document.querySelector('meta[name="robots"]') === null);
    expect(own.filter((address) => !named.has(address))).toEqual([]);
  });

  test('alone names the web manifest, whose icons are there', () => {
    expect(pages.filter(({ document: each }) => each.querySelector('link[rel="manifest"]') !== null).map(({ address }) => address)).toEqual(['/offline/']);
    const { icons } = JSON.parse(siteText('manifest.webmanifest')) as { icons: { src: string }[] };
    expect(icons.map(({ src }) => src).filter((src) => !siteFiles.includes(src))).toEqual([]);
  });
});

test('no page but that one carries a byte of it; the worker, its list and its notice stay small', () => {
  const gzip = (file: string): number => gzipSync(siteText(file), { level: 9 }).length;
  expect(pages.filter(({ address, html }) => address !== '/offline/' && /offline-worker|kept-notice|KeepOffline/.test(html)).map(({ address }) => address)).toEqual([]);
  expect(gzip('offline-worker.js')).toBeLessThanOrEqual(4 * 1024);
  // A line of it for each file.
  expect(gzip('offline.json')).toBeLessThanOrEqual(17 * siteFiles.length);
  expect(gzip(siteFiles.find((file) => file.startsWith('_astro/kept-notice.')) ?? '')).toBeLessThanOrEqual(1024);
});
