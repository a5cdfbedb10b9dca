import { describe, expect, test } from 'vitest';
import { emptyState, isEmpty, longestInAddress, readState, writeState } from './state.ts';
import type { FinderState } from './state.ts';

const full: FinderState = {
  query: 'charged twice & <b>"once"</b> + 5 % off, für 重試 🫖',
  forces: new Map([['no-broker', 'must'], ['tight-latency', 'applies'], ['many-teams', 'not']]),
  claims: new Map([['a-retry-repeats-a-side-effect.k3f', true], ['idempotency-key.00a', false]]),
};

describe('the address', () => {
  test('comes back as it went', () => {
    const { state, damaged } = readState(writeState(full));
    expect(state.query).toBe(full.query);
    expect([...state.forces].sort()).toEqual([...full.forces].sort());
    expect([...state.claims]).toEqual([...full.claims]);
    expect(damaged).toBe(false);
  });

  test('can be read by a person', () => {
    expect(writeState({ ...full, query: 'charged twice' })).toBe('?q=charged+twice&applies=tight-latency&must=no-broker&not=many-teams&yes=a-retry-repeats-a-side-effect.k3f&no=idempotency-key.00a');
  });

  test('is not called damaged for signs that no address can hold', () => {
    const { state, damaged } = readState(writeState({ ...emptyState, query: 'price \uFFFD5, \uD800 charged twice\uFFFD' }));
    expect({ query: state.query, damaged }).toEqual({ query: 'price  5,   charged twice', damaged: false });
    expect(writeState({ ...emptyState, query: '\uFFFD' })).toBe('');
  });

  test('of nothing is nothing', () => {
    expect(writeState({ ...emptyState, query: '  ' })).toBe('');
    expect(isEmpty(readState('').state)).toBe(true);
    expect(isEmpty(readState('?applies=no-broker').state)).toBe(false);
  });

  test('holds the beginning of a long text, cut between characters', () => {
    const { state } = readState(writeState({ ...emptyState, query: `${'x'.repeat(longestInAddress - 1)}🫖` }));
    expect(state.query).toBe('x'.repeat(longestInAddress - 1));
  });
});

describe('what is damaged', () => {
  test('is left out, and the rest is read', () => {
    const { state, damaged } = readState('?q=charged%20twice%E0%A4%A&applies=no-broker,no-such-force,__proto__&yes=../x,a-b.123&no=a-b.123');
    expect(state.query).toContain('charged twice');
    expect([...state.forces]).toEqual([['no-broker', 'applies']]);
    expect([...state.claims]).toEqual([['a-b.123', true]]);
    expect(damaged).toBe(true);
  });

  test('the first of two questions counts, and one force has one answer', () => {
    const { state, damaged } = readState('q=one&q=two&must=no-broker&not=no-broker');
    expect(state.query).toBe('one');
    expect(state.forces.get('no-broker')).toBe('must');
    expect(damaged).toBe(true);
  });

  test('thousands of answers are not taken', () => {
    const ids = Array.from({ length: 5_000 }, (_, at) => `page-${at}.abc`).join(',');
    expect(readState(`?yes=${ids}`).state.claims.size).toBe(40);
  });

  test('what others add to addresses is no damage', () => {
    expect(readState('?utm_source=mail&q=slow&fbclid=1')).toEqual({ state: { ...emptyState, query: 'slow' }, damaged: false });
  });
});
