import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { keptCode } from './kept-code.ts';

const folder = mkdtempSync(join(tmpdir(), 'kept-code-'));
const files = ['ec.config.mjs', 'src/styles/code-themes.ts', 'node_modules/astro-expressive-code/package.json', 'node_modules/@expressive-code/core/package.json', 'node_modules/@expressive-code/plugin-shiki/package.json', 'node_modules/shiki/package.json'];
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the same code is rendered once; other code, another language, theme or version is rendered anew', async () => {
  const first = repository('first');
  const rendered: string[] = [];
  const show = (root: string, code: string, lang: string) => keptCode(code, lang, async () => {
    rendered.push(`${code} ${lang}`);
    return `<pre>${rendered.length}</pre>`;
  }, root);
  expect(await show(first, 'a', 'ts')).toBe('<pre>1</pre>');
  expect(await show(first, 'a', 'ts')).toBe('<pre>1</pre>');
  expect(await show(first, 'b', 'ts')).toBe('<pre>2</pre>');
  expect(await show(first, 'a', 'mdx')).toBe('<pre>3</pre>');
  for (const [at, file] of files.entries()) {
    const other = repository(`other-${at}`);
    cpSync(join(first, 'node_modules/.cache'), join(other, 'node_modules/.cache'), { recursive: true });
    expect(await show(other, 'a', 'ts'), 'what was kept is taken over').toBe('<pre>1</pre>');
    const changed = repository(`changed-${at}`);
    cpSync(join(first, 'node_modules/.cache'), join(changed, 'node_modules/.cache'), { recursive: true });
    writeFileSync(join(changed, file), file.endsWith('.json') ? '{ "version": "2.0.0" }' : 'other');
    expect(await show(changed, 'a', 'ts'), file).toBe(`<pre>${4 + at}</pre>`);
  }
});

test('what could not be rendered is not kept', async () => {
  const root = repository('failing');
  await expect(keptCode('a', 'ts', () => Promise.reject(new Error('no such language')), root)).rejects.toThrow('no such language');
  expect(await keptCode('a', 'ts', () => Promise.resolve('<pre></pre>'), root)).toBe('<pre></pre>');
});

function repository(name: string): string {
  const root = join(folder, name);
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), file.endsWith('.json') ? '{ "version": "1.0.0" }' : 'some');
  }
  return root;
}
