import { fileURLToPath } from 'node:url';
import type { Loader, LoaderContext } from 'astro/loaders';
import { readCatalogue } from './files.ts';
import { CatalogueError } from './violations.ts';

/**
 * Checks the whole catalogue before the inner loader runs: Astro would stop at the first broken
 * entry, and does not notice a relation to a pattern that does not exist. A build fails; the dev
 * server says what is wrong, after each change too, and keeps showing what it can.
 */
export function checked(inner: Loader): Loader {
  return {
    name: 'checked-catalogue',
    async load(context) {
      const root = fileURLToPath(context.config.root);
      if (context.watcher === undefined) readCatalogue(root);
      else {
        const report = (path: string): void => {
          if (/[\\/]content[\\/].*\.(mdx|yaml)$/.test(path)) reportViolations(root, context.logger);
        };
        context.watcher.on('add', report).on('change', report).on('unlink', report);
        reportViolations(root, context.logger);
      }
      await inner.load(context);
      // An outline has no page yet; Starlight would give it an empty one.
      for (const [id, entry] of context.store.entries()) if (entry.data['status'] === 'outline') context.store.delete(id);
    },
  };
}

/** Patterns whose page is still to be written, for those who know patterns without a page. */
export const outlines: Loader = {
  name: 'pattern-outlines',
  load: async ({ config, store, parseData }) => {
    store.clear();
    for (const { slug, data } of readCatalogue(fileURLToPath(config.root)).patterns) {
      if (data.status === 'outline') store.set({ id: slug, data: await parseData({ id: slug, data }) });
    }
  },
};

function reportViolations(root: string, logger: LoaderContext['logger']): void {
  try {
    readCatalogue(root);
  } catch (error) {
    if (!(error instanceof CatalogueError)) throw error;
    logger.error(error.message);
  }
}

/** Flat addresses over category folders: `patterns/resilience/x.mdx` is `/patterns/x/` for ever. `index.mdx` is the page of its folder. */
export function addressOf(entry: string): string {
  return entry.replace(/(?<=\/)index\.mdx?$|\.mdx?$/, '').replace(/\/$/, '').replace(/^patterns\/[^/]+\//, 'patterns/');
}
