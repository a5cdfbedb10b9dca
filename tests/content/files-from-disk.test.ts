import { expect, test } from 'vitest';
import { modulesOf, textsOf } from '../../src/integrations/files-from-disk.ts';

test('texts have the names, the order and the words that the bundler gives them', () => {
  const examples = import.meta.glob('/src/examples/saga/*.ts', { query: '?raw', import: 'default', eager: true });
  const glyphs = import.meta.glob('/src/components/glyphs/**/s*.svg', { query: '?raw', import: 'default', eager: true });
  expect(Object.entries(textsOf('/src/examples/saga/*.ts', '/src/integrations'))).toEqual(Object.entries(examples));
  const own = Object.entries(textsOf('./glyphs/**/s*.svg', '/src/components'));
  expect(own).toEqual(Object.entries(glyphs).map(([name, text]) => [name.replace('/src/components/', './'), text]));
  expect(own.length).toBeGreaterThan(5);
});

test('what files export comes when it is asked for', async () => {
  const modules = modulesOf('/src/examples/*/scenario.ts', '/src/components');
  expect(Object.keys(modules)).toEqual(Object.keys(import.meta.glob('/src/examples/*/scenario.ts')));
  expect(await modules['/src/examples/bulkhead/scenario.ts']?.()).toMatchObject({ scenario: { variants: expect.anything() }, stage: expect.any(Function) });
});
