import { fileURLToPath } from 'node:url';
import type { Loader, LoaderContext } from 'astro/loaders';
import { readCatalogue, readSurvey } from './files.ts';

/**
 * Checks the whole catalogue before the inner loader runs: Astro would stop at the first broken
 * entry, and does not notice a relation to a pattern that does not exist. A build fails; the dev
 * server keeps showing what it can, and src/integrations/live-checks.ts says what is wrong.
 */
export function checked(inner: Loader): Loader {
  return {
    name: 'checked-catalogue',
    async load(context) {
      const root = fileURLToPath(context.config.root);
      if (context.watcher === undefined) readCatalogue(root);
      await inner.load({ ...context, store: asStarlightShows(context.store) });
      // What a cache kept from before its status changed.
      for (const [id, entry] of context.store.entries()) if (entry.data['status'] === 'outline') context.store.delete(id);
    },
  };
}

/** Patterns whose page is still to be written, for those who know patterns without a page. */
export const outlines: Loader = {
  name: 'pattern-outlines',
  load: async (context) => {
    await fill(context);
    const again = (path: string): void => {
      if (/[\\/]content[\\/]docs[\\/]patterns[\\/].*\.mdx$/.test(path)) void fill(context);
    };
    context.watcher?.on('add', again).on('change', again).on('unlink', again);
  },
};

async function fill({ config, store, parseData, watcher }: LoaderContext): Promise<void> {
  const root = fileURLToPath(config.root);
  const { patterns } = watcher === undefined ? readCatalogue(root) : readSurvey(root);
  const known = patterns.filter(({ data }) => data.status === 'outline');
  for (const id of store.keys()) if (!known.some(({ slug }) => slug === id)) store.delete(id);
  for (const { slug, data } of known) store.set({ id: slug, data: await parseData({ id: slug, data }) });
}

/** An outline has no page yet, and Starlight would give it an empty one; a draft, and what another page took the place of, is neither searched nor anybody's neighbour. */
function asStarlightShows(store: LoaderContext['store']): LoaderContext['store'] {
  return {
    ...store,
    set: (entry) => {
      if (entry.data['status'] === 'outline') {
        // A draft that became an outline again is in the cache still.
        store.delete(entry.id);
        return false;
      }
      // bodyOf in entries.ts reads it from the page itself.
      const { body: _, ...lean } = entry;
      return store.set(/^(draft|superseded)$/.test(String(entry.data['status'])) ? { ...lean, data: { ...entry.data, pagefind: false, sidebar: { ...entry.data['sidebar'] as object, hidden: true } } } : lean);
    },
  };
}

/** Flat addresses over category folders: `patterns/resilience/x.mdx` is `/patterns/x/` for ever. `index.mdx` is the page of its folder. */
export function addressOf(entry: string): string {
  return entry.replace(/(?<=\/)index\.mdx?$|\.mdx?$/, '').replace(/\/$/, '').replace(/^patterns\/[^/]+\//, 'patterns/');
}
