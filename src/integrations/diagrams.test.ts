// @vitest-environment node
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { markdownToHtml, mdxToJs } from 'satteri';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mermaidFences } from './diagrams.ts';

const fence = (lines: string): string => `\`\`\`mermaid title="A caption"\nflowchart TD\n  accTitle: T\n  accDescr: D\n${lines}\n\`\`\`\n`;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'fences-'));
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

describe('mermaidFences', () => {
  test('puts a drawing in place of the fence in Markdown', async () => {
    const { html } = await markdownToHtml(`before\n\n${fence('  a{x} --> b')}\nafter`, { mdastPlugins: [mermaidFences()] });
    expect(html).toMatch(/^<p>before<\/p>\n<figure class="diagram not-content"[^>]*><div class="diagram-view"><svg /);
    expect(html).toContain('A caption');
    expect(html).toMatch(/<\/figure>\n<p>after<\/p>/);
  });

  test('hands MDX one string', async () => {
    const { code } = await mdxToJs(fence('  a --> b'), { mdastPlugins: [mermaidFences()] });
    expect(code).toMatch(/"set:html": "<figure class=/);
  });

  test('keeps ids apart when a page holds one diagram twice', async () => {
    const text = `${fence('  a --> b')}\n${fence('  a --> b')}`;
    const { html } = await markdownToHtml(text, { mdastPlugins: [mermaidFences()] });
    const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.length).toBeGreaterThan(4);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('names the files of two of one title in the order of the page, however long each takes to draw', async () => {
    const long = Array.from({ length: 60 }, (_, at) => `  n${at} --> n${at + 1}\n  n${at} --> m${at}`).join('\n');
    const file = path.join(directory, 'content/docs/patterns/data/kettle.mdx');
    const { code } = await mdxToJs(`${fence(long)}\n${fence('  a --> b')}`, { fileURL: pathToFileURL(file), mdastPlugins: [mermaidFences()] });
    const named = [...code.matchAll(/href=\\"(\/patterns\/kettle\/[^"\\]+)\.svg/g)].map(([, address]) => address);
    expect(named).toEqual(['/patterns/kettle/t', '/patterns/kettle/t-2']);
    expect(code.indexOf('n59')).toBeLessThan(code.indexOf('/patterns/kettle/t.svg'));
  });

  test('starts afresh with the next page', async () => {
    const plugin = mermaidFences();
    const first = await markdownToHtml(fence('  a --> b'), { mdastPlugins: [plugin] });
    const second = await markdownToHtml(fence('  a --> b'), { mdastPlugins: [plugin] });
    expect(second.html).toBe(first.html);
  });

  test('leaves other languages alone', async () => {
    const { html } = await markdownToHtml('```ts\nlet a;\n```', { mdastPlugins: [mermaidFences()] });
    expect(html).toContain('<code class="language-ts">');
  });

  test('a syntax error names file, line and column and shows the lines around it', async () => {
    const file = path.join(directory, 'bad.mdx');
    const text = `---\ntitle: x\n---\n\n${fence('  a --> [oops')}`;
    await writeFile(file, text);
    const options = { fileURL: pathToFileURL(file), mdastPlugins: [mermaidFences()] };
    await expect(mdxToJs(text, options)).rejects.toThrow(/bad\.mdx:9:9: syntax error near .*\n\n[^]*> +9 \|   a --> \[oops\n +\| {9}\^/);
    // Astro hands Markdown over without its front matter, and the lines count all the same.
    await expect(mdxToJs(text.replace(/^---[^]*?---/, ''), options)).rejects.toThrow(/bad\.mdx:9:9: /);
  });

  test('a diagram without title and description fails', async () => {
    const result = markdownToHtml('```mermaid\nflowchart TD\n  a --> b\n```', { mdastPlugins: [mermaidFences()] });
    await expect(result).rejects.toThrow(/:1:1: found no "accTitle: …" and no "accDescr: …"/);
  });
});
