import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { codeColours } from '../styles/code-themes.ts';
import { withLeanCode } from './lean-code.ts';

const keyword = '<span style="--0:#53308F;--1:#CBB5FB">return</span>';
const code = (lines: string): string => `<div class="expressive-code"><link rel="stylesheet" href="/repo/_astro/ec.42hu0.css"><script type="module" src="/repo/_astro/ec.0va.js"></script><pre data-language="ts" class="wrap not-content" style="--ecMaxLine:119ch"><code>${lines}</code></pre></div>`;

describe('withLeanCode', () => {
  test('says what a word is once, and nothing of what is plain', () => {
    const line = `<div class="ec-line" style="--ecIndent:4ch"><div class="code"><span class="indent">  </span>${keyword}<span style="--0:#18212F;--1:#E8EBF0"> database.get(</span></div></div>`;
    expect(withLeanCode(code(line))).toBe('<div class="expressive-code"><pre data-language="ts" class="not-content"><code><div style="--i:4">  <span class="k">return</span> database.get(</div></code></pre></div>');
  });

  test('keeps the text of code, letter by letter', () => {
    const lines = [
      '<div class="ec-line"><div class="code"><span style="--0:#545E6E;--1:#A2ACBA">/**</span></div></div>',
      '<div class="ec-line" style="--ecIndent:3ch"><div class="code"><span class="indent"><span style="--0:#545E6E;--1:#A2ACBA"> </span></span><span style="--0:#545E6E;--1:#A2ACBA">* a &#x3C;b></span></div></div>',
      '<div class="ec-line"><div class="code">\n</div></div>',
      `<div class="ec-line"><div class="code">${keyword}<span style="--0:#935A00;--1:#E9B15C">1</span></div></div>`,
    ];
    const text = (html: string): string => html.replace(/<[^>]*>/g, '');
    for (const line of lines) expect(text(withLeanCode(code(line)))).toBe(text(line));
  });

  test('refuses a colour that no theme names', () => {
    expect(() => withLeanCode(code('<span style="--0:#123456;--1:#abcdef">x</span>'))).toThrow('#123456 and #abcdef, which src/styles/code-themes.ts does not name');
  });
});

test('words of code have the colours of the site', () => {
  const [light = '', dark = ''] = readFileSync(new URL('../styles/tokens.css', import.meta.url), 'utf8').split(/data-theme='dark'/);
  const tokens = { background: '--tint', text: '--ink', comment: '--muted', keyword: '--cat-data', string: '--cat-resilience', number: '--cat-decomposition' };
  for (const [part, token] of Object.entries(tokens) as [keyof typeof tokens, string][]) {
    expect(light, part).toContain(`${token}: ${codeColours.paper[part]}`);
    expect(dark, part).toContain(`${token}: ${codeColours.ink[part]}`);
  }
});
