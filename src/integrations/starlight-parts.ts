/**
 * Starlight's page imports its own sheets and a script by name and offers no option to leave them out.
 * Ours replace them: 21 KB of tokens, asides and print rules become 6 KB, and the memory of a
 * collapsible sidebar and the classes of its own chrome, which we do not have, are dropped.
 */
import { fileURLToPath } from 'node:url';
import { normalizePath } from 'vite';
import type { Plugin } from 'vite';

const styles = new URL('../styles/', import.meta.url);
/** As Vite names files on every system. */
const sheet = (name: string): string => normalizePath(fileURLToPath(new URL(name, styles)));
const replacements: [ending: string, replacement: string][] = [
  ['/style/props.css', sheet('starlight.css')],
  ['/style/asides.css', sheet('asides.css')],
  ['/style/print.css?url&no-inline', `${sheet('print.css')}?url&no-inline`],
  ['/style/util.css', '\0nothing'],
  ['/components-internals/SidebarPersistState', '\0nothing'],
];

const darkByDefault = /['"]data-theme['"]: ['"]dark['"]/;

export function starlightParts(): Plugin {
  return {
    name: 'starlight-parts',
    enforce: 'pre',
    resolveId: {
      filter: { id: /style\/(props|asides|print|util)\.css|SidebarPersistState/ },
      handler(source, importer) {
        if (importer?.includes('starlight') !== true) return;
        return replacements.find(([ending]) => source.endsWith(ending))?.[1];
      },
    },
    load: { filter: { id: /^\0nothing$/ }, handler: () => 'export {};' },
    // Without JavaScript a page keeps the theme that stands in its HTML: paper, not Starlight's dark one.
    transform: {
      filter: { id: /starlight\/dist\/components\/Page\.astro$/ },
      handler(code) {
        if (!darkByDefault.test(code)) throw new Error('Starlight\'s Page.astro no longer sets data-theme="dark"; expected it in src/integrations/starlight-parts.ts');
        return { code: code.replace(darkByDefault, '"data-theme": "light"'), map: null };
      },
    },
  };
}
