import { describe, expect, test } from 'vitest';
import { gather } from './gather.ts';
import type { ComparedSource } from './gather.ts';
import { pageParts, patternsNamed } from './page-parts.ts';

const source = (slug: string, title: string, more: Partial<ComparedSource['data']> = {}, body = ''): ComparedSource => ({
  slug, body,
  data: { title, description: '', category: 'data', status: 'reviewed', symptoms: ['It spills.'], useWhen: [], notWhen: [], forces: {}, relations: [], tradeOffs: {}, changes: [{ version: '1.1' }, { version: '1.0' }], alsoKnownAs: [], sources: [], ...more },
});
const named = [source('deep-cup', 'Deep Cup', { alsoKnownAs: ['mug'] }), source('lid', 'Lid'), source('glass-lid', 'Glass Lid'), source('left-hand', 'Left-Hand Grip'), source('right-hand', 'Right-Hand Grip'), source('normalized', 'Normalized Cup')];

describe('the text of a page', () => {
  test('tells what it costs and what it says of other patterns, without marks', () => {
    const body = 'Lead.\n\n## What it costs\n\nOne *hand*. <Ref to="x" />\n\n- not this\n\nAnd [care](/x/).\n\n<TradeOffs />\n\n## Related patterns\n\n### Compared with a mug\n\nIt holds\nmore.\n\n### Compared with soup\n\nNo.\n\n## Sources\n\nSome.\n';
    expect(pageParts(body, named)).toEqual({ costs: ['One hand.', 'And care.'], says: [{ about: 'deep-cup', heading: 'Compared with a mug', id: 'compared-with-a-mug', text: 'It holds more.' }] });
    expect(pageParts('', named)).toEqual({ costs: [], says: [] });
  });

  test('names a pattern by its longest name, two that share a word, and in either spelling', () => {
    expect(patternsNamed('a glass lid', named)).toEqual(['glass-lid']);
    expect(patternsNamed('a lid and a mug', named)).toEqual(['deep-cup', 'lid']);
    expect(patternsNamed('left-hand and right-hand grip', named)).toEqual(['left-hand', 'right-hand']);
    expect(patternsNamed('a normalised cup', named)).toEqual(['normalized']);
    expect(patternsNamed('slides', named)).toEqual([]);
  });
});

test('what is near comes in the order of likelihood: alternatives of either side, then companions on pages of problems', () => {
  const candidates = (...slugs: string[]) => slugs.map((pattern) => ({ when: 'x', pattern, because: 'y' }));
  const problem = (slug: string, ...slugs: string[]) => ({ slug, data: { title: slug, description: '', symptoms: [], questions: [], candidates: candidates(...slugs), changes: [{ version: '1.0' }] } });
  const patterns = [source('cup', 'Cup'), source('lid', 'Lid', { relations: [{ to: 'cup', as: 'alternative-to', why: 'Either.' }] }), source('hand', 'Hand'), source('tram', 'Tram', { relations: [{ to: 'cup', as: 'conflicts-with', why: 'It shakes.' }] })];
  const [cup] = gather(patterns, [problem('spill', 'cup', 'tram'), problem('heat', 'hand', 'cup', 'tram')], new Map());
  expect(cup?.near).toEqual(['lid', 'tram', 'hand']);
  expect(cup?.problems.map(({ slug, candidates: own }) => [slug, own.map(({ at }) => at)])).toEqual([['spill', [0]], ['heat', [1]]]);
  expect(cup?.others).toEqual([{ slug: 'tram', title: 'Tram', hasPage: true, conflicts: [{ to: 'cup', why: 'It shakes.' }] }]);
  expect(cup?.data).toMatchObject({ symptoms: [], changes: [{ version: '1.1' }] });
});
