import { markdownToHtml } from 'satteri';
import { expect, test } from 'vitest';
import { scrolledTables } from './scrolled-tables.ts';

test('a table is a stop of the Tab key', async () => {
  const { html } = await markdownToHtml('| a | b |\n|---|---|\n| 1 | 2 |\n', { hastPlugins: [scrolledTables] });
  expect(html).toMatch(/^<table tabindex="0">/);
  expect(html).toContain('<td>2</td>');
});
