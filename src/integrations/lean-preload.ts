/**
 * Vite's helper around `import()` is a request of every page, and most of it is for style sheets, which no module here
 * brings along (a test of the built site holds that). This one fetches what a module imports beside the module itself, and nothing else.
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
  return {
    name: 'lean-preload',
    enforce: 'pre',
    configResolved: (config) => { base = config.base; },
    load: { filter: { id: /^\0vite\/preload-helper\.js$/ }, handler: () => helper(base) },
  };
}
