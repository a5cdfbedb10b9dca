import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { gzipBytes, neededBy, scriptBytes, scriptNamed } from '../../scripts/script-weight.ts';
import { scenarios } from '../scenarios/every-scenario.ts';
import { siteDir, siteFiles, siteText, workerOf } from './built-site.ts';

/** KB that a worker may weigh: the kernel of the simulator (3), what of its parts the example uses, the example and its stage. */
const workerGoal = 6;
/** What was reached where it is less, and where the code that the page shows is too long for the goal. */
const workerBounds: Record<string, number> = {
  'a-payment-that-never-doubles': 12.8, 'an-order-across-four-services': 10.7, 'api-gateway': 6.3, bulkhead: 4.6, 'cache-fallback': 5, 'circuit-breaker': 5.8, cqrs: 8.1, 'event-sourcing': 7.3, 'health-check': 6.3, 'idempotency-key': 6.9, 'one-slow-service': 9.2, 'out-of-the-monolith': 7.6,
  'publish-subscribe': 6.4, 'retry-with-backoff': 5.6, saga: 8.8, 'service-registry': 7.5, 'transactional-outbox': 7.1,
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

  test('the interface of the simulator is at most 14 KB, and what it says of an example 2.5 KB', () => {
    expect(gzipBytes(siteDir, interfaceModules)).toBeLessThanOrEqual(14 * 1024);
    const said = [...siteText(`_astro/${interfaceScript}`).matchAll(/examples\/([^/]+)\/scenario\.ts.{1,12}import\([`"']\.\/([^`"']+)/g)].map(([, slug = '', file = '']) => ({ slug, bytes: gzipBytes(siteDir, neededBy(siteDir, file).filter((module) => !interfaceModules.includes(module))) }));
    expect(said.map(({ slug }) => slug).sort()).toEqual(scenarios.map(({ slug }) => slug).sort());
    expect(said.filter(({ bytes }) => bytes > 2.5 * 1024)).toEqual([]);
  });

  test.each(scenarios)('the worker of $slug is one file within its bound, with no word of what only the page says', ({ slug, scenario: { title, tries } }) => {
    const modules = neededBy(siteDir, workerOf(slug).replace('/_astro/', ''));
    expect(modules).toHaveLength(1);
    expect(gzipBytes(siteDir, modules)).toBeLessThanOrEqual((workerBounds[slug] ?? workerGoal) * 1024);
    const text = siteText(`_astro/${modules[0]}`);
    expect([title, ...tries.map(({ notice }) => notice)].filter((words) => text.includes(words)), 'its `scenario` is kept where something calls or computes in it: make it plain data').toEqual([]);
  });
});
