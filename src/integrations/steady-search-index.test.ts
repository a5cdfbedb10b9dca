import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { steadyIndex } from './steady-search-index.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'search-index-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('steadyIndex', () => {
  test('two orders of the same values become the same files', () => {
    const [first, second] = [index('first', ['Data', 'Resilience', 'Problem']), index('second', ['Problem', 'Data', 'Resilience'])];
    steadyIndex(first);
    steadyIndex(second);
    expect(contents(first)).toEqual(contents(second));
  });

  test('a settled index stays as it is', () => {
    const first = index('first', ['Data', 'Problem']);
    steadyIndex(first);
    const before = contents(first);
    steadyIndex(first);
    expect(contents(first)).toEqual(before);
  });

  test('no value and no page is lost, and every file is named by the one above it', () => {
    const first = index('first', ['Resilience', 'Data']);
    steadyIndex(first);
    const { languages } = JSON.parse(readFileSync(join(first, 'pagefind-entry.json'), 'utf8')) as { languages: { en: { hash: string } } };
    const meta = gunzipSync(readFileSync(join(first, `pagefind.${languages.en.hash}.pf_meta`))).toString('latin1');
    const [filter = ''] = readdirSync(join(first, 'filter'));
    expect(meta).toContain(filter.replace('.pf_filter', ''));
    const values = gunzipSync(readFileSync(join(first, 'filter', filter))).toString('latin1');
    expect(values).toMatch(/category.*Data.*Resilience/s);
    expect(readdirSync(first)).toHaveLength(3);
  });

  test('a second filter is refused, because its order would not be settled', () => {
    const first = index('first', ['Data']);
    cpSync(join(first, 'filter/en_1111111.pf_filter'), join(first, 'filter/en_2222222.pf_filter'));
    expect(() => steadyIndex(first)).toThrow('2 filters for "en" (en_1111111.pf_filter, en_2222222.pf_filter); expected one');
  });

  test('an index without filters is left alone', () => {
    const first = index('first', ['Data']);
    rmSync(join(first, 'filter'), { recursive: true });
    const before = contents(first);
    steadyIndex(first);
    expect(contents(first)).toEqual(before);
  });
});

/** An index as Pagefind writes it, with the parts that matter. */
function index(name: string, values: string[]): string {
  const path = join(folder, name);
  mkdirSync(join(path, 'filter'), { recursive: true });
  const list = values.map((value) => Buffer.concat([Buffer.from([0x82, 0x60 + value.length]), Buffer.from(value), Buffer.from([0x82, 0x03, 0x18, value.length + 30])]));
  const filter = Buffer.concat([Buffer.from('pagefind_dcd'), Buffer.from([0x82, 0x68]), Buffer.from('category'), Buffer.from([0x80 + values.length]), ...list]);
  writeFileSync(join(path, 'filter/en_1111111.pf_filter'), gzipSync(filter));
  writeFileSync(join(path, 'pagefind.en_3333333333.pf_meta'), gzipSync(Buffer.from('pagefind_dcd…category…en_1111111…')));
  writeFileSync(join(path, 'pagefind-entry.json'), JSON.stringify({ version: '1.5.2', languages: { en: { hash: 'en_3333333333', wasm: 'en', page_count: 2 } } }));
  return path;
}

function contents(path: string): Record<string, string> {
  return Object.fromEntries(readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((file) => file.includes('.')).sort()
    .map((file) => [file, readFileSync(join(path, file)).toString('base64')]));
}
