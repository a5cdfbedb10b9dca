import { expect, test } from 'vitest';
import { readCatalogue } from '../../src/catalogue/files.ts';
import { isPublished } from '../../src/catalogue/vocabulary.ts';
import { root } from '../architecture/repository.ts';

/** What holds for each page alone, the rules of src/checks hold. */
test('the catalogue has patterns of every category, and problems', () => {
  const { patterns, problems } = readCatalogue(root);
  const written = patterns.filter(({ data }) => isPublished(data));
  expect(written.length).toBeGreaterThanOrEqual(7);
  expect(problems.length).toBeGreaterThanOrEqual(8);
  expect(new Set(written.map(({ data }) => data.category)).size).toBe(5);
});
