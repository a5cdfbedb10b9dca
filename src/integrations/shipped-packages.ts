/** Packages of which something reaches readers, with their licences as the packages have them: `/licences.txt` and THIRD-PARTY.md. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface ShippedPackage { name: string; version: string; licence: string; /** What readers get of it. */ part: string; /** As its authors wrote it, notice included. */ text: string }

/** What brings them along: imported by what runs in a browser, or copied into the site. */
export const shippedRoots: Readonly<Record<string, string>> = {
  '@astrojs/starlight': 'style sheets and icons of every page',
  '@codemirror/commands': 'the editor',
  '@codemirror/lang-javascript': 'the editor',
  '@codemirror/language': 'the editor',
  '@codemirror/lint': 'the editor',
  '@codemirror/state': 'the editor',
  '@codemirror/view': 'the editor',
  '@electric-sql/pglite': 'PostgreSQL in the browser',
  '@fontsource/ibm-plex-sans': 'the font of text, cut down to the signs that the site uses',
  '@fontsource/source-serif-4': 'the font of headings, cut down to the signs that the site uses',
  '@lezer/highlight': 'the editor',
  'astro': 'small scripts of pages',
  'pagefind': 'full-text search',
  'sucrase': 'the compiler of edited code',
};

/** Their own dependencies build and serve; nothing of those is in the site. */
const alone = ['@astrojs/starlight', 'astro', 'pagefind'];
/** The command line of Sucrase and its hooks for Node. */
const ofCommands = ['commander', 'mz', 'pirates', 'tinyglobby'];

interface Described { version: string; license: string; dependencies?: Record<string, string> }

/** In the order of their names. @param root of the repository, with its packages installed */
export function shippedPackages(root: string): ShippedPackage[] {
  const parts = new Map<string, string>();
  const take = (name: string, part: string): void => {
    if (parts.has(name)) return;
    parts.set(name, part);
    if (!alone.includes(name)) for (const each of Object.keys(described(root, name).dependencies ?? {})) if (!ofCommands.includes(each)) take(each, part);
  };
  for (const [name, part] of Object.entries(shippedRoots)) take(name, part);
  return [...parts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, part]) => {
    const { version, license } = described(root, name);
    return { name, version, licence: license, part, text: licenceText(root, name) };
  });
}

/** The file as readers get it. */
export function licencesFile(packages: readonly ShippedPackage[]): string {
  const head = 'Pattern Atlas is made with the works below, and this site holds parts of them. Each keeps its licence.\nPGlite holds PostgreSQL, under the PostgreSQL Licence: https://www.postgresql.org/about/licence/\n';
  return [head, ...packages.map(({ name, version, licence, part, text }) => `${'='.repeat(80)}\n${name} ${version} (${licence}): ${part}\n${'='.repeat(80)}\n\n${text}`)].join('\n');
}

/** The list as the repository holds it. */
export function thirdPartyPage(packages: readonly ShippedPackage[]): string {
  const rows = packages.map(({ name, version, licence, part }) => `| ${name} | ${version} | ${licence} | ${part} |`);
  return `# Third parties

What of others reaches readers. The site has the same list with the texts of the licences at \`/licences.txt\`. \`npm run licences\` writes this page; a test misses a package that it does not name.
PGlite holds PostgreSQL, under the [PostgreSQL Licence](https://www.postgresql.org/about/licence/).

| package | version | licence | what of it |
|---|---|---|---|
${rows.join('\n')}
`;
}

function described(root: string, name: string): Described {
  return JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as Described;
}

/** A file, or a folder of several. @throws where a package came without one */
function licenceText(root: string, name: string): string {
  const folder = join(root, 'node_modules', name);
  const place = readdirSync(folder).sort().find((each) => /^licen[cs]e(\.\w+)?$/i.test(each));
  if (place === undefined) throw new Error(`${name} came without its licence; src/integrations/shipped-packages.ts names it`);
  const path = join(folder, place);
  const texts = statSync(path).isFile() ? [path] : readdirSync(path).sort().map((each) => join(path, each));
  return texts.map((file) => `${readFileSync(file, 'utf8').replaceAll('\r\n', '\n').replaceAll(/[ \t]+$/gm, '').trim()}\n`).join('\n');
}
