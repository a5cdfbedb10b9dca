/** What Starlight decides by frontmatter and configuration, we decide by the kind of page. */
import { defineRouteMiddleware } from '@astrojs/starlight/route-data';
import { pathFromRoot } from './path-from-root.ts';

export const onRequest = defineRouteMiddleware(({ locals }) => {
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
  // The sidebar of the configuration only fills "previous" and "next", which stay among pages of one kind.
  const start = `/${route.id.split('/')[0]}/`;
  for (const side of ['prev', 'next'] as const) {
    if (!pathFromRoot(route.pagination[side]?.href ?? '').startsWith(start)) route.pagination[side] = undefined;
  }
});
