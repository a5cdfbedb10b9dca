/**
 * While the site is built, `import.meta.glob('…', { query: '?raw', import: 'default', eager: true })` reads each file when its text is
 * asked for. The bundler would make a module of each, ten a pattern, and keep them all.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';
import { pathBelow } from '../catalogue/path-below.ts';

const glob = /import\.meta\.glob\('([^']+)', \{ query: '\?raw', import: 'default', eager: true \}\)/;

export function textsFromDisk(): Plugin {
  return {
    name: 'texts-from-disk',
    apply: 'build',
    enforce: 'pre',
    applyToEnvironment: ({ name }) => name !== 'client',
    transform: {
      filter: { id: /\/src\/components\/[^/]+\.ts$/, code: glob },
      handler(code, id) {
        const folder = `/${dirname(pathBelow(process.cwd(), id))}`;
        return { code: `import { textsOf } from '/src/integrations/texts-from-disk.ts';\n${code.replace(glob, `textsOf('$1', '${folder}')`)}`, map: null };
      },
    },
  };
}

/** @param pattern from the root of the repository with a slash, else from `folder` @returns texts by the names that Vite gives them, in its order */
export function textsOf(pattern: string, folder: string, root = process.cwd()): Record<string, string> {
  const base = pattern.startsWith('/') ? '/' : folder;
  const names = globSync(pattern.replace(/^\.?\//, ''), { cwd: join(root, base) }).map((name) => name.replaceAll('\\', '/')).sort();
  return Object.defineProperties({}, Object.fromEntries(names.map((name) => [`${pattern.startsWith('/') ? '/' : './'}${name}`, {
    enumerable: true,
    get: () => readFileSync(join(root, base, name), 'utf8'),
  }])));
}
