/**
 * Expressive Code asks of each file that changes whether its configuration imports it, and walks up to six modules far along
 * every way that leads there, as often as there are ways: on a graph like ours minutes in which the dev server answers nobody.
 * This asks each module once.
 */
import type { HmrContext, ModuleNode, Plugin } from 'vite';

const asking = 'vite-plugin-astro-expressive-code';

export function promptChanges(): Plugin {
  return {
    name: 'prompt-changes',
    apply: 'serve',
    configResolved({ plugins }) {
      const plugin = plugins.find(({ name }) => name === asking);
      if (plugin?.handleHotUpdate === undefined) throw new Error(`Expressive Code has no plugin ${asking} that looks at changes any more: see whether src/integrations/prompt-changes.ts is still needed`);
      plugin.handleHotUpdate = async ({ modules, server }: HmrContext) => {
        if (leadsTo(modules, '/ec.config.mjs')) await server.restart();
      };
    },
  };
}

/** Whether one of them is the file, or is imported by it by way of others. */
export function leadsTo(modules: readonly Pick<ModuleNode, 'url' | 'importers'>[], file: string): boolean {
  const seen = new Set(modules);
  for (const { url, importers } of seen) {
    if (url.split('?')[0]?.endsWith(file) === true) return true;
    for (const each of importers) seen.add(each);
  }
  return false;
}
