/** Puts the stops before and after this one in the place of the neighbours in the category, for who came from a guide. */
import { fromRoot } from './from-root.ts';
import { link, node } from './nodes.ts';

/** What `/guides/<slug>/stops.json` holds. */
interface Guide { title: string; path: string; stops: { title: string; path: string }[] }

export async function followGuide(): Promise<void> {
  const place = document.querySelector('.page-footer');
  const slug = /\/guides\/([a-z0-9-]+)\/$/.exec(document.referrer)?.[1] ?? sessionStorage['guide'] as string | undefined;
  if (slug === undefined) return;
  const answer = location.pathname.includes('/patterns/') ? await fetch(fromRoot(`/guides/${slug}/stops.json`)) : undefined;
  const guide = answer?.ok === true ? await answer.json() as Guide : undefined;
  const at = guide?.stops.findIndex(({ path }) => fromRoot(path) === location.pathname) ?? -1;
  const from = document.referrer === '' ? '' : new URL(document.referrer).pathname;
  const isFollowed = guide !== undefined && at >= 0 && [guide.path, ...guide.stops.map(({ path }) => path)].some((path) => fromRoot(path) === from);
  if (!isFollowed || place === null) return void delete sessionStorage['guide'];
  sessionStorage['guide'] = slug;
  const steps = [
    { rel: 'prev', word: 'Previous', stop: guide.stops[at - 1] },
    { rel: 'next', word: 'Next', stop: guide.stops[at + 1] ?? { title: 'Back to the guide', path: guide.path } },
  ];
  const nav = node('nav', 'steps print-hidden', ...steps.flatMap(({ rel, word, stop }) => (stop === undefined ? [] : [step(rel, `${word} in “${guide.title}”`, stop)])));
  nav.setAttribute('aria-label', 'Along the guide');
  place.querySelector('.steps')?.remove();
  place.prepend(nav);
}

function step(rel: string, word: string, { title, path }: Guide['stops'][number]): HTMLAnchorElement {
  const anchor = link(path, '');
  anchor.rel = rel;
  anchor.append(node('small', '', word), node('span', '', title));
  return anchor;
}
