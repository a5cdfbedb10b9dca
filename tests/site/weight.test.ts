import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { gzipBytes, neededBy, scriptBytes, scriptNamed } from '../../scripts/script-weight.ts';
import { scenarios } from '../scenarios/every-scenario.ts';
import { siteDir, siteFiles, siteText, workerOf } from './built-site.ts';

/** Bytes that a worker may weigh. */
const workerBudget = 6_144;
/** Those that weigh more, each held where it is. */
const heavierWorkers: Record<string, { bytes: number; because: string }> = {
  cqrs: { bytes: 6_900, because: 'two databases, a feed between them and the projector' },
  'event-sourcing': { bytes: 6_620, because: 'the store, its database, and stock told in events' },
  saga: { bytes: 7_960, because: 'the same order twice, led by a saga and by events' },
  'service-registry': { bytes: 6_890, because: 'registry, registration and directory, on both ends of a network' },
  'a-payment-that-never-doubles': { bytes: 11_500, because: 'a guide: keys, outbox and inbox, each with its database, and a broker' },
  'an-order-across-four-services': { bytes: 9_700, because: 'a guide: saga, outbox and inbox, each with its database' },
  'one-slow-service': { bytes: 8_700, because: 'a guide: time limit, retry, breaker, bulkhead and fallback in layers' },
  'out-of-the-monolith': { bytes: 7_150, because: 'a guide: a routing that moves, a translation and a comparison' },
};

const interfaceScript = scriptNamed(siteDir, 'pattern-simulator');
const interfaceModules = neededBy(siteDir, interfaceScript);

describe('weight', () => {
  test('all fonts together are at most 40 KB', () => {
    const fonts = siteFiles.filter((file) => file.endsWith('.woff2'));
    expect(fonts.length).toBeGreaterThan(0);
    expect(fonts.reduce((bytes, file) => bytes + readFileSync(join(siteDir, file)).length, 0)).toBeLessThanOrEqual(40 * 1024);
  });

  test('no module brings a style sheet along: the helper that loads modules would leave it out', () => {
    const lists = siteFiles.filter((file) => file.endsWith('.js')).flatMap((file) => /m\.f=(\[[^\]]*\])/.exec(readFileSync(join(siteDir, file), 'utf8'))?.[1] ?? []);
    expect(lists.length).toBeGreaterThan(0);
    expect(lists.filter((list) => list.includes('.css'))).toEqual([]);
  });

  test('what the finder fetches before its first answer is at most 12 KiB of script after gzip', () => {
    expect(scriptBytes(siteDir, 'problem-finder', 'ProblemFinder')).toBeLessThanOrEqual(12 * 1024);
  });

  test('the index of the finder is at most 25 KiB after gzip', () => {
    expect(gzipSync(readFileSync(join(siteDir, 'find/index.json')), { level: 9 }).length).toBeLessThanOrEqual(25 * 1024);
  });

  test('nothing that the site does not use is shipped: no Mermaid, no source maps', () => {
    expect(siteFiles.filter((file) => /mermaid.*\.js$|\.map$/.test(file))).toEqual([]);
  });

  test('the interface of the simulator is at most 13.6 KB and 25 bytes an example, by which it finds them; what it says of one 2.5 KB', () => {
    expect(gzipBytes(siteDir, interfaceModules)).toBeLessThanOrEqual(13.6 * 1024 + 25 * scenarios.length);
    const said = [...siteText(`_astro/${interfaceScript}`).matchAll(/examples\/([^/]+)\/scenario\.ts.{1,12}import\([`"']\.\/([^`"']+)/g)].map(([, slug = '', file = '']) => ({ slug, bytes: gzipBytes(siteDir, neededBy(siteDir, file).filter((module) => !interfaceModules.includes(module))) }));
    expect(said.map(({ slug }) => slug).sort()).toEqual(scenarios.map(({ slug }) => slug).sort());
    expect(said.filter(({ bytes }) => bytes > 2.5 * 1024)).toEqual([]);
  });

  test.each(scenarios)('the worker of $slug is one file within its bound, with no word of what only the page says', ({ slug, scenario: { title, tries } }) => {
    const modules = neededBy(siteDir, workerOf(slug).replace('/_astro/', ''));
    expect(modules).toHaveLength(1);
    expect(gzipBytes(siteDir, modules), heavierWorkers[slug]?.because).toBeLessThanOrEqual(heavierWorkers[slug]?.bytes ?? workerBudget);
    const text = siteText(`_astro/${modules[0]}`);
    expect([title, ...tries.map(({ notice }) => notice)].filter((words) => text.includes(words)), 'its `scenario` is kept where something calls or computes in it: make it plain data').toEqual([]);
  });
});
