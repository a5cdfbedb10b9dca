/** What Starlight decides by frontmatter and configuration, we decide by the kind of page. */
import { defineRouteMiddleware } from '@astrojs/starlight/route-data';
import { contributionPages } from '../../catalogue/entries.ts';
import { pathFromRoot } from './path-from-root.ts';

export const onRequest = defineRouteMiddleware(async ({ locals }) => {
  const route = locals.starlightRoute;
  const { entry } = route;
  if (entry.data.kind === 'plain') {
    route.hasSidebar = false;
    route.toc = undefined;
    route.editUrl = undefined;
    route.lastUpdated = undefined;
    route.pagination = { prev: undefined, next: undefined };
    entry.data.pagefind = false;
  }
  // The 404 page answers at every address and has none of its own.
  if (route.id === '404') {
    route.head = route.head.filter(({ attrs }) => attrs?.['rel'] !== 'canonical' && attrs?.['property'] !== 'og:url');
  }
  // Guides stand in their own order beside the page.
  if (entry.data.kind === 'guide') route.pagination = { prev: undefined, next: undefined };
  // So do pages that tell how to contribute, and are read one after the other.
  if (entry.data.kind === 'contribution') {
    const way = await contributionPages();
    const place = way.findIndex(({ id }) => id === entry.id);
    const [prev, next] = [way[place - 1], way[place + 1]].map((page) => (page === undefined || place < 0 ? undefined
      : { type: 'link' as const, label: page.data.title, href: page.address, isCurrent: false, badge: undefined, attrs: {} }));
    route.pagination = { prev, next };
  }
  // The sidebar of the configuration only fills "previous" and "next", which stay among pages of one kind.
  const start = `/${route.id.split('/')[0]}/`;
  for (const side of ['prev', 'next'] as const) {
    if (!pathFromRoot(route.pagination[side]?.href ?? '').startsWith(start)) route.pagination[side] = undefined;
  }
});
