import { describe, expect, test } from 'vitest';
import type { Heading } from './mdx-page.ts';
import { differences } from './outline.ts';

const outline = { headings: ['Problem', 'Solution', 'Try it', 'Sources'], optional: ['Try it'] };
const headings = (...titles: string[]): Heading[] => titles.map((text, index) => ({ depth: 2, text, start: index * 100, end: index * 100 + 10 }));
const said = (...titles: string[]): string[] => differences(headings(...titles), outline).map((each) => {
  if (each.kind === 'missing') return `missing ${each.title} behind ${each.behind} before ${each.before?.text}`;
  return `${each.kind} ${each.heading.text}${each.kind === 'misspelt' ? ` for ${each.title}` : ''}${each.kind === 'moved' ? ` behind ${each.behind}` : ''}`;
});

describe('differences from an outline', () => {
  test('are none with all headings in order, with or without the optional ones', () => {
    expect(said('Problem', 'Solution', 'Sources')).toEqual([]);
    expect(said('Problem', 'Solution', 'Try it', 'Sources')).toEqual([]);
  });

  test('name what is missing and where it belongs, also at the end', () => {
    expect(said('Problem', 'Sources')).toEqual(['missing Solution behind Problem before Sources']);
    expect(said('Problem', 'Solution')).toEqual(['missing Sources behind Try it before undefined']);
  });

  test('a heading that is nearly a fixed one is that one, and is not missing as well', () => {
    expect(said('Problem', 'Solutions', 'Sources')).toEqual(['misspelt Solutions for Solution']);
    expect(said('Problem', 'Solution', 'Solutions', 'Sources')).toEqual(['extra Solutions']);
  });

  test('of several headings only those that have to move are named', () => {
    expect(said('Solution', 'Try it', 'Sources', 'Problem')).toEqual(['moved Problem behind undefined']);
    expect(said('Problem', 'Sources', 'Solution', 'Try it')).toEqual(['moved Sources behind Try it']);
  });

  test('everything at once', () => {
    expect(said('Benefits', 'Problem', 'Problem', 'Sources', 'Solution')).toEqual(['extra Benefits', 'twice Problem', 'moved Solution behind Problem']);
  });
});
