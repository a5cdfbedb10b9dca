import { expect, test } from 'vitest';
import { answerList, categoryList, guideList, pairList, patternList, problemList, relationTable } from './list-parts.ts';
import { sampleAtlas, supersededAtlas } from './sample-atlas.ts';
import { related } from './pattern-parts.ts';

test.each([
  ['the categories', categoryList], ['the patterns of one', (atlas: typeof sampleAtlas) => patternList(atlas, 'resilience')], ['the problems', problemList], ['the poster', answerList],
  ['the guides', guideList], ['the comparisons', pairList], ['the map', relationTable],
])('no page that another took the place of stands in the list of %s', (_name, list) => {
  expect(list(supersededAtlas)).toBe(list(sampleAtlas));
});

test('a pattern tells what it has to do with such a page, and that it is one; it answers no problem and works in no guide of that kind', () => {
  const [page] = sampleAtlas.patterns;
  if (page === undefined) throw new Error('the sample has a pattern');
  expect(related(page.slug, page.data, supersededAtlas)).toBe(`- Alternative to [Loose Hand](https://example.org/atlas/patterns/loose-hand/) (superseded): One hand is enough.\n\n${related(page.slug, page.data, sampleAtlas)}`);
});
