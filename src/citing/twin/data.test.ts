import { describe, expect, test } from 'vitest';
import { jsonSchemaOf, publishedFiles } from '../../catalogue/published.ts';
import { glossaryData, patternsData, problemsData } from './data.ts';
import { sampleAtlas, supersededAtlas } from './sample-atlas.ts';

describe('the catalogue for programs', () => {
  test('holds what its schema says and nothing else', () => {
    expect(publishedFiles.patterns.parse(patternsData(sampleAtlas))).toEqual(patternsData(sampleAtlas));
    expect(publishedFiles.glossary.parse(glossaryData(sampleAtlas))).toEqual(glossaryData(sampleAtlas));
    expect(publishedFiles.problems.parse(problemsData(sampleAtlas))).toEqual(problemsData(sampleAtlas));
  });

  test('says where a page, its version and its Markdown are; an outline has none', () => {
    const [written, outline] = patternsData(sampleAtlas).patterns;
    expect(written?.page).toMatchObject({ address: 'https://example.org/atlas/patterns/steady-hand/', pinned: 'https://example.org/atlas/patterns/steady-hand/1.0/', markdown: 'https://example.org/atlas/patterns/steady-hand/index.md', version: '1.0', date: '2026-11-21' });
    expect(written?.page?.sources[0]).toMatchObject({ key: 'first-source', title: 'On Cups', opened: '2026-11-21' });
    expect(written?.problems).toEqual(['coffee-is-spilled']);
    expect(outline?.slug).toBe('lid');
    expect(outline).not.toHaveProperty('page');
  });

  test('keeps a page that another took the place of, and names that one', () => {
    const patterns = publishedFiles.patterns.parse(patternsData(supersededAtlas)).patterns;
    expect(patterns.find(({ slug }) => slug === 'loose-hand')?.page).toMatchObject({ status: 'superseded', supersededBy: 'steady-hand', version: '1.0', pinned: 'https://example.org/atlas/patterns/loose-hand/1.0/' });
    expect(publishedFiles.problems.parse(problemsData(supersededAtlas)).problems.find(({ slug }) => slug === 'tea-is-spilled')?.page).toMatchObject({ status: 'superseded', supersededBy: 'coffee-is-spilled' });
    expect(patterns.find(({ slug }) => slug === 'steady-hand')?.problems).toEqual(['coffee-is-spilled']);
  });

  test('says of a term where it stands, and what its sources are', () => {
    expect(glossaryData(sampleAtlas).terms[0]).toMatchObject({ id: 'full-cup', address: 'https://example.org/atlas/glossary/#full-cup', patterns: ['steady-hand', 'lid'], sources: [sampleAtlas.sources.get('first-source')?.url] });
  });

  test('shows a relation from both ends', () => {
    const stated = { to: 'lid', as: 'requires' as const, why: 'A hand alone spills.' };
    const [written, outline] = patternsData({ ...sampleAtlas, patterns: sampleAtlas.patterns.map(({ slug, data }) => ({ slug, data: slug === 'lid' ? data : { ...data, relations: [stated] } })) }).patterns;
    expect(written?.relations).toEqual([{ ...stated, inverse: false }]);
    expect(outline?.relations).toEqual([{ ...stated, to: 'steady-hand', inverse: true }]);
  });

  test('has a schema that lets new keys pass and forbids new words for old ones', () => {
    const schema = JSON.stringify(jsonSchemaOf('patterns', 'https://example.org/schema', 'What it is.'));
    expect(schema).toContain('"$id":"https://example.org/schema"');
    expect(schema).not.toContain('"additionalProperties":false');
    expect(schema).toContain('"enum":["decomposition","integration","data","resilience","observability"]');
  });
});
