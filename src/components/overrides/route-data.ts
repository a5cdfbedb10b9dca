/** What Starlight decides by frontmatter and configuration, we decide by the kind of page. */
import { defineRouteMiddleware } from '@astrojs/starlight/route-data';

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
  // The sidebar of the configuration only fills "previous" and "next", which stay among pages of one kind.
  const start = `/${route.id.split('/')[0]}/`;
  for (const side of ['prev', 'next'] as const) {
    if (route.pagination[side]?.href.startsWith(start) !== true) route.pagination[side] = undefined;
  }
});
