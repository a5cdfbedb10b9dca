/** What Starlight decides by frontmatter and configuration, we decide by the kind of page. */
import { defineRouteMiddleware } from '@astrojs/starlight/route-data';
import type { StarlightRouteData } from '@astrojs/starlight/route-data';
import { contributionPages, listedPatterns, listedProblems } from '../../catalogue/entries.ts';

export const onRequest = defineRouteMiddleware(async ({ locals }) => {
  const route = locals.starlightRoute;
  const { entry } = route;
  if (entry.data.kind === 'plain') {
    route.hasSidebar = false;
    route.toc = undefined;
    route.editUrl = undefined;
    route.lastUpdated = undefined;
    entry.data.pagefind = false;
  }
  // The 404 page answers at every address and has none of its own.
  if (route.id === '404') {
    route.head = route.head.filter(({ attrs }) => attrs?.['rel'] !== 'canonical' && attrs?.['property'] !== 'og:url');
  }
  route.pagination = neighbours(entry.id, await wayOf(entry.data));
});

interface Stop { address: string; data: { title: string } }

/** What is read one after the other, as the sidebar lists it: the patterns of a category, the problems of a group, what tells how to contribute. Guides stand beside the page in an order of their own. */
async function wayOf(data: StarlightRouteData['entry']['data']): Promise<readonly Stop[]> {
  if (data.kind === 'pattern') return (await listedPatterns()).filter((page) => page.data.category === data.category);
  if (data.kind === 'problem') return (await listedProblems()).filter((page) => page.data.group === data.group);
  return data.kind === 'contribution' ? contributionPages() : [];
}

function neighbours(id: string, way: readonly Stop[]): StarlightRouteData['pagination'] {
  const place = way.findIndex(({ address }) => address === `/${id}/`);
  const [prev, next] = [way[place - 1], way[place + 1]].map((page) => (page === undefined || place < 0 ? undefined
    : { type: 'link' as const, label: page.data.title, href: page.address, isCurrent: false, badge: undefined, attrs: {} }));
  return { prev, next };
}
