/**
 * Code in a third of the bytes. Expressive Code brings a sheet for parts that these pages do not have, a script for
 * code that scrolls sideways (here its lines break), and two colours in every word; src/styles/prose.css has the few
 * rules that are needed, and what a word is (comment, keyword, …) is its class. While the site is edited, code is
 * left as Expressive Code makes it, and looks the same.
 */
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeColours } from '../styles/code-themes.ts';

const asset = /^ec\.\w+\.(css|js)$/;
const tags = /<script type="module" src="[^"]*\/_astro\/ec\.\w+\.js"><\/script>|<link rel="stylesheet" href="[^"]*\/_astro\/ec\.\w+\.css">/g;

/** @param folder of the built site */
export function writeLeanCode(folder: string): void {
  const assets = join(folder, '_astro');
  for (const file of readdirSync(assets).filter((each) => asset.test(each))) {
    const path = join(assets, file);
    if (file.endsWith('.js') && !readFileSync(path, 'utf8').includes('[EC] tabindex-js-module')) throw new Error(`${path} is no longer only about code that scrolls; see src/integrations/lean-code.ts`);
    rmSync(path);
  }
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((each) => each.endsWith('.html'))) {
    const page = join(folder, file);
    const html = readFileSync(page, 'utf8');
    if (html.includes('class="expressive-code"')) writeFileSync(page, withLeanCode(html));
  }
}

/** @throws when a word has a colour that no theme gives it */
export function withLeanCode(html: string): string {
  return html
    .replace(tags, '')
    .replace(/<pre data-language="(\w+)" class="wrap not-content" style="--ecMaxLine:\d+ch">/g, '<pre data-language="$1" class="not-content">')
    .replace(/<span style="--0:(#\w+);--1:(#\w+)">([^<]*)<\/span>/g, (_, light: string, dark: string, text: string) => {
      const part = classOf(light, dark);
      return part === '' ? text : `<span class="${part}">${text}</span>`;
    })
    .replace(/<span class="indent">(?:<span class="\w">)?(\s*)(?:<\/span>)?<\/span>/g, '$1')
    .replace(/<div class="ec-line"(?: style="--ecIndent:(\d+)ch")?><div class="code">(.*?)<\/div><\/div>/gs, (_, depth: string | undefined, line: string) => `<div${depth === undefined ? '' : ` style="--i:${depth}"`}>${line}</div>`);
}

function classOf(light: string, dark: string): string {
  const found = Object.entries(codeColours.paper).find(([part, colour]) => colour === light.toLowerCase() && codeColours.ink[part as keyof typeof codeColours.ink] === dark.toLowerCase());
  if (found === undefined) throw new Error(`code has a word in ${light} and ${dark}, which src/styles/code-themes.ts does not name`);
  return found[0] === 'text' ? '' : found[0].charAt(0);
}
