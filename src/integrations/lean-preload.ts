/**
 * Vite's helper around `import()` is a request of every page, and most of it is for style sheets, which no module here
 * brings along (a test of the built site holds that). This one fetches what a module imports beside the module itself, and nothing else.
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
    load: { filter: { id: /^\0vite\/preload-helper\.js$/ }, handler: () => helper },
  };
}
