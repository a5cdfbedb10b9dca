import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { scriptBytes } from '../../scripts/script-weight.ts';
import { scenarios } from '../scenarios/every-scenario.ts';
import { siteDir, siteFiles, siteText } from './built-site.ts';

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

  test('the interface of the simulator is at most 14 KB, the worker with the example of a pattern 13 KB, of a guide 17', () => {
    expect(gzipped(withImports(find(/^_astro\/pattern-simulator\./)))).toBeLessThanOrEqual(14 * 1024);
    // A guide puts the examples of several patterns to work, and its worker brings all of them.
    const most = (slug: string): number => (siteFiles.includes(`guides/${slug}/index.html`) ? 17 : 13) * 1024;
    expect([...workers].filter(([slug, modules]) => gzipped(modules) > most(slug)).map(([slug, modules]) => `${slug}: ${gzipped(modules)}`)).toEqual([]);
  });

  test.each(scenarios)('the worker of $slug brings no word of what only the page says', ({ slug, scenario: { title, tries } }) => {
    const text = (workers.get(slug) ?? []).map(siteText).join('\n');
    expect(text, `no worker loads ${slug}`).not.toBe('');
    expect([title, ...tries.map(({ notice }) => notice)].filter((words) => text.includes(words)), 'its `scenario` is kept where something calls or computes in it: make it plain data').toEqual([]);
  });
});

/** The modules that a worker loads for each example. */
const workers = new Map([...siteText(find(/^_astro\/simulator-worker/)).matchAll(/src\/examples\/([^/]+)\/scenario\.ts.{1,12}import\([`"']\.\/([^`"']+)/g)].map(([, slug = '', file = '']) => [slug, [...new Set([...withImports(find(/^_astro\/simulator-worker/)), ...withImports(`_astro/${file}`)])]]));

function find(name: RegExp): string {
  const [file, ...others] = siteFiles.filter((each) => name.test(each) && each.endsWith('.js'));
  expect(others, String(name)).toEqual([]);
  return file ?? '';
}

/** A module, and what it cannot run without. */
function withImports(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  for (const [, name] of siteText(file).matchAll(/(?:from|import)\s*[`"']\.\/([^`"']+\.js)[`"']/g)) withImports(`_astro/${name}`, seen);
  return [...seen];
}

function gzipped(modules: readonly string[]): number {
  return modules.reduce((bytes, file) => bytes + gzipSync(siteText(file)).length, 0);
}
