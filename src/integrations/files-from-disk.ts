/**
 * While the site is built, what components gather by `import.meta.glob` comes from the disk when it is asked for: texts with `?raw`
 * are read, and TypeScript that only the build runs is left to Node. The bundler would make a module of each file, and keep them all.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'vite';
import { pathBelow } from '../catalogue/path-below.ts';

const texts = /import\.meta\.glob\('([^']+)', \{ query: '\?raw', import: 'default', eager: true \}\)/;
const modules = /import\.meta\.glob<\w+>\('([^']+)'\)/;

export function filesFromDisk(): Plugin {
  return {
    name: 'files-from-disk',
    apply: 'build',
    enforce: 'pre',
    applyToEnvironment: ({ name }) => name !== 'client',
    transform: {
      filter: { id: /\/src\/components\/[^/]+\.ts$/, code: /import\.meta\.glob/ },
      handler(code, id) {
        const folder = `/${dirname(pathBelow(process.cwd(), id))}`;
        const changed = code.replace(texts, `textsOf('$1', '${folder}')`).replace(modules, `modulesOf('$1', '${folder}')`);
        return changed === code ? null : { code: `import { modulesOf, textsOf } from '/src/integrations/files-from-disk.ts';\n${changed}`, map: null };
      },
    },
  };
}

/** @param pattern from the root of the repository with a slash, else from `folder` @returns texts by the names that Vite gives them, in its order */
export function textsOf(pattern: string, folder: string, root = process.cwd()): Record<string, string> {
  return Object.defineProperties({}, Object.fromEntries(named(pattern, folder, root).map(([name, path]) => [name, { enumerable: true, get: () => readFileSync(path, 'utf8') }])));
}

/** The same for what a file exports: TypeScript without anything that Node could not take out. */
export function modulesOf(pattern: string, folder: string, root = process.cwd()): Record<string, () => Promise<unknown>> {
  return Object.fromEntries(named(pattern, folder, root).map(([name, path]) => [name, () => import(/* @vite-ignore */ pathToFileURL(path).href)]));
}

function named(pattern: string, folder: string, root: string): [name: string, path: string][] {
  const isFromRoot = pattern.startsWith('/');
  const base = join(root, isFromRoot ? '/' : folder);
  return globSync(pattern.replace(/^\.?\//, ''), { cwd: base }).map((path) => path.replaceAll('\\', '/')).sort().map((path) => [`${isFromRoot ? '/' : './'}${path}`, join(base, path)]);
}
