import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { settledIndex } from './search-index.ts';

describe('settledIndex', () => {
  test('two orders of the same values become the same files', () => {
    const [first, second] = [settledIndex(index('Data', 'Resilience', 'Problem')), settledIndex(index('Problem', 'Data', 'Resilience'))];
    expect(second).toEqual(first);
  });

  test('a settled index stays as it is', () => {
    const settled = settledIndex(index('Data', 'Problem'));
    expect(settledIndex(settled)).toEqual(settled);
  });

  test('no value and no page is lost, and every file is named by the one above it', () => {
    const files = settledIndex(index('Resilience', 'Data'));
    const { languages } = JSON.parse(text(files, 'pagefind-entry.json')) as { languages: { en: { hash: string } } };
    const [filter = ''] = [...files.keys()].filter((path) => path.startsWith('filter/'));
    expect(unpacked(files, `pagefind.${languages.en.hash}.pf_meta`)).toContain(filter.replace('filter/', '').replace('.pf_filter', ''));
    expect(unpacked(files, filter)).toMatch(/category.*Data.*Resilience/s);
    expect(files.size).toBe(3);
  });

  test('a second filter is refused, because its order would not be settled', () => {
    const files = index('Data');
    files.set('filter/en_2222222.pf_filter', gzipSync('x'));
    expect(() => settledIndex(files)).toThrow('2 filters for "en" (en_1111111.pf_filter, en_2222222.pf_filter); expected one');
  });

  test('a file that another names and that is missing is told', () => {
    const files = index('Data');
    files.delete('pagefind.en_3333333333.pf_meta');
    expect(() => settledIndex(files)).toThrow('the search index has no pagefind.en_3333333333.pf_meta');
  });

  test('an index without filters is left alone', () => {
    const files = index('Data');
    files.delete('filter/en_1111111.pf_filter');
    expect(settledIndex(files)).toEqual(files);
  });
});

/** An index as Pagefind makes it, with the parts that matter. */
function index(...values: string[]): Map<string, Buffer> {
  const list = values.map((value) => Buffer.concat([Buffer.from([0x82, 0x60 + value.length]), Buffer.from(value), Buffer.from([0x82, 0x03, 0x18, value.length + 30])]));
  const filter = Buffer.concat([Buffer.from('pagefind_dcd'), Buffer.from([0x82, 0x68]), Buffer.from('category'), Buffer.from([0x80 + values.length]), ...list]);
  return new Map([
    ['filter/en_1111111.pf_filter', gzipSync(filter)],
    ['pagefind.en_3333333333.pf_meta', gzipSync(Buffer.from('pagefind_dcd…category…en_1111111…'))],
    ['pagefind-entry.json', Buffer.from(JSON.stringify({ version: '1.5.2', languages: { en: { hash: 'en_3333333333', wasm: 'en', page_count: 2 } } }))],
  ]);
}

function text(files: Map<string, Buffer>, path: string): string {
  return (files.get(path) ?? Buffer.alloc(0)).toString('latin1');
}

function unpacked(files: Map<string, Buffer>, path: string): string {
  return gunzipSync(files.get(path) ?? Buffer.alloc(0)).toString('latin1');
}
