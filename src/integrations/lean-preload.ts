/**
 * Vite's helper around `import()` is a request of every page, and most of it is for style sheets, which no module here
 * brings along (a test of the built site holds that). This one fetches what a module imports beside the module itself, and nothing else;
 * what whoever asks has imported already is not listed.
 */
import type { Plugin } from 'vite';

const helper = (base: string): string => `export const __vitePreload = (load, files = []) => {
  for (const file of files) {
    const href = ${JSON.stringify(base)} + file;
    document.querySelector('link[href="' + href + '"]') ?? document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href }));
  }
  return load();
};`;

export function leanPreload(): Plugin {
  let base = '/';
  /** What a file of the bundle imports, by its name. */
  const imports = new Map<string, readonly string[]>();
  return {
    name: 'lean-preload',
    enforce: 'pre',
    config: () => ({ build: { modulePreload: { resolveDependencies: (_, needed, { hostId }) => beyond(imports, hostId, needed) } } }),
    configResolved: (config) => { base = config.base; },
    load: { filter: { id: /^\0vite\/preload-helper\.js$/ }, handler: () => helper(base) },
    generateBundle: {
      order: 'pre',
      handler(_, bundle) {
        for (const part of Object.values(bundle)) if (part.type === 'chunk') imports.set(part.fileName, part.imports);
      },
    },
  };
}

/** Without what `host` imports, by way of others too; a module alone needs no list. @param needed the module that is asked for, and what it imports */
export function beyond(imports: ReadonlyMap<string, readonly string[]>, host: string, needed: readonly string[]): string[] {
  const there = new Set([host]);
  for (const file of there) for (const each of imports.get(file) ?? []) there.add(each);
  const missing = needed.filter((file) => !there.has(file));
  return missing.length > 1 ? missing : [];
}
