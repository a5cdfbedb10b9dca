import { expect, test } from 'vitest';
import { textsOf } from './texts-from-disk.ts';

test('texts have the names, the order and the words that the bundler gives them', () => {
  const examples = import.meta.glob('/src/examples/saga/*.ts', { query: '?raw', import: 'default', eager: true });
  const glyphs = import.meta.glob('../components/glyphs/**/s*.svg', { query: '?raw', import: 'default', eager: true });
  expect(Object.entries(textsOf('/src/examples/saga/*.ts', '/src/integrations'))).toEqual(Object.entries(examples));
  const own = Object.entries(textsOf('./glyphs/**/s*.svg', '/src/components'));
  expect(own).toEqual(Object.entries(glyphs).map(([name, text]) => [name.replace('../components/', './'), text]));
  expect(own.length).toBeGreaterThan(5);
});
