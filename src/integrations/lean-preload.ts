/**
 * Vite's helper around `import()` is a request of every page, and most of it is for style sheets, which no module here
 * brings along (a test of the built site holds that). This one fetches what a module imports beside the module itself,
 * and is small enough to stand in every script that needs it.
 */
import type { Plugin } from 'vite';

const helper = `const seen = new Set();
export const __vitePreload = (load, files = []) => {
  for (const file of files) {
    if (seen.has(file)) continue;
    seen.add(file);
    const link = document.createElement('link');
    link.rel = 'modulepreload';
    link.href = '/' + file;
    document.head.append(link);
  }
  return load();
};`;

export function leanPreload(): Plugin {
  return {
    name: 'lean-preload',
    enforce: 'pre',
    // A module for each importer, so that none is shared and becomes a file.
    resolveId: { filter: { id: /^\0vite\/preload-helper\.js$/ }, handler: (_, importer) => `\0lean-preload/${encodeURIComponent(importer ?? '')}.js` },
    load: { filter: { id: /^\0lean-preload\// }, handler: () => helper },
  };
}
