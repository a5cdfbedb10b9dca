import { describe, expect, test } from 'vitest';
import { fieldKinds, fieldsOf } from './fields.ts';
import type { Field, FieldKind } from './fields.ts';
import { wordLists } from './word-lists.ts';

const kinds = Object.keys(fieldKinds) as FieldKind[];
const field = (kind: FieldKind, name: string): Field | undefined => fieldsOf(kind).find((each) => each.name === name);

describe('fieldsOf', () => {
  test('says what a field may be, in words', () => {
    expect(field('pattern', 'kind')?.type).toBe('the word pattern');
    expect(field('pattern', 'category')?.type).toBe('one of decomposition, integration, data, resilience, observability');
    expect(field('pattern', 'description')?.type).toBe('text of 20 to 160 letters');
    expect(field('pattern', 'symptoms')?.type).toBe('list of 8 to 12: text');
    expect(field('pattern', 'forces')?.type).toBe('fixed words, each with whole number -2 to 2');
    expect(field('pattern', 'sources')?.type).toBe('list of at least 2: slug');
    expect(field('pattern', 'reviewed')?.type).toBe('day such as 2026-11-21');
    expect(field('source', 'url')?.type).toBe('web address');
  });

  test('says which may be left out, and what the entries of a list hold', () => {
    expect(field('pattern', 'errorTexts')?.isRequired).toBe(false);
    expect(field('pattern', 'symptoms')?.isRequired).toBe(true);
    expect(field('pattern', 'notWhen')?.inner.map(({ name, isRequired }) => `${name} ${isRequired}`)).toEqual(['when true', 'instead true', 'see false']);
    expect(field('pattern', 'tradeOffs')?.inner.map(({ name }) => name)).toEqual(['value', 'why']);
    expect(field('problem', 'candidates')?.inner.map(({ name }) => name)).toContain('because');
  });

  test('every kind of entry needs a title', () => {
    expect(kinds.map((kind) => field(kind, 'title')?.isRequired)).toEqual(kinds.map(() => true));
  });

  test('each field has words that say what it means', () => {
    const silent = (fields: readonly Field[], path: string): string[] => fields.flatMap(({ name, means, inner }) => [...(means === '' ? [`${path}${name}`] : []), ...silent(inner, `${path}${name}.`)]);
    expect(kinds.flatMap((kind) => silent(fieldsOf(kind), `${kind}.`))).toEqual([]);
  });
});

test('every list of fixed words has a label for each word', () => {
  expect(Object.values(wordLists).flatMap((list) => Object.entries(list)).filter(([word, label]) => word === '' || label === '')).toEqual([]);
  expect(Object.keys(wordLists.forces)).toContain('must-answer-now');
});
