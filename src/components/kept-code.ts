/** Code in colours, kept between builds by all that decides what it looks like: highlighting is the longest part of a build. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const decides = ['ec.config.mjs', 'src/styles/code-themes.ts', ...['astro-expressive-code', '@expressive-code/core', '@expressive-code/plugin-shiki', 'shiki'].map((name) => `node_modules/${name}/package.json`)];
const fingerprints = new Map<string, Promise<string>>();
let begun = 0;

/** What `render` gave for the same text, language and settings. @param root of the repository */
export async function keptCode(code: string, lang: string, render: () => Promise<string>, root = resolve('.')): Promise<string> {
  const fingerprint = fingerprints.get(root) ?? fingerprintOf(root);
  fingerprints.set(root, fingerprint);
  const folder = join(root, 'node_modules/.cache/code');
  const file = join(folder, `${createHash('sha256').update(JSON.stringify([await fingerprint, lang, code])).digest('hex').slice(0, 32)}.html`);
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== undefined) return kept;
  const html = await render();
  await mkdir(folder, { recursive: true });
  // Two pages may show the same region, and both be made at once.
  const unfinished = `${file}.${process.pid}.${begun += 1}`;
  await writeFile(unfinished, html);
  await rename(unfinished, file);
  return html;
}

/** A package says its version; the other two are read whole. */
async function fingerprintOf(root: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of decides) {
    const text = await readFile(join(root, file), 'utf8');
    hash.update(file.endsWith('package.json') ? String((JSON.parse(text) as { version: string }).version) : text);
  }
  return hash.digest('hex');
}
