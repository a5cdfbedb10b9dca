import { describe, expect, test } from 'vitest';
import { belongsTo, outlived, planOf } from './plan.ts';
import type { Files } from './release.ts';

const older: Files = { '': [10, 'h1'], 'a/': [20, 'a1'], '_astro/x.1.js': [5, 'x1'], 'gone/': [9, 'g1'] };
const newer: Files = { '': [10, 'h1'], 'a/': [21, 'a2'], '_astro/x.2.js': [6, 'x2'], 'moved/': [9, 'g1'] };

describe('the plan of a release', () => {
  test('fetches everything where nothing is', () => {
    expect(planOf(older, new Set(), [])).toEqual({
      copy: [], present: 0,
      fetch: [{ path: '', bytes: 10, hash: 'h1' }, { path: 'a/', bytes: 20, hash: 'a1' }, { path: '_astro/x.1.js', bytes: 5, hash: 'x1' }, { path: 'gone/', bytes: 9, hash: 'g1' }],
    });
  });

  test('copies by bytes, whatever the address is, and fetches the rest', () => {
    expect(planOf(newer, new Set(), [{ name: 'one', files: older }])).toEqual({
      copy: [{ path: '', bytes: 10, from: { name: 'one', path: '' } }, { path: 'moved/', bytes: 9, from: { name: 'one', path: 'gone/' } }],
      fetch: [{ path: 'a/', bytes: 21, hash: 'a2' }, { path: '_astro/x.2.js', bytes: 6, hash: 'x2' }],
      present: 0,
    });
  });

  test('takes what arrived before as it is', () => {
    const { copy, fetch, present } = planOf(newer, new Set(['a/', '', 'elsewhere/']), [{ name: 'one', files: older }]);
    expect([copy.map(({ path }) => path), fetch.map(({ path }) => path), present]).toEqual([['moved/'], ['_astro/x.2.js'], 31]);
  });
});

describe('open pages', () => {
  test('belong to the releases that have their bytes', () => {
    expect([belongsTo({ path: '', hash: 'h1' }, older), belongsTo({ path: '', hash: 'h1' }, newer)]).toEqual([true, true]);
    expect([belongsTo({ path: 'a/', hash: 'a1' }, older), belongsTo({ path: 'a/', hash: 'a1' }, newer)]).toEqual([true, false]);
    expect(belongsTo({ path: 'nowhere/', hash: 'a1' }, older)).toBe(false);
  });

  test('hold their release until they are closed', () => {
    const others = [{ name: 'one', files: older }];
    expect(outlived(newer, others, [{ path: 'a/', hash: 'a1' }])).toEqual([]);
    expect(outlived(newer, others, [{ path: '', hash: 'h1' }, { path: 'a/', hash: 'a2' }]), 'both are of the new one as well').toEqual(['one']);
    expect(outlived(newer, others, [{ path: 'a/', hash: 'fetched from the host' }])).toEqual(['one']);
    expect(outlived(newer, others, [])).toEqual(['one']);
  });
});
