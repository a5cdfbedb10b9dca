/** The promise of an address that names a version, held against the catalogue as it is. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freeze } from '../../scripts/freeze.ts';
import { fromDisk, shownCode } from '../../src/checks/shown-code.ts';
import { readCatalogue } from '../../src/catalogue/files.ts';
import { readVersions, versionViolations } from '../../src/catalogue/versions.ts';
import { describeViolation } from '../../src/catalogue/violations.ts';
import { isPublished } from '../../src/catalogue/vocabulary.ts';
import { pathOf } from '../../src/citing/addresses.ts';
import { root } from '../architecture/repository.ts';

function broken(folder: string): string[] {
  return versionViolations(readCatalogue(folder), readVersions(folder), ({ body }) => shownCode(fromDisk(folder), body)).map(describeViolation);
}

test('pages say what they said when their version was frozen', () => {
  expect(broken(root)).toEqual([]);
});

describe('once all pages are frozen', () => {
  const saga = 'content/docs/patterns/data/saga.mdx';
  let folder: string;

  function planted(file: string, change: (text: string) => string): string[] {
    const text = readFileSync(join(folder, file), 'utf8');
    expect(change(text)).not.toBe(text);
    writeFileSync(join(folder, file), change(text));
    const found = broken(folder);
    writeFileSync(join(folder, file), text);
    return found;
  }

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'frozen-'));
    for (const part of ['content/docs', 'content/data', 'content/versions', 'src/examples'].filter((each) => existsSync(join(root, each)))) cpSync(join(root, part), join(folder, part), { recursive: true });
    const { patterns, problems, guides } = readCatalogue(folder);
    const pages = [...patterns, ...problems, ...guides].filter(({ data }) => isPublished(data));
    for (const { slug, data } of pages) {
      mkdirSync(join(folder, 'site', pathOf(data.kind, slug)), { recursive: true });
      writeFileSync(join(folder, 'site', pathOf(data.kind, slug), 'index.md'), `---\ntitle: ${JSON.stringify(data.title)}\n---\n\n# ${data.title}\n`);
    }
    freeze(folder, join(folder, 'site'));
    expect(readVersions(folder).length).toBeGreaterThanOrEqual(pages.length);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('all is well, and nothing is frozen twice', () => {
    expect(broken(folder)).toEqual([]);
    expect(freeze(folder, join(folder, 'site'))).toEqual([]);
  });

  test('a sentence that changes asks for a new version', () => {
    expect(planted(saga, (text) => text.replace('## What it costs\n', '## What it costs\n\nNothing at all.\n'))).toEqual([expect.stringMatching(/^content\/docs\/patterns\/data\/saga\.mdx: text: found something else than version .* `npm run freeze`\.$/)]);
  });

  test('so does a line of the code that it shows, and no other line', () => {
    const file = 'src/examples/saga/place-order.ts';
    expect(planted(file, (text) => text.replace(/(\/\/ #region definition\n)/, '$1// Another line.\n'))).toEqual([expect.stringContaining(`${saga}: code: found`)]);
    expect(planted('src/examples/saga/saga.test.ts', (text) => `// Another line.\n${text}`)).toEqual([]);
  });

  test('a page without a twin cannot be frozen', () => {
    expect(() => freeze(folder, join(folder, 'nowhere'))).not.toThrow();
    rmSync(join(folder, 'content/versions/patterns/saga'), { recursive: true });
    expect(() => freeze(folder, join(folder, 'nowhere'))).toThrow('The build has no /patterns/saga/index.md, which would be kept as content/versions/patterns/saga/');
  });
});
