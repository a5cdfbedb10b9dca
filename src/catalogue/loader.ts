import { fileURLToPath } from 'node:url';
import type { Loader } from 'astro/loaders';
import { readCatalogue } from './files.ts';
import { CatalogueError } from './violations.ts';

/**
 * Checks the whole catalogue before the inner loader runs: Astro would stop at the first broken
 * entry, and does not notice a relation to a pattern that does not exist. While the dev server
 * runs, problems are logged after each change and the last good page stays.
 */
export function checked(inner: Loader): Loader {
  return {
    name: 'checked-catalogue',
    async load(context) {
      const root = fileURLToPath(context.config.root);
      readCatalogue(root);
      context.watcher?.on('change', (path) => {
        if (!/[\\/]content[\\/].*\.(mdx|yaml)$/.test(path)) return;
        try {
          readCatalogue(root);
        } catch (error) {
          if (!(error instanceof CatalogueError)) throw error;
          context.logger.error(error.message);
        }
      });
      await inner.load(context);
    },
  };
}

/** Flat addresses over category folders: `patterns/resilience/x.mdx` is `/patterns/x/` for ever. */
export function addressOf(entry: string): string {
  return entry.replace(/\.mdx?$/, '').replace(/^patterns\/[^/]+\//, 'patterns/');
}
