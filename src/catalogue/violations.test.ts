import { describe, expect, test } from 'vitest';
import { patternSchema } from './schema.ts';
import { samplePattern } from './sample.ts';
import { CatalogueError, describeViolation, near, nearestWord, violationsOf } from './violations.ts';
import type { Violation } from './violations.ts';

describe('nearestWord', () => {
  const known = ['circuit-breaker', 'retry-with-backoff', 'idempotency-key'];

  test('finds the word behind a typing error, whatever its case', () => {
    expect(nearestWord('circit-braker', known)).toBe('circuit-breaker');
    expect(nearestWord('Idempotency-Keys', known)).toBe('idempotency-key');
  });

  test('says nothing when no word is near', () => {
    expect(nearestWord('saga', known)).toBeUndefined();
    expect(nearestWord('', known)).toBeUndefined();
    expect(nearestWord('saga', [])).toBeUndefined();
  });

  test('takes the nearest of several', () => {
    expect(nearestWord('dta', ['date', 'data', 'dt'])).toBe('data');
  });
});

describe('describeViolation', () => {
  const violation: Violation = { rule: 'unknown-pattern', file: 'content/docs/patterns/data/x.mdx', key: 'relations.0.to', found: '"sagas"', expected: 'the slug of a pattern' };

  test('names file, key, what was found and what is expected', () => {
    expect(describeViolation(violation)).toBe('content/docs/patterns/data/x.mdx: relations.0.to: found "sagas"; expected the slug of a pattern.');
  });

  test('adds the nearest word', () => {
    expect(describeViolation({ ...violation, nearest: 'saga' })).toMatch(/\. Did you mean "saga"\?$/);
  });

  test('an error lists all of them', () => {
    const error = new CatalogueError([violation, { ...violation, key: 'title' }]);
    expect(error.name).toBe('CatalogueError');
    expect(error.message.split('\n')).toHaveLength(3);
    expect(error.message).toMatch(/^2 problems in the catalogue:/);
    expect(error.message).toMatch(/pattern\. See https:\/\/pattern-atlas\.github\.io\/contribute\/checks\/unknown-pattern\/$/);
    expect(new CatalogueError([violation]).message).toMatch(/^1 problem in the catalogue:/);
  });
});

describe('violationsOf', () => {
  const check = (data: unknown): Violation[] => {
    const result = patternSchema.safeParse(data);
    return result.success ? [] : violationsOf('x.mdx', data, result.error, (path) => (path[0] === 'forces' ? ['no-broker', 'small-team'] : ['symptoms', 'sources']));
  };

  test('is silent about a valid pattern', () => {
    expect(check(samplePattern())).toEqual([]);
  });

  test('an unknown key gets the known ones and the nearest', () => {
    expect(check({ ...samplePattern(), symptons: [] })).toEqual([
      { rule: 'unknown-key', file: 'x.mdx', key: 'symptons', found: 'an unknown key', expected: 'one of symptoms, sources', nearest: 'symptoms', meant: 'symptoms' },
    ]);
  });

  test('a word outside its vocabulary gets the allowed ones and the nearest', () => {
    const [violation] = check({ ...samplePattern(), category: 'resilence' });
    expect(violation).toMatchObject({ key: 'category', found: '"resilence"', nearest: 'resilience' });
    expect(violation?.expected).toContain('observability');
  });

  test('a force outside its vocabulary is found by its key', () => {
    const [violation] = check({ ...samplePattern(), forces: { 'no-brokers': 1 } });
    expect(violation).toMatchObject({ key: 'forces.no-brokers', found: 'an unknown key', nearest: 'no-broker' });
  });

  test('a missing field is said to be nothing', () => {
    const { description: _, ...rest } = samplePattern();
    expect(check(rest)).toMatchObject([{ key: 'description', found: 'nothing' }]);
  });

  test('each kind of mistake is told by its own rule', () => {
    const rulesOf = (change: object): string[] => check({ ...samplePattern(), ...change }).map(({ rule }) => rule);
    const [{ instead: _, ...lonely } = { instead: '' }] = samplePattern().notWhen;
    expect([
      rulesOf({ title: undefined }), rulesOf({ title: 7 }), rulesOf({ category: 'data-stuff' }), rulesOf({ description: 'Short.' }), rulesOf({ reviewed: 'yesterday' }),
      rulesOf({ sources: ['one'] }), rulesOf({ notWhen: [lonely, ...samplePattern().notWhen.slice(1)] }), rulesOf({ forces: { 'small-team': 3 } }),
    ].flat()).toEqual(['missing-key', 'wrong-type', 'unknown-word', 'wrong-size', 'wrong-form', 'few-sources', 'not-when-without-instead', 'wrong-size']);
  });

  test('a word that can have meant two others is not mended by itself', () => {
    expect(near('cat', ['cap', 'car'])).toEqual({ nearest: 'cap', meant: undefined });
    expect(near('resilence', ['data', 'resilience'])).toEqual({ nearest: 'resilience', meant: 'resilience' });
    expect(near('a-word-far-from-it', ['a-word-for-all-of-it'])).toMatchObject({ meant: undefined });
  });

  test('a long value is cut', () => {
    const [violation] = check({ ...samplePattern(), description: 'x'.repeat(161) });
    expect(violation?.key).toBe('description');
    expect(violation?.found.length).toBeLessThan(120);
  });
});
