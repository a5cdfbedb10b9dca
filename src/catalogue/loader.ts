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
    },
  };
}

function reportViolations(root: string, logger: LoaderContext['logger']): void {
  try {
    readCatalogue(root);
  } catch (error) {
    if (!(error instanceof CatalogueError)) throw error;
    logger.error(error.message);
  }
}

/** Flat addresses over category folders: `patterns/resilience/x.mdx` is `/patterns/x/` for ever. */
export function addressOf(entry: string): string {
  return entry.replace(/\.mdx?$/, '').replace(/^patterns\/[^/]+\//, 'patterns/');
}
